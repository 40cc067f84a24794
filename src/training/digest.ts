import { sha256 } from "@noble/hashes/sha2.js";
import type { SavedArray } from "../algorithms/algorithm.ts";

/**
 * SHA-256, in hexadecimal, over named arrays in the order of their names (by UTF-16 code units): of each, its name, dtype
 * and shape as text (`name`, `F32`, `64,4`, each followed by a zero byte) and its bytes, little-endian. Equal digests mean equal
 * bits, so two runs can be compared across processes, engines and machines.
 */
export function arraysSha256(arrays: Readonly<Record<string, SavedArray>>): string {
  const hash = sha256.create();
  for (const name of Object.keys(arrays).sort()) {
    const { dtype, shape, data } = arrays[name]!;
    hash.update(new TextEncoder().encode(`${name}\0${dtype}\0${shape.join(",")}\0`));
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
