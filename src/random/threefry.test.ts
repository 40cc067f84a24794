import { describe, expect, it } from "vitest";
import { block, threefry2x32 } from "./threefry.ts";
import { threefryFill } from "./threefry-fill.ts";

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, "0");

function encrypt(k0: number, k1: number, c0: number, c1: number): string {
  threefry2x32(k0, k1, c0, c1);
  return `${hex(block[0])} ${hex(block[1])}`;
}

describe("Threefry-2x32-20", () => {
  it("gives the published answers (Random123, kat_vectors)", () => {
    expect(encrypt(0, 0, 0, 0)).toBe("6b200159 99ba4efe");
    expect(encrypt(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff)).toBe("1cb996fc bb002be7");
    expect(encrypt(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3)).toBe("c4923a9c 483df7a0");
  });

  it("the published answers depend on every bit of key and counter", () => {
    const plain = encrypt(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3);
    for (let bit = 0; bit < 32; bit++) {
      const flip = 1 << bit;
      expect(encrypt(0x13198a2e ^ flip, 0x03707344, 0x243f6a88, 0x85a308d3)).not.toBe(plain);
      expect(encrypt(0x13198a2e, 0x03707344 ^ flip, 0x243f6a88, 0x85a308d3)).not.toBe(plain);
      expect(encrypt(0x13198a2e, 0x03707344, 0x243f6a88 ^ flip, 0x85a308d3)).not.toBe(plain);
      expect(encrypt(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3 ^ flip)).not.toBe(plain);
    }
  });

  it("one flipped input bit flips half of the output bits", () => {
    // 4000 × 64 output bits, each flipped with probability 1/2: 128 000 ± 253, and 6 standard deviations.
    let flipped = 0;
    for (let i = 0; i < 4000; i++) {
      threefry2x32(1, 2, i, 0);
      const [a, b] = block;
      threefry2x32(1, 2, i ^ (1 << (i & 31)), 0);
      for (let word = (a ^ block[0]) >>> 0; word !== 0; word = (word & (word - 1)) >>> 0) flipped++;
      for (let word = (b ^ block[1]) >>> 0; word !== 0; word = (word & (word - 1)) >>> 0) flipped++;
    }
    expect(Math.abs(flipped - 128_000)).toBeLessThan(6 * 253);
  });

  it("the bulk form gives the same words, over the carry of the counter too", () => {
    const out = new Int32Array(64);
    for (const blocks of [1, 2, 3, 7, 32]) {
      for (const c0 of [0, 5, 0x7fffffff, 0xfffffffd, 0xffffffff]) {
        threefryFill(7, 9, c0, 0xffffffff, out, blocks);
        for (let i = 0; i < blocks; i++) {
          const low = c0 + i;
          threefry2x32(7, 9, low, low > 0xffffffff ? 0 : 0xffffffff);
          expect([out[2 * i], out[2 * i + 1]]).toEqual([block[0], block[1]]);
        }
      }
    }
  });
});
