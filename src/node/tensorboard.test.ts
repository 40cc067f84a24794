import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RunError } from "../errors.ts";
import { crc32c, maskedCrc32c } from "./crc32c.ts";
import { TensorBoardWriter } from "./tensorboard.ts";

describe("crc32c", () => {
  // RFC 3720 (iSCSI), appendix B.4, and the usual check value of the nine digits.
  it.each([
    ["32 zeros", new Uint8Array(32), 0x8a9136aa],
    ["32 times 0xff", new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ["0 to 31", Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ["31 to 0", Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
    ["the nine digits", new TextEncoder().encode("123456789"), 0xe3069283],
    ["nothing", new Uint8Array(), 0],
  ])("of %s", (_name, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });

  it("is masked by a rotation and a constant", () => {
    // The mask as the TFRecord documentation states it, in big integers.
    const crc = 0xe3069283n;
    const rotated = ((crc >> 15n) | (crc << 17n)) & 0xffffffffn;
    expect(maskedCrc32c(new TextEncoder().encode("123456789"))).toBe(Number((rotated + 0xa282ead8n) & 0xffffffffn));
  });
});

/** A decoder of its own: generic protocol buffer fields, read with big integers. */
type Field = { field: number; varint?: bigint; bytes?: Buffer };
function decode(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const key = Number(varint());
    const field = key >> 3;
    if ((key & 7) === 0) fields.push({ field, varint: varint() });
    else {
      const length = (key & 7) === 1 ? 8 : (key & 7) === 5 ? 4 : Number(varint());
      fields.push({ field, bytes: message.subarray(at, at + length) });
      at += length;
    }
  }
  expect(at).toBe(message.length);
  return fields;
}

function readRecords(path: string): Field[][] {
  const file = readFileSync(path);
  const events: Field[][] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    expect(file.readUInt32LE(at + 8)).toBe(maskedCrc32c(file.subarray(at, at + 8)));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(file.readUInt32LE(at + 12 + length)).toBe(maskedCrc32c(data));
    events.push(decode(data));
    at += 16 + length;
  }
  return events;
}

function scalars(event: Field[]): Record<string, number> {
  const summary = decode(event.find(({ field }) => field === 5)!.bytes!);
  return Object.fromEntries(
    summary.map(({ field, bytes }) => {
      expect(field).toBe(1);
      const [tag, value] = decode(bytes!) as [Field, Field];
      expect([tag.field, value.field]).toEqual([1, 2]);
      return [tag.bytes!.toString("utf8"), value.bytes!.readFloatLE()];
    }),
  );
}

describe("TensorBoardWriter", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "limpid-tensorboard-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("writes a file that decodes to what was given", () => {
    let time = 1_700_000_000.25;
    const writer = new TensorBoardWriter(folder, { now: () => time++ });
    writer.write(2048, { "episode/return": 21.5, "loss/größe": -0.125 });
    writer.write(2 ** 40 + 1, { "episode/return": Number.NaN, huge: Number.POSITIVE_INFINITY });
    writer.write(3, {});
    writer.close();
    expect(basename(writer.path)).toMatch(/^events\.out\.tfevents\.1700000000\./);

    const [version, first, second, ...rest] = readRecords(writer.path);
    expect(rest).toEqual([]);
    expect(version!.find(({ field }) => field === 3)!.bytes!.toString()).toBe("brain.Event:2");
    expect(first!.find(({ field }) => field === 1)!.bytes!.readDoubleLE()).toBe(1_700_000_002.25);
    expect(first!.find(({ field }) => field === 2)!.varint).toBe(2048n);
    expect(scalars(first!)).toEqual({ "episode/return": 21.5, "loss/größe": -0.125 });
    expect(second!.find(({ field }) => field === 2)!.varint).toBe(2n ** 40n + 1n);
    expect(scalars(second!)).toEqual({ "episode/return": Number.NaN, huge: Number.POSITIVE_INFINITY });
  });

  it("says where a resumed run begins, so that TensorBoard drops what the crashed one wrote after it", () => {
    const writer = new TensorBoardWriter(folder, { resumedAt: 4096 });
    writer.close();
    const [, start] = readRecords(writer.path);
    expect(start!.find(({ field }) => field === 2)!.varint).toBe(4097n);
    expect(decode(start!.find(({ field }) => field === 7)!.bytes!)).toEqual([{ field: 1, varint: 1n }]);
  });

  it("never writes into an existing file", () => {
    const now = () => 1_700_000_000;
    const writers = [new TensorBoardWriter(folder, { now }), new TensorBoardWriter(folder, { now })];
    expect(new Set(writers.map(({ path }) => path)).size).toBe(2);
    for (const writer of writers) writer.close();
  });

  it("fails in one sentence where it cannot write", () => {
    expect(() => new TensorBoardWriter(join(folder, "none"))).toThrow(RunError);
    expect(() => new TensorBoardWriter(join(folder, "none"))).toThrow(/could not be created: there is no such file/);
  });
});
