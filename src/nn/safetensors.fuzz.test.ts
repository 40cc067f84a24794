import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fileOf } from "../../test/support/safetensors.ts";
import { FormatError } from "../errors.ts";
import { parseHeaderJson } from "./header-json.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";

/** Reading either succeeds or refuses with a FormatError; anything else (a TypeError, a hang) fails the test. */
function readsOrRefuses(bytes: Uint8Array): boolean {
  try {
    readSafetensors(bytes);
    return true;
  } catch (error) {
    if (error instanceof FormatError && error.message.length < 1000 && error.field !== undefined) return false;
    throw error;
  }
}

describe("readSafetensors under fuzzing", () => {
  const seedFile = writeSafetensors(
    {
      "pi.0.weight": { dtype: "F32", shape: [2, 3], data: new Float32Array([1, -2, 3, 0.5, 0, 9]) },
      mask: { dtype: "BOOL", shape: [3], data: new Uint8Array([1, 0, 1]) },
      step: { dtype: "I64", shape: [], data: new BigInt64Array([20_000n]) },
      none: { dtype: "F64", shape: [0, 4], data: new Float64Array() },
    },
    { format: "limpid", config: '{"gamma":0.99}' },
  );
  const headerEnd = 8 + Number(new DataView(seedFile.buffer).getBigUint64(0, true));

  it("is given a file that reads", () => expect(readsOrRefuses(seedFile)).toBe(true));

  it("refuses every truncation", () => {
    for (let length = 0; length < seedFile.length; length++) {
      expect(readsOrRefuses(seedFile.subarray(0, length))).toBe(false);
    }
  });

  it("reads or refuses every file with one byte changed", () => {
    let refused = 0;
    for (let at = 0; at < headerEnd; at++) {
      for (const byte of [0, 0x20, 0x22, 0x2c, 0x2d, 0x30, 0x39, 0x5b, 0x5c, 0x65, 0x7b, 0x7d, 0x80, 0xff]) {
        const bytes = seedFile.slice();
        bytes[at] = byte;
        if (!readsOrRefuses(bytes)) refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(headerEnd);
  });

  it("reads or refuses random edits: bytes replaced, removed and inserted", () => {
    const edit = fc.record({
      at: fc.nat({ max: seedFile.length }),
      remove: fc.nat({ max: 20 }),
      insert: fc.oneof(
        fc.uint8Array({ maxLength: 8 }),
        fc
          .constantFrom(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            '"',
            "\\",
            "\\u0000",
            "-1",
            "1e9",
            "99999999999999999999",
            "null",
            "__proto__",
            '"a":{}',
          )
          .map((text) => new TextEncoder().encode(text)),
      ),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 5 }), fc.boolean(), (edits, fixSize) => {
        const bytes = Array.from(seedFile);
        for (const { at, remove, insert } of edits) bytes.splice(at, remove, ...insert);
        const file = Uint8Array.from(bytes);
        // With the size corrected, edits reach the checks behind it.
        if (fixSize && file.length >= 8) {
          const size = Math.max(0, headerEnd - 8 + file.length - seedFile.length);
          new DataView(file.buffer).setBigUint64(0, BigInt(size), true);
        }
        readsOrRefuses(file);
      }),
      { numRuns: 3000 },
    );
  });

  it("reads or refuses headers that are valid JSON of the wrong kind", () => {
    const leaf = fc.oneof(
      fc.integer({ min: -2, max: 40 }),
      fc.double(),
      fc.constantFrom("F32", "U8", "BOOL", "", "__proto__", null, true, 2 ** 53, 1e308),
    );
    const description = fc.record(
      {
        dtype: fc.oneof(fc.constantFrom("F32", "U8", "I64", "BOOL"), leaf),
        shape: fc.oneof(fc.array(fc.nat({ max: 4 }), { maxLength: 3 }), fc.array(leaf, { maxLength: 3 }), leaf),
        data_offsets: fc.oneof(fc.tuple(fc.nat({ max: 24 }), fc.nat({ max: 24 })), fc.array(leaf), leaf),
      },
      { requiredKeys: [] },
    );
    const header = fc.dictionary(fc.oneof(fc.string(), fc.constant("__metadata__")), fc.oneof(description, leaf));
    fc.assert(
      fc.property(header, fc.uint8Array({ maxLength: 24, max: 1 }), (object, bytes) => {
        readsOrRefuses(fileOf(JSON.stringify(object), bytes));
      }),
      { numRuns: 3000 },
    );
  });

  it("accepts no header that JSON.parse would read differently", () => {
    const text = fc.array(
      fc.constantFrom('{"', '"', ":", ",", "{", "}", "[", "]", "0", "12", " ", "a", "\\n", '"b":'),
      {
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(text, (pieces) => {
        const json = `{${pieces.join("")}}`;
        let ours: unknown;
        try {
          ours = parseHeaderJson(json);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
          return;
        }
        expect(toPlain(ours)).toEqual(JSON.parse(json));
      }),
      { numRuns: 3000 },
    );
    function toPlain(value: unknown): unknown {
      if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, toPlain(item)]));
      return Array.isArray(value) ? value.map(toPlain) : value;
    }
  });
});
