import { describe, expect, it } from "vitest";
import { normalQuantile } from "./normal-quantile.ts";

describe("normalQuantile", () => {
  it("gives values computed with 120 bits, in the middle, both tails and at the ends", () => {
    const table = [
      [0.425, 1.439531470938456],
      [0.475, 1.9599639845400538],
      [-0.25, -0.6744897501960817],
      [-0.499, -3.090232306167813],
      [2 ** -33 - 0.5, -6.3379577545537895],
      [2 ** -54 - 0.5, -8.292361075813595],
      [0, 0],
    ];
    for (const [q, z] of table) expect(Math.abs(normalQuantile(q) - z)).toBeLessThanOrEqual(2e-15 * Math.abs(z));
  });

  it("is an odd, increasing function to the last bit, across the joints of its three pieces too", () => {
    let previous = Number.NEGATIVE_INFINITY;
    for (let i = -4095; i <= 4095; i++) {
      const z = normalQuantile(i / 8192);
      expect(z).toBeGreaterThan(previous);
      expect(normalQuantile(-i / 8192) + z).toBe(0);
      previous = z;
    }
    // The far tail begins where p = e^-25.
    const joint = 1.3887943864964021e-11;
    for (let p = joint * 0.9; p < joint * 1.1; p += joint * 0.001) {
      const z = normalQuantile(p - 0.5);
      expect(normalQuantile(p - 0.5 + 2 ** -43)).toBeGreaterThan(z);
    }
  });
});
