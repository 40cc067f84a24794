import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError } from "../errors.ts";
import type { Json } from "./env.ts";
import { type PackableArray, packArray, unpackArray } from "./packing.ts";

describe("packArray and unpackArray", () => {
  it("keep every bit, −0, NaN and infinities too, by way of JSON text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.float64Array(), fc.float32Array(), fc.int32Array(), fc.uint8Array()), (array) => {
        const original = array as PackableArray;
        const text = JSON.stringify(packArray(original));
        const copy = original.slice().fill(7) as PackableArray;
        unpackArray("copy", JSON.parse(text), copy);
        expect(copy).toEqual(original);
      }),
      { seed: 2 },
    );
    const special = Float64Array.of(-0, Number.NaN, Infinity, -Infinity, 5e-324);
    const copy = new Float64Array(5);
    unpackArray("copy", JSON.parse(JSON.stringify(packArray(special))), copy);
    expect(Array.from(copy, (x) => Object.is(x, -0) || x !== 0)).not.toContain(false);
    expect(copy).toEqual(special);
  });

  it("write base64 as everyone else", () => {
    for (let length = 0; length < 10; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => 250 - 37 * i);
      expect(packArray(bytes)).toEqual({ dtype: "Uint8Array", length, data: Buffer.from(bytes).toString("base64") });
    }
  });

  it("work on a view into a larger buffer", () => {
    const buffer = Float64Array.of(1, 2, 3, 4);
    expect(packArray(buffer.subarray(1, 3))).toEqual(packArray(Float64Array.of(2, 3)));
    unpackArray("view", packArray(Float64Array.of(8, 9)), buffer.subarray(1, 3));
    expect([...buffer]).toEqual([1, 8, 9, 4]);
  });

  it("refuse what does not fit and leave the target as it was", () => {
    const good = packArray(Float32Array.of(1, 2)) as Record<string, Json>;
    const data = good.data as string;
    for (const bad of [
      undefined,
      null,
      3,
      [],
      { ...good, dtype: "Float64Array" },
      { ...good, length: 3 },
      { ...good, data: data.slice(1) },
      { ...good, data: `${data}AAAA` },
      { ...good, data: `*${data.slice(1)}` },
      { ...good, data: `Ā${data.slice(1)}` },
      { ...good, data: data.replace("=", "*") },
      { ...good, data: `=${data.slice(1)}` },
      { ...good, data: 5 },
    ]) {
      const target = Float32Array.of(5, 6);
      expect(() => unpackArray("target", bad as Json, target)).toThrow(FormatError);
      expect([...target]).toEqual([5, 6]);
    }
  });
});
