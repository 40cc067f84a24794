import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fileOf } from "../../test/support/safetensors.ts";
import { ConfigError, FormatError, ShapeError } from "../errors.ts";
import { readSafetensors, type SafetensorsDtype, type SafetensorsTensor, writeSafetensors } from "./safetensors.ts";

const f32 = (name: string, shape: string, offsets: string) =>
  `"${name}":{"dtype":"F32","shape":${shape},"data_offsets":${offsets}}`;

it("readSafetensors takes bytes in any form, and says so where it is given a name", () => {
  const bytes = writeSafetensors({ w: { dtype: "F32", shape: [2], data: Float32Array.of(1, 2) } });
  const file = readSafetensors(bytes);
  expect(readSafetensors(bytes.slice().buffer)).toEqual(file);
  expect(readSafetensors(new DataView(bytes.slice().buffer) as never)).toEqual(file);
  for (const wrong of ["model.safetensors", undefined, Promise.resolve(bytes), [1, 2]]) {
    expect(() => readSafetensors(wrong as never)).toThrow(ConfigError);
    expect(() => readSafetensors(wrong as never)).toThrow(
      /^file must be the bytes of a file, not its name.*readFileSync/,
    );
  }
});

describe("writeSafetensors and readSafetensors", () => {
  const arrays = {
    F64: fc.float64Array({ maxLength: 12 }),
    F32: fc.float32Array({ maxLength: 12 }),
    F16: fc.uint16Array({ maxLength: 12 }),
    BF16: fc.uint16Array({ maxLength: 12 }),
    I64: fc.bigInt64Array({ maxLength: 12 }),
    I32: fc.int32Array({ maxLength: 12 }),
    I16: fc.int16Array({ maxLength: 12 }),
    I8: fc.int8Array({ maxLength: 12 }),
    U64: fc.bigUint64Array({ maxLength: 12 }),
    U32: fc.uint32Array({ maxLength: 12 }),
    U16: fc.uint16Array({ maxLength: 12 }),
    U8: fc.uint8Array({ maxLength: 12 }),
    BOOL: fc.uint8Array({ maxLength: 12, max: 1 }),
  } satisfies Record<SafetensorsDtype, fc.Arbitrary<SafetensorsTensor["data"]>>;
  const tensor: fc.Arbitrary<SafetensorsTensor> = fc
    .constantFrom(...(Object.keys(arrays) as SafetensorsDtype[]))
    .chain((dtype) =>
      fc.record({
        dtype: fc.constant(dtype),
        data: arrays[dtype] as fc.Arbitrary<SafetensorsTensor["data"]>,
        split: fc.integer({ min: 1, max: 4 }),
      }),
    )
    .map(({ dtype, data, split }) => ({
      dtype,
      data,
      shape: data.length === 1 ? [] : data.length % split === 0 ? [split, data.length / split] : [data.length],
    }));
  const name = fc
    .string({ unit: "grapheme" })
    .filter((text) => !["__proto__", "constructor", "prototype", "__metadata__"].includes(text));
  const tensors = fc.dictionary(name, tensor, { maxKeys: 6 });
  const metadata = fc.dictionary(name, fc.string({ unit: "grapheme" }), { maxKeys: 3 });

  it("gives back what was written, bit for bit, and writes the same bytes again", () => {
    fc.assert(
      fc.property(tensors, metadata, (given, notes) => {
        const bytes = writeSafetensors(given, notes);
        const read = readSafetensors(bytes);
        expect(Object.keys(read.tensors).sort()).toEqual(Object.keys(given).sort());
        for (const [key, expected] of Object.entries(given)) {
          const actual = read.tensors[key]!;
          expect([actual.dtype, actual.shape]).toEqual([expected.dtype, expected.shape]);
          expect(actual.data).toEqual(expected.data);
        }
        expect({ ...read.metadata }).toEqual({ ...notes });
        expect(writeSafetensors(given, notes)).toEqual(bytes);
      }),
      { numRuns: 300 },
    );
  });

  it("puts the data on 8 bytes and every tensor on a multiple of its element size", () => {
    fc.assert(
      fc.property(tensors, (given) => {
        const bytes = writeSafetensors(given);
        const size = Number(new DataView(bytes.buffer).getBigUint64(0, true));
        expect(size % 8).toBe(0);
        const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + size)));
        for (const [key, { data_offsets }] of Object.entries<{ data_offsets: number[] }>(header)) {
          expect(data_offsets[0]! % given[key]!.data.BYTES_PER_ELEMENT).toBe(0);
        }
      }),
    );
  });

  it("keeps NaN payloads, signed zeros and infinities", () => {
    const data = new Float32Array(new Uint32Array([0x7fc12345, 0x80000000, 0xff800000, 0x00000001]).buffer);
    const read = readSafetensors(writeSafetensors({ w: { dtype: "F32", shape: [4], data } })).tensors.w!;
    expect(new Uint32Array(read.data.buffer)).toEqual(new Uint32Array(data.buffer));
  });

  it("reads a file of the reference implementation", () => {
    const file = new URL("../../test/fixtures/safetensors-reference.json", import.meta.url);
    const fixture = JSON.parse(readFileSync(file, "utf8"));
    const read = readSafetensors(Buffer.from(fixture.base64, "base64"));
    expect({ ...read.metadata }).toEqual(fixture.metadata);
    expect(Object.keys(read.tensors).sort()).toEqual(Object.keys(fixture.tensors).sort());
    for (const [key, { shape, values }] of Object.entries<{ shape: number[]; values: string[] }>(fixture.tensors)) {
      const actual = read.tensors[key]!;
      expect(actual.shape).toEqual(shape);
      const expected = values.map((v) => (v === "True" ? "1" : v === "False" ? "0" : String(Number(v))));
      expect(Array.from(actual.data as ArrayLike<number>, (v) => String(Number(v)))).toEqual(expected);
    }
    expect(read.tensors.counts!.data).toEqual(new BigInt64Array([-(2n ** 62n), 7n]));
  });

  it("returns tensors that own their memory, also when it is given a Node Buffer or a view at an odd offset", () => {
    const written = writeSafetensors({ a: { dtype: "U8", shape: [2], data: new Uint8Array([5, 6]) } });
    for (const bytes of [Buffer.from(written), odd(written)]) {
      const { data } = readSafetensors(bytes).tensors.a!;
      bytes.fill(0);
      expect(data).toEqual(new Uint8Array([5, 6]));
      expect(data.buffer.byteLength).toBe(2);
    }
    function odd(source: Uint8Array): Uint8Array {
      const view = new Uint8Array(new ArrayBuffer(source.length + 3), 3);
      view.set(source);
      return view;
    }
  });

  it("returns objects without a prototype", () => {
    const { tensors, metadata } = readSafetensors(fileOf("{}"));
    expect([Object.getPrototypeOf(tensors), Object.getPrototypeOf(metadata)]).toEqual([null, null]);
    expect((tensors as Record<string, unknown>).toString).toBeUndefined();
  });
});

