/**
 * The safetensors format: named tensors and a text map in one file, with nothing in it that could run.
 *
 * Layout: 8 bytes with the header's size N (little-endian u64), N bytes of JSON padded with spaces, then the tensors' bytes,
 * row-major and little-endian, without gaps. Format: https://github.com/huggingface/safetensors#format (2023), read here as
 * hostile input: everything that the header claims is checked before anything is allocated, and nothing is guessed.
 */

import { ConfigError, FormatError, ShapeError, show } from "../errors.ts";
import { type HeaderValue, isSafeKey, parseHeaderJson } from "./header-json.ts";

/** Which typed array holds a dtype; F16 and BF16 are raw bit patterns, since typed arrays have neither before ES2025. */
const ARRAY_OF = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I64: BigInt64Array,
  I32: Int32Array,
  I16: Int16Array,
  I8: Int8Array,
  U64: BigUint64Array,
  U32: Uint32Array,
  U16: Uint16Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const;

/** An element type by the name that the format gives it. */
export type SafetensorsDtype = keyof typeof ARRAY_OF;

/** The values of one tensor, row-major; `BOOL` holds 0 and 1. */
export type SafetensorsData =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | BigUint64Array
  | Uint32Array
  | Uint16Array
  | Uint8Array;

/** One tensor: `data` has as many elements as the product of `shape`, and one where `shape` is `[]`. */
export interface SafetensorsTensor {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  readonly data: SafetensorsData;
}

/** What a file holds. Both objects have no prototype, so that looking up any name is safe. */
export interface SafetensorsFile {
  readonly tensors: Record<string, SafetensorsTensor>;
  readonly metadata: Record<string, string>;
}

/** The reference implementation's limit on the header, in bytes. */
const MAX_HEADER_BYTES = 100_000_000;
const METADATA = "__metadata__";

/**
 * Writes tensors and an optional text map as one safetensors file. The same input gives the same bytes.
 *
 * Tensors with larger elements come first (otherwise in the given order), as the reference implementation does, so that
 * a reader that maps the file finds every tensor aligned to its element size.
 *
 * @throws ConfigError for a name, dtype or metadata value that the format cannot hold, ShapeError where data and shape disagree.
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, SafetensorsTensor>>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  const entries = Object.entries(tensors);
  for (const [name, tensor] of entries) checkTensor(name, tensor);
  entries.sort(([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);

  // Assembled by hand: an object would move names that look like integers to the front.
  const fields: string[] = [];
  if (metadata && Object.keys(metadata).length > 0) fields.push(`"${METADATA}":${metadataJson(metadata)}`);
  let end = 0;
  for (const [name, { dtype, shape, data }] of entries) {
    const begin = end;
    end += data.byteLength;
    fields.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`);
  }
  const header = new TextEncoder().encode(`{${fields.join(",")}}`);
  const headerBytes = Math.ceil(header.length / 8) * 8;
  if (headerBytes > MAX_HEADER_BYTES) {
    throw new ConfigError({
      field: "safetensors header",
      value: headerBytes,
      allowed: `at most ${MAX_HEADER_BYTES} bytes`,
    });
  }

  const bytes = new Uint8Array(8 + headerBytes + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(0x20, 8 + header.length, 8 + headerBytes);
  bytes.set(header, 8);
  let at = 8 + headerBytes;
  for (const [, { data }] of entries) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file whole. The tensors own their memory: `file` may be reused afterwards.
 *
 * @throws FormatError, before anything is allocated for a tensor, if the bytes differ from the format in any way: a header
 * that lies about sizes, ranges that overlap or leave gaps, names given twice, dtypes not listed in {@link SafetensorsDtype}.
 */
