/**
 * Typed arrays as JSON, exactly. Numbers in JSON would lose −0, NaN and infinities; the bytes in base64 lose nothing
 * and are shorter.
 */

import { FormatError } from "../errors.ts";
import type { Json } from "./env.ts";

export type PackableArray = Float32Array | Float64Array | Uint8Array | Int32Array;

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const PADDING = 61;
/** Character code → six bits, 255 where it is no digit. */
const SIX_BITS = new Uint8Array(256).fill(255);
for (let value = 0; value < 64; value++) SIX_BITS[DIGITS.charCodeAt(value)] = value;

const LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** `{ "dtype": "Float64Array", "length": 4, "data": "…" }`: little-endian bytes in base64 (RFC 4648, section 4). */
export function packArray(array: PackableArray): Json {
  const bytes = littleEndianBytes(array);
  const codes = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  for (let i = 0, at = 0; i < bytes.length; i += 3) {
    const word = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let shift = 18; shift >= 0; shift -= 6) codes[at++] = DIGITS.charCodeAt((word >> shift) & 63);
  }
  if (bytes.length % 3 > 0) codes.fill(PADDING, codes.length - 3 + (bytes.length % 3));
  return { dtype: array.constructor.name, length: array.length, data: new TextDecoder().decode(codes) };
}

/**
 * Reads what `packArray` wrote into `out`.
 * @throws FormatError, leaving `out` as it was, unless dtype and length are those of `out` and the text is base64
 */
export function unpackArray(field: string, packed: Json | undefined, out: PackableArray): void {
  const { dtype, length, data } = readRecord(field, packed);
  if (dtype !== out.constructor.name || length !== out.length) {
    const allowed = `a packed ${out.constructor.name} of length ${out.length}`;
    throw new FormatError({ field, value: `${dtype} of length ${length}`, allowed });
  }
  const bytes = new Uint8Array(out.byteLength);
  const digits = Math.ceil(bytes.length / 3) * 4;
  if (typeof data !== "string" || data.length !== digits) {
    throw new FormatError({ field: `${field}.data`, value: data, allowed: `${digits} characters of base64` });
  }
  for (let i = 0, at = 0; i < digits; i += 4) {
    let word = 0;
    for (let k = 0; k < 4; k++) {
      const code = data.charCodeAt(i + k);
      // Only the digits beyond the last byte may be padding.
      const value = code === PADDING && at + k > bytes.length ? 0 : code < 256 ? SIX_BITS[code] : 255;
      if (value === 255) {
        throw new FormatError({ field: `${field}.data`, value: data[i + k], allowed: "made of base64 digits" });
      }
      word = (word << 6) | value;
    }
    for (let shift = 16; shift >= 0 && at < bytes.length; shift -= 8) bytes[at++] = word >> shift;
  }
  if (!LITTLE_ENDIAN) reverseEach(bytes, out.BYTES_PER_ELEMENT);
  new Uint8Array(out.buffer, out.byteOffset, out.byteLength).set(bytes);
}

/** The fields of a JSON object. @throws FormatError where `json` is not one */
export function readRecord(field: string, json: Json | undefined): { [key: string]: Json } {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new FormatError({ field, value: json, allowed: "a JSON object" });
  }
  return json;
}

/** The items of a JSON array of the given length. @throws FormatError where `json` is not one */
export function readList(field: string, json: Json | undefined, length: number): Json[] {
  if (!Array.isArray(json) || json.length !== length) {
    throw new FormatError({ field, value: json, allowed: `a JSON array of ${length} entries` });
  }
  return json;
}

/** A non-negative integer. @throws FormatError where `json` is not one */
export function readCount(field: string, json: Json | undefined): number {
  if (!Number.isSafeInteger(json) || (json as number) < 0) {
    throw new FormatError({ field, value: json, allowed: "a non-negative integer" });
  }
  return json as number;
}

function littleEndianBytes(array: PackableArray): Uint8Array {
  const bytes = new Uint8Array(array.byteLength);
  bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  if (!LITTLE_ENDIAN) reverseEach(bytes, array.BYTES_PER_ELEMENT);
  return bytes;
}

function reverseEach(bytes: Uint8Array, width: number): void {
  for (let i = 0; i < bytes.length; i += width) bytes.subarray(i, i + width).reverse();
}
