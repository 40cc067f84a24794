/** SHA-256 over many results of src/math and src/random, for determinism.test.ts to compare between engines. */

import * as math from "../../src/math/index.ts";
import { Key, type Random } from "../../src/random/index.ts";
import { arraysSha256 } from "../../src/training/digest.ts";

const COUNT = 100_000;

/** One digest per function of src/math, over arguments of many sizes, and one per kind of random number. */
export default function digestNumbers({ seed }: { seed: number }): Record<string, string> {
  const key = Key.fromSeed(seed);
  const filled = new Float64Array(COUNT);
  key.split("fill").stream().fillNormal(filled);
  const results: Record<string, Float64Array> = {
    uniform: drawn(key.split("uniform").stream(), (random) => random.uniform()),
    normal: drawn(key.split("normal").stream(), (random) => random.normal()),
    fillNormal: filled,
  };
  const x = drawn(key.split("x").stream(), (random) => ofAnySize(random, 30));
  const y = drawn(key.split("y").stream(), (random) => ofAnySize(random, 4));
  for (const [name, f] of Object.entries(math) as [string, (x: number, y: number) => number][]) {
    // Engines may differ in the bits of a NaN, which no computation depends on.
    results[name] = x.map((_, i) => nanAsZero(f(x[i]!, y[i]!)));
    results[`${name} of |x|`] = x.map((_, i) => nanAsZero(f(Math.abs(x[i]!), y[i]!)));
  }
  const digests: Record<string, string> = {};
  for (const [name, data] of Object.entries(results)) {
    digests[name] = arraysSha256({ data: { dtype: "F64", shape: [data.length], data } });
  }
  return digests;
}

function drawn(random: Random, draw: (random: Random) => number): Float64Array {
  return new Float64Array(COUNT).map(() => draw(random));
}

/** Both signs, and sizes from 2^-30 to 2^top, made by exact operations alone. */
function ofAnySize(random: Random, top: number): number {
  let size = 2 ** -30;
  for (let doublings = random.integer(31 + top); doublings > 0; doublings--) size *= 2;
  return size * (2 * random.uniform() - 1);
}

function nanAsZero(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