export function readSafetensors(file: Uint8Array | ArrayBuffer): SafetensorsFile {
  const bytes = bytesOf(file);
  const { header, start } = readHeader(bytes);
  const metadata: Record<string, string> = Object.create(null);
  const tensors: Record<string, SafetensorsTensor> = Object.create(null);
  const regions: Region[] = [];
  for (const [name, value] of header) {
    if (name === METADATA) readMetadata(value, metadata);
    else regions.push(readRegion(name, value));
  }
  checkCover(regions, bytes.length - start);
  for (const { name, dtype, shape, begin, end } of regions) {
    // Not bytes.slice: a Node Buffer answers that with a view of its pool instead of a copy.
    const copy = new Uint8Array(end - begin);
    copy.set(bytes.subarray(start + begin, start + end));
    const data = new ARRAY_OF[dtype](copy.buffer, 0, (end - begin) / ARRAY_OF[dtype].BYTES_PER_ELEMENT);
    if (dtype === "BOOL" && copy.some((value) => value > 1)) {
      throw new FormatError({
        field: `tensor ${show(name)} data`,
        allowed: "0 or 1 in every byte, its dtype being BOOL",
      });
    }
    tensors[name] = { dtype, shape, data };
  }
  return { tensors, metadata };
}

function bytesOf(file: unknown): Uint8Array {
  if (file instanceof Uint8Array) return file;
  if (ArrayBuffer.isView(file)) return new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  if (file instanceof ArrayBuffer) return new Uint8Array(file);
  const fix = "Read it first: readFileSync(path) in Node, await (await fetch(url)).arrayBuffer() in a browser.";
  throw new ConfigError({ field: "file", value: file, allowed: "the bytes of a file, not its name", fix });
}

/** A tensor as the header describes it; `begin` and `end` count bytes from the end of the header. */
interface Region {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function readHeader(bytes: Uint8Array): { header: Map<string, HeaderValue>; start: number } {
  if (bytes.length < 8) {
    throw new FormatError({
      field: "safetensors file",
      value: `${bytes.length} bytes`,
      allowed: "at least 8 bytes long",
    });
  }
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
  const room = bytes.length - 8;
  if (size > BigInt(MAX_HEADER_BYTES) || size > BigInt(room)) {
    const allowed = `at most ${MAX_HEADER_BYTES} bytes and at most the ${room} bytes that follow it`;
    throw new FormatError({ field: "safetensors header size", value: size, allowed });
  }
  const start = 8 + Number(size);
  if (bytes[8] !== 0x7b || start === 8) {
    throw new FormatError({ field: "safetensors header", allowed: "JSON that begins with {" });
  }
  let text: string;
  try {
    // A copy, since a browser's decoder refuses memory that is shared between threads.
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes.subarray(8, start)));
  } catch {
    throw new FormatError({ field: "safetensors header", allowed: "valid UTF-8" });
  }
  return { header: parseHeaderJson(text), start };
}

function readMetadata(value: HeaderValue, into: Record<string, string>): void {
  if (!(value instanceof Map)) {
    throw new FormatError({ field: METADATA, value, allowed: "an object of strings" });
  }
  for (const [key, text] of value) {
    if (typeof text !== "string") {
      throw new FormatError({ field: `${METADATA} ${show(key)}`, value: plain(text), allowed: "a string" });
    }
    into[key] = text;
  }
}