describe("writeSafetensors refuses", () => {
  const data = new Float32Array(4);
  const write = (tensor: object, key = "w", notes?: object) =>
    writeSafetensors({ [key]: { dtype: "F32", shape: [4], data, ...tensor } } as never, notes as never);

  it("a shape that is not the data's", () => {
    expect(() => write({ shape: [5] })).toThrow(ShapeError);
    expect(() => write({ shape: [5] })).toThrow('tensor "w" shape must be the shape of 4 elements; got [5]');
    expect(() => write({ shape: [-2, -2] })).toThrow(ShapeError);
    expect(() => write({ shape: [0.5, 8] })).toThrow(ShapeError);
  });
  it("a dtype that is unknown or not the array's", () => {
    expect(() => write({ dtype: "F31" })).toThrow(ConfigError);
    expect(() => write({ dtype: "toString" })).toThrow(ConfigError);
    expect(() => write({ dtype: "F64" })).toThrow(/must be a Float64Array for F64/);
    expect(() => write({ dtype: "BOOL", shape: [1], data: new Uint8Array([2]) })).toThrow(/0 or 1/);
  });
  it("names that a reader must refuse", () => {
    expect(() => write({}, "constructor")).toThrow(ConfigError);
    expect(() => write({}, "__metadata__")).toThrow(ConfigError);
    expect(() => write({}, "\ud800")).toThrow(ConfigError);
    expect(() => write({}, "w", { prototype: "x" })).toThrow(ConfigError);
    expect(() => write({}, "w", { a: 3 })).toThrow(/metadata "a" must be a string/);
    expect(() => write({}, "w", { a: "\udfff" })).toThrow(ConfigError);
  });
});

