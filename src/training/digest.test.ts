import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { SavedArray } from "../algorithms/algorithm.ts";
import { arraysSha256 } from "./digest.ts";

const a: SavedArray = { dtype: "F32", shape: [2, 1], data: Float32Array.of(1, -2) };
const b: SavedArray = { dtype: "F64", shape: [], data: Float64Array.of(0) };

describe("arraysSha256", () => {
  it("is the SHA-256 of names, dtypes, shapes and bytes in the order of the names", () => {
    const bytes = Buffer.concat([
      Buffer.from("a\0F32\x002,1\0"),
      Buffer.from([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]),
      Buffer.from("b\0F64\0\0"),
      Buffer.alloc(8),
    ]);
    expect(arraysSha256({ a, b })).toBe(createHash("sha256").update(bytes).digest("hex"));
    expect(arraysSha256({ b, a })).toBe(arraysSha256({ a, b }));
  });

  it("tells apart whatever differs, down to the sign of zero", () => {
    const others: Record<string, SavedArray>[] = [
      { a },
      { a, c: b },
      { a, b: { ...b, data: Float64Array.of(-0) } },
      { a, b: { ...b, shape: [1] } },
      { a: { ...a, shape: [1, 2] }, b },
      { a: { ...a, dtype: "U32", data: new Uint32Array((a.data as Float32Array).buffer) }, b },
    ];
    const digests = [{ a, b }, ...others].map((arrays) => arraysSha256(arrays));
    expect(new Set(digests).size).toBe(digests.length);
  });
});