function readRegion(name: string, value: HeaderValue): Region {
  const field = `tensor ${show(name)}`;
  if (!(value instanceof Map)) {
    throw new FormatError({ field, value, allowed: "an object with dtype, shape and data_offsets" });
  }
  for (const key of value.keys()) {
    if (key !== "dtype" && key !== "shape" && key !== "data_offsets") {
      throw new FormatError({ field, value: key, allowed: "described by dtype, shape and data_offsets alone" });
    }
  }
  const dtype = value.get("dtype");
  if (typeof dtype !== "string" || !isDtype(dtype)) {
    const allowed = `one of ${Object.keys(ARRAY_OF).join(", ")}`;
    throw new FormatError({ field: `${field} dtype`, value: plain(dtype), allowed });
  }
  const shape = value.get("shape");
  if (!isNaturals(shape)) {
    throw new FormatError({ field: `${field} shape`, value: plain(shape), allowed: "a list of integers from 0 on" });
  }
  const offsets = value.get("data_offsets");
  if (!isNaturals(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    const allowed = "a list [begin, end] of byte offsets with begin ≤ end";
    throw new FormatError({ field: `${field} data_offsets`, value: plain(offsets), allowed });
  }
  const [begin, end] = offsets as [number, number];
  const size = elementCount(shape) * ARRAY_OF[dtype].BYTES_PER_ELEMENT;
  if (size !== end - begin) {
    const allowed = `the shape of the ${end - begin} bytes of ${dtype} that data_offsets names`;
    throw new FormatError({ field: `${field} shape`, value: shape, allowed });
  }
  return { name, dtype, shape, begin, end };
}

/** Refuses overlaps, gaps, a truncated file and bytes left over, all at once: the regions must tile the data exactly. */
function checkCover(regions: readonly Region[], dataBytes: number): void {
  const sorted = [...regions].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const { name, begin, end } of sorted) {
    if (begin !== covered || end > dataBytes) {
      const allowed = `without overlap or gap: from ${covered}, where the tensor before it ends, to at most ${dataBytes}`;
      throw new FormatError({ field: `tensor ${show(name)} data_offsets`, value: [begin, end], allowed });
    }
    covered = end;
  }
  if (covered !== dataBytes) {
    throw new FormatError({
      field: "safetensors data",
      value: dataBytes,
      allowed: `${covered} bytes, as the header says`,
    });
  }
}

function checkTensor(name: string, { dtype, shape, data }: SafetensorsTensor): void {
  const field = `tensor ${show(name)}`;
  if (!isSafeKey(name) || name === METADATA) {
    throw new ConfigError({ field, allowed: "named without lone surrogates and not as a property of every object" });
  }
  if (!isDtype(dtype)) {
    throw new ConfigError({
      field: `${field} dtype`,
      value: dtype,
      allowed: `one of ${Object.keys(ARRAY_OF).join(", ")}`,
    });
  }
  if (!(data instanceof ARRAY_OF[dtype])) {
    throw new ConfigError({ field: `${field} data`, value: data, allowed: `a ${ARRAY_OF[dtype].name} for ${dtype}` });
  }
  if (!isNaturals(shape) || elementCount(shape) !== data.length) {
    throw new ShapeError({ field: `${field} shape`, value: shape, allowed: `the shape of ${data.length} elements` });
  }
  if (dtype === "BOOL" && (data as Uint8Array).some((value) => value > 1)) {
    throw new ConfigError({
      field: `${field} data`,
      value: data,
      allowed: "0 or 1 in every byte, its dtype being BOOL",
    });
  }
}

function metadataJson(metadata: Readonly<Record<string, string>>): string {
  const fields = Object.entries(metadata).map(([key, value]) => {
    if (!isSafeKey(key)) throw new ConfigError({ field: "metadata key", value: key, allowed: "an ordinary name" });
    if (typeof value !== "string" || /\p{Surrogate}/u.test(value)) {
      throw new ConfigError({ field: `metadata ${show(key)}`, value, allowed: "a string of well-formed Unicode" });
    }
    return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
  });
  return `{${fields.join(",")}}`;
}

function isDtype(name: string): name is SafetensorsDtype {
  return Object.hasOwn(ARRAY_OF, name);
}

function isNaturals(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

/** Product of the dimensions, NaN where it leaves the integers that a double holds exactly. */
function elementCount(shape: readonly number[]): number {
  let count = 1;
  for (const dimension of shape) {
    count *= dimension;
    if (!Number.isSafeInteger(count)) return Number.NaN;
  }
  return count;
}

/** A header value for an error message, with maps as the objects they came from. */
function plain(value: HeaderValue | undefined): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}