describe("readSafetensors refuses", () => {
  const data = new Uint8Array(16);
  const valid = `{${f32("a", "[2]", "[0,8]")},${f32("b", "[2]", "[8,16]")}}`;

  it("nothing of the valid file that the cases below break", () => {
    expect(Object.keys(readSafetensors(fileOf(`${valid}  \n`, data)).tensors)).toEqual(["a", "b"]);
  });

  const cases: Record<string, [bytes: Uint8Array, message: RegExp]> = {
    "an empty file": [new Uint8Array(), /^safetensors file must be at least 8 bytes long; got "0 bytes"$/],
    "a file of seven bytes": [new Uint8Array(7), /at least 8 bytes/],
    "a header size of zero": [fileOf("", data), /JSON that begins with \{/],
    "a header longer than the file": [fileOf(valid, data, 10_000n), /^safetensors header size must be .*; got 10000$/],
    "a header over 100 MB": [fileOf(valid, data, 100_000_001n), /at most 100000000 bytes/],
    "a header size that is negative as a signed number": [fileOf(valid, data, 0xffff_ffff_ffff_fff8n), /header size/],
    "a header that begins with a space": [fileOf(` ${valid}`, data), /begins with \{/],
    "a header that is an array": [fileOf("[]"), /begins with \{/],
    "a header that begins with a byte order mark": [fileOf(`\ufeff${valid}`, data), /begins with \{/],
    "bad UTF-8": [fileOf(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d])), /valid UTF-8/],
    "an overlong UTF-8 form": [fileOf(new Uint8Array([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x7d])), /valid UTF-8/],
    "an unfinished header": [fileOf(valid.slice(0, -1), data), /character \d+ must be a comma or a closing brace/],
    "text after the header": [fileOf(`${valid}{}`, data), /nothing but white space after the closing brace/],
    "a trailing comma": [fileOf("{,}"), /a string here/],
    "a tensor given twice": [
      fileOf(`{${f32("a", "[2]", "[0,8]")},${f32("a", "[2]", "[8,16]")}}`, data),
      /duplicate keys; got "a"/,
    ],
    "a tensor given twice, once by an escape": [
      fileOf(`{${f32("a", "[2]", "[0,8]")},${f32("\\u0061", "[2]", "[8,16]")}}`, data),
      /duplicate/,
    ],
    "a field given twice": [
      fileOf('{"a":{"dtype":"F32","shape":[1],"shape":[2],"data_offsets":[0,8]}}', data),
      /duplicate keys; got "shape"/,
    ],
    "a tensor named __proto__": [
      fileOf(`{${f32("__proto__", "[4]", "[0,16]")}}`, data),
      /__proto__.*; got "__proto__"/,
    ],
    "a tensor named __proto__ by an escape": [
      fileOf(`{${f32("__pr\\u006fto__", "[4]", "[0,16]")}}`, data),
      /got "__proto__"/,
    ],
    "a tensor named constructor": [fileOf(`{${f32("constructor", "[4]", "[0,16]")}}`, data), /got "constructor"/],
    "metadata named prototype": [fileOf('{"__metadata__":{"prototype":"x"}}'), /got "prototype"/],
    "a lone surrogate": [fileOf('{"__metadata__":{"a":"\\ud800"}}'), /lone surrogates/],
    "metadata that is no object": [fileOf('{"__metadata__":[]}'), /^__metadata__ must be an object of strings/],
    "metadata that is no text": [
      fileOf('{"__metadata__":{"epoch":3}}'),
      /^__metadata__ "epoch" must be a string; got 3$/,
    ],
    "a tensor that is no object": [fileOf('{"a":"F32"}'), /^tensor "a" must be an object/],
    "a tensor without a dtype": [
      fileOf('{"a":{"shape":[4],"data_offsets":[0,16]}}', data),
      /^tensor "a" dtype must be one of F64/,
    ],
    "a tensor without a shape": [
      fileOf('{"a":{"dtype":"F32","data_offsets":[0,16]}}', data),
      /^tensor "a" shape must be/,
    ],
    "a tensor without offsets": [fileOf('{"a":{"dtype":"F32","shape":[4]}}', data), /^tensor "a" data_offsets must be/],
    "a field of no meaning": [
      fileOf('{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16],"code":"x"}}', data),
      /alone; got "code"/,
    ],
    "an unknown dtype": [
      fileOf('{"a":{"dtype":"F31","shape":[4],"data_offsets":[0,16]}}', data),
      /dtype must be one of .*; got "F31"$/,
    ],
    "a dtype from the prototype": [
      fileOf('{"a":{"dtype":"toString","shape":[4],"data_offsets":[0,16]}}', data),
      /got "toString"/,
    ],
    "a shape larger than its range": [
      fileOf(`{${f32("a", "[5]", "[0,16]")}}`, data),
      /^tensor "a" shape must be the shape of the 16 bytes of F32.*; got \[5\]$/,
    ],
    "a shape smaller than its range": [fileOf(`{${f32("a", "[3]", "[0,16]")}}`, data), /tensor "a" shape/],
    "a negative dimension": [fileOf(`{${f32("a", "[-4]", "[0,16]")}}`, data), /integers from 0 to/],
    "a fractional dimension": [fileOf(`{${f32("a", "[4.0]", "[0,16]")}}`, data), /integers from 0 to/],
    "an exponent": [fileOf(`{${f32("a", "[4e0]", "[0,16]")}}`, data), /integers from 0 to/],
    "a dimension beyond 2^53": [fileOf(`{${f32("a", "[9007199254740993]", "[0,16]")}}`, data), /integers from 0 to/],
    "a shape whose product overflows": [
      fileOf(`{${f32("a", "[4294967296,4294967296,4294967296]", "[0,16]")}}`, data),
      /tensor "a" shape/,
    ],
    "a shape whose product overflows to zero in 64 bits": [
      fileOf(`{${f32("a", "[4294967296,4294967296]", "[0,0]")}}`),
      /tensor "a" shape/,
    ],
    "a nested shape": [fileOf(`{${f32("a", "[[4]]", "[0,16]")}}`, data), /tensor "a" shape/],
    "offsets too deep": [fileOf(`{${f32("a", "[4]", "[[[[[0]]]]]")}}`, data), /nested at most 4 deep/],
    "a negative offset": [fileOf(`{${f32("a", "[4]", "[-16,0]")}}`, data), /integers from 0 to/],
    "a huge offset": [fileOf(`{${f32("a", "[4]", "[0,1e300]")}}`, data), /integers from 0 to/],
    "offsets the wrong way round": [fileOf(`{${f32("a", "[4]", "[16,0]")}}`, data), /begin ≤ end; got \[16,0\]/],
    "three offsets": [fileOf(`{${f32("a", "[4]", "[0,16,16]")}}`, data), /data_offsets must be/],
    "overlapping tensors": [
      fileOf(`{${f32("a", "[3]", "[0,12]")},${f32("b", "[2]", "[8,16]")}}`, data),
      /^tensor "b" data_offsets must be without overlap or gap/,
    ],
    "two tensors on the same bytes": [
      fileOf(`{${f32("a", "[4]", "[0,16]")},${f32("b", "[4]", "[0,16]")}}`, data),
      /overlap/,
    ],
    "a gap between tensors": [
      fileOf(`{${f32("a", "[1]", "[0,4]")},${f32("b", "[2]", "[8,16]")}}`, data),
      /^tensor "b" data_offsets .*gap/,
    ],
    "a gap before the first tensor": [fileOf(`{${f32("a", "[2]", "[8,16]")}}`, data), /gap/],
    "a truncated file": [fileOf(valid, data.subarray(0, 15)), /^tensor "b" data_offsets .* at most 15; got \[8,16\]$/],
    "bytes after the last tensor": [
      fileOf(valid, new Uint8Array(17)),
      /^safetensors data must be 16 bytes, as the header says; got 17$/,
    ],
    "data where the header has no tensor": [fileOf("{}", new Uint8Array(1)), /must be 0 bytes/],
    "a BOOL of 2": [
      fileOf('{"a":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}}', new Uint8Array([2])),
      /0 or 1 in every byte/,
    ],
    "true as a value": [fileOf('{"a":true}'), /integers from 0 to/],
    "a raw line break in a string": [fileOf('{"a\n":{}}'), /legal escapes/],
    "an open string": [fileOf('{"a'), /closed strings/],
    "a string that ends in a backslash": [fileOf('{"a\\'), /closed strings/],
  };
  it.each(Object.entries(cases))("%s", (_name, [bytes, message]) => {
    let caught: unknown;
    try {
      readSafetensors(bytes);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(FormatError);
    expect((caught as FormatError).message).toMatch(message);
    expect((caught as FormatError).exitCode).toBe(2);
  });

  it("nesting that would exhaust the stack, in linear time", () => {
    expect(() => readSafetensors(fileOf(`{"a":${"[".repeat(1_000_000)}`))).toThrow(/nested at most/);
    expect(() => readSafetensors(fileOf(`{"a":${'{"a":'.repeat(1_000_000)}`))).toThrow(/nested at most/);
  });

  it("a shape of a million dimensions in linear time", () => {
    const many = `[${"1,".repeat(1_000_000)}4]`;
    expect(readSafetensors(fileOf(`{${f32("a", many, "[0,16]")}}`, data)).tensors.a!.shape.length).toBe(1_000_001);
    expect(() => readSafetensors(fileOf(`{${f32("a", many, "[0,12]")}}`, data))).toThrow(FormatError);
  });
});
