import { describe, expect, it } from "vitest";
import { seededRandom } from "../seeding.ts";
import { continuousThrottle, discreteThrottle, type Exhaust, OFF, type Throttle } from "./engines.ts";
import { Flight } from "./flight.ts";
import { groundAt, PAD } from "./moon.ts";
import { LUNAR_LANDER_DEFAULTS } from "./options.ts";
import type { Body } from "./physics.ts";
import { windAt } from "./wind.ts";

const flight = (seed: number, options = {}) => new Flight({ ...LUNAR_LANDER_DEFAULTS, ...options }, seededRandom(seed));
const bodies = ({ craft: { hull, legs } }: Flight): Body[] => [hull, ...legs];
/** Of hull and legs together [N·s]. */
const momentum = (of: Flight) =>
  (["x", "y"] as const).map((axis) => bodies(of).reduce((p, b) => p + b.getMass() * b.getLinearVelocity()[axis], 0));
const mass = (of: Flight) => bodies(of).reduce((m, body) => m + body.getMass(), 0);

/** How much a step changes the momentum, gravity aside. */
function impulse(of: Flight, throttle: Throttle): [number, number] {
  const before = momentum(of);
  of.step(throttle);
  const after = momentum(of);
  return [after[0]! - before[0]!, after[1]! - before[1]! + (10 / 50) * mass(of)];
}

describe("a flight", () => {
  it("has the masses of its outlines", () => {
    // 867 pixels² at density 5; legs 4 × 16 pixels at density 1.
    const [hull, ...legs] = bodies(flight(1)).map((body) => body.getMass());
    expect(hull).toBeCloseTo((5 * 867) / 900, 12);
    for (const leg of legs) expect(leg).toBeCloseTo(64 / 900, 12);
  });

  it("falls freely: its momentum changes by gravity alone", () => {
    const falling = flight(2);
    for (let t = 0; t < 30; t++) {
      const [x, y] = impulse(falling, OFF);
      expect(Math.abs(x)).toBeLessThan(1e-12);
      expect(Math.abs(y)).toBeLessThan(1e-12);
    }
    // In what is observed: 10 m/s² · 0.02 s, of 7.5 m/s; the legs have come to rest at the hull by then.
    const before = falling.state[3]!;
    falling.step(OFF);
    expect(falling.state[3]! - before).toBeCloseTo(-0.2 / 7.5, 3);
  });

  it("gets from an engine the opposite of what its exhaust takes along", () => {
    const sizes: number[] = [];
    for (const [action, engine] of [
      [2, "main"],
      [1, "side"],
      [3, "side"],
    ] as const) {
      for (let seed = 0; seed < 40; seed++) {
        const one = flight(seed);
        const [x, y] = impulse(one, discreteThrottle(action));
        const exhaust = one.exhausts.at(-1)![engine] as Exhaust;
        expect(x).toBeCloseTo(-exhaust.impulseX, 12);
        expect(y).toBeCloseTo(-exhaust.impulseY, 12);
        sizes.push(Math.hypot(x, y));
        // Upright still: the main engine pushes up, the left one to the left, where it makes the lander lean too.
        if (engine === "main") expect(y).toBeGreaterThan(0);
        else expect(Math.sign(x)).toBe(action - 2);
      }
    }
    // 13 · 4/30 and 0.6 · 12/30 N·s on average, with dispersion.
    const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
    expect(mean(sizes.slice(0, 40))).toBeCloseTo((13 * 4) / 30, 0);
    expect(mean(sizes.slice(40))).toBeCloseTo((0.6 * 12) / 30, 1);
    expect(Math.max(...sizes.slice(0, 40)) - Math.min(...sizes.slice(0, 40))).toBeGreaterThan(0.5);
  });

  it("throttles continuous actions as Gymnasium does", () => {
    const powers = (main: number, lateral: number) => Object.values(continuousThrottle(main, lateral));
    expect(powers(0, 0)).toEqual([0, 0, 0]);
    expect(powers(-1, 0.5)).toEqual([0, 0, 1]);
    expect(powers(0.001, -0.5)).toEqual([0.5005, 0, -1]);
    expect(powers(1, -0.75)).toEqual([1, 0.75, -1]);
    expect(powers(0.5, 1)).toEqual([0.75, 1, 1]);
    expect(powers(7, -9)).toEqual([1, 1, -1]);
  });

  it("is pushed by the wind, until a leg stands on the ground", () => {
    expect(windAt(0)).toBe(0);
    // 2kt = 1 and πkt = π/2; and odd.
    expect(windAt(50)).toBeCloseTo(Math.tanh(Math.sin(1) + 1), 14);
    expect(windAt(-50)).toBe(-windAt(50));

    const blown = flight(3, { enableWind: true });
    // The strengths of consecutive steps are those of consecutive times: the start is found by the first two.
    const pushes = Array.from({ length: 40 }, () => impulse(blown, OFF)[0] / (15 / 50));
    const starts = Array.from({ length: 20_000 }, (_, i) => i - 10_000);
    const found = starts.filter((start) => pushes.every((push, t) => Math.abs(windAt(start + t) - push) < 1e-9));
    expect(found).toHaveLength(1);
    expect(Math.abs(impulse(flight(3), OFF)[0])).toBeLessThan(1e-12);

    const standing = flight(3, { enableWind: true });
    standing.state[6] = 1;
    expect(Math.abs(impulse(standing, OFF)[0])).toBeLessThan(1e-12);
  });

  it("stands above ground that is flat between the flags", () => {
    const { terrain } = flight(4);
    expect(terrain).toHaveLength(11);
    for (const x of [PAD.left, 10, PAD.right]) expect(groundAt(terrain, x)).toBeCloseTo(0.99 * PAD.y, 12);
    expect([PAD.left, PAD.right]).toEqual([8, 12]);
    expect(new Set(terrain).size).toBeGreaterThan(7);
    for (const y of terrain) expect(y >= 0 && y < 400 / 60).toBe(true);
    expect(groundAt(terrain, -5)).toBe(terrain[0]);
    expect(groundAt(terrain, 25)).toBe(terrain[10]);
    expect(groundAt(terrain, 1)).toBeCloseTo((terrain[0]! + terrain[1]!) / 2, 12);
  });
});
