import { labels, pixels } from "./images.ts";

/** Pixels of one image: 8 × 8. */
export const PIXELS = 64;

/** Handwritten digits: pixels 0 … 16 row by row, `[M, 64]`, and which digit each is, `[M]`. */
export interface DigitImages {
  readonly count: number;
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

let decoded: DigitImages | undefined;

/** All 1797 images, in the order of the original; decoded when first asked for. */
export function digitImages(): DigitImages {
  decoded ??= decode();
  return decoded;
}

/** Number k of the alphabet is one pixel of k + 1 where k < 16, else a run of k − 15 pixels of 0. */
function decode(): DigitImages {
  const count = labels.length;
  const values = new Uint8Array(count * PIXELS);
  let at = 0;
  for (const letter of pixels) {
    const code = ALPHABET.indexOf(letter);
    if (code < 16) values[at++] = code + 1;
    else at += code - 15;
  }
  return { count, pixels: values, labels: Uint8Array.from(labels, Number) };
}
