import { ConfigError } from "../errors.ts";
import { block, threefry2x32 } from "./threefry.ts";

/** Longest name: its length shares a word with the index. */
const LONGEST_NAME = 2047;

/**
 * Leaves the key words of the child `name`, `index` of the key (k0, k1) in `block`.
 *
 * 1. h = threefry(key, 2^64 - 1): the one counter that no stream reaches, so children share nothing with the key's own
 *    stream.
 * 2. For every four UTF-16 units u of the name, padded with zeros: m = (u0 | u1 << 16, u2 | u3 << 16) and
 *    h = threefry(h, m) xor m (the hash of Matyas, Meyer and Oseas 1985).
 * 3. child = threefry(h, (index mod 2^32, ⌊index / 2^32⌋ | length << 21)), a bijection of the index.
 *
 * Children of the same name never collide; of n names that differ, two collide with probability below n²/2^65.
 */
export function deriveKey(k0: number, k1: number, name: string, index: number): void {
  if (name.length > LONGEST_NAME) {
    throw new ConfigError({ field: "name", value: name, allowed: `a string of at most ${LONGEST_NAME} characters` });
  }
  if (!(Number.isSafeInteger(index) && index >= 0)) {
    throw new ConfigError({ field: "index", value: index, allowed: "a non-negative safe integer" });
  }
  threefry2x32(k0, k1, -1, -1);
  for (let i = 0; i < name.length; i += 4) {
    const m0 = unit(name, i) | (unit(name, i + 1) << 16);
    const m1 = unit(name, i + 2) | (unit(name, i + 3) << 16);
    threefry2x32(block[0], block[1], m0, m1);
    block[0] ^= m0;
    block[1] ^= m1;
  }
  threefry2x32(block[0], block[1], index | 0, Math.floor(index / 4294967296) | (name.length << 21));
}

function unit(name: string, i: number): number {
  return i < name.length ? name.charCodeAt(i) : 0;
}
