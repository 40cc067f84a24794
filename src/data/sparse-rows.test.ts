import { describe, expect, it } from "vitest";
import { Key } from "../random/index.ts";
import { SparseRows } from "./sparse-rows.ts";

describe("rows that are almost all 0", () => {
  const width = 500;
  const random = Key.fromSeed(1).stream();
  const all = Float32Array.from({ length: 3000 * width }, () => (random.integer(20) === 0 ? random.normal() : 0));

  it("come back as they were, in any order and number", () => {
    const rows = new SparseRows();
    for (let from = 0; from < all.length; from += 30 * width) rows.add(all.subarray(from, from + 30 * width), width);
    expect(rows.count).toBe(3000);
    const out = new Float32Array(4 * width).fill(7);
    rows.gather(Int32Array.of(2999, 0, 1700), width, out);
    for (const [i, row] of [2999, 0, 1700].entries()) {
      expect(out.slice(i * width, (i + 1) * width)).toEqual(all.slice(row * width, (row + 1) * width));
    }
    // What is beyond the rows asked for stays.
    expect(out.slice(3 * width)).toEqual(new Float32Array(width).fill(7));
    expect(rows.bytes).toBeLessThan(all.byteLength / 2);
  });

  it("begin anew when they are cleared, with what is not a number too", () => {
    const rows = new SparseRows();
    rows.add(Float32Array.of(1, 2, 0), 3);
    rows.clear();
    rows.add(Float32Array.of(0, 0, 0, Number.NaN, 0, -3), 3);
    const out = new Float32Array(6);
    rows.gather(Int32Array.of(0, 1), 3, out);
    expect([...out]).toEqual([0, 0, 0, Number.NaN, 0, -3]);
    rows.add(Float32Array.of(1, 2, 3, 4, 5, 6), 3, [0, 2]);
    rows.gather(Int32Array.of(2, 3), 3, out);
    expect([...out]).toEqual([0, 0, 0, 4, 5, 6]);
  });
});
