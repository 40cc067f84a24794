import { normalQuantile } from "./normal-quantile.ts";
import { scratch, type WordSource } from "./word-source.ts";

/** 2^-24, 2^-32 and 2^-53. */
const STEP_24 = 1 / 16777216;
const STEP_32 = 2.3283064365386963e-10;
const STEP_53 = 1.1102230246251565e-16;

/** 53 random bits of a block as an integer. */
export function bits53(word0: number, word1: number): number {
  return (word0 >>> 5) * 67108864 + (word1 >>> 6);
}

/** Uniform on [0, 1) in steps of 2^-53. */
export function uniform53(word0: number, word1: number): number {
  return bits53(word0, word1) * STEP_53;
}

/** Standard normal from 53 bits v: Φ⁻¹((v + ½) 2^-53), at most 8.3 in size. */
export function normal53(word0: number, word1: number): number {
  return normalQuantile((bits53(word0, word1) - 4503599627370496 + 0.5) * STEP_53);
}

/** Standard normal from one word w: Φ⁻¹((w + ½) 2^-32), at most 6.4 in size. */
export function normal32(word: number): number {
  return normalQuantile((word >>> 0) * STEP_32 + (0.5 * STEP_32 - 0.5));
}

/** One word for each number: half a block. */
export function fillUniform32(
  source: WordSource,
  out: Float32Array,
  low: number,
  range: number,
  largest: number,
): void {
  for (let i = 0; i < out.length; ) {
    const end = Math.min(out.length, i + 2 * source.fill(Math.ceil((out.length - i) / 2)));
    for (let w = 0; i < end; i++, w++) out[i] = Math.min(low + range * ((scratch[w] >>> 8) * STEP_24), largest);
  }
}

/** One block for each number, the same as `uniform()` would give one by one. */
export function fillUniform64(
  source: WordSource,
  out: Float64Array,
  low: number,
  range: number,
  largest: number,
): void {
  for (let i = 0; i < out.length; ) {
    const end = i + source.fill(out.length - i);
    for (let w = 0; i < end; i++, w += 2)
      out[i] = Math.min(low + range * uniform53(scratch[w], scratch[w + 1]), largest);
  }
}

/** One word for each number: half a block. */
export function fillNormal32(source: WordSource, out: Float32Array, mean: number, std: number): void {
  for (let i = 0; i < out.length; ) {
    const end = Math.min(out.length, i + 2 * source.fill(Math.ceil((out.length - i) / 2)));
    for (let w = 0; i < end; i++, w++) out[i] = mean + std * normal32(scratch[w]);
  }
}

/** One block for each number, the same as `normal()` would give one by one. */
export function fillNormal64(source: WordSource, out: Float64Array, mean: number, std: number): void {
  for (let i = 0; i < out.length; ) {
    const end = i + source.fill(out.length - i);
    for (let w = 0; i < end; i++, w += 2) out[i] = mean + std * normal53(scratch[w], scratch[w + 1]);
  }
}
