const PARITY = 0x1bd11bda;

/** Where {@link threefryPair} leaves its words: 0 and 1 of the first block, 0 and 1 of the second. */
export const pair = new Int32Array(4);

/**
 * Two Threefry-2x32-20 blocks of two streams: counter (c0, c1) under the key (k0, k1) and counter (d0, d1) under the key
 * (j0, j1), side by side, because one alone is a chain of 60 dependent operations that leaves most of the processor idle.
 */
export function threefryPair(
  k0: number,
  k1: number,
  c0: number,
  c1: number,
  j0: number,
  j1: number,
  d0: number,
  d1: number,
): void {
  const k2 = PARITY ^ k0 ^ k1;
  const j2 = PARITY ^ j0 ^ j1;
  let a = (c0 + k0) | 0;
  let b = (c1 + k1) | 0;
  let c = (d0 + j0) | 0;
  let d = (d1 + j1) | 0;
  a = (a + b) | 0;
  c = (c + d) | 0;
  b = ((b << 13) | (b >>> 19)) ^ a;
  d = ((d << 13) | (d >>> 19)) ^ c;
  a = (a + b) | 0;
  c = (c + d) | 0;
  b = ((b << 15) | (b >>> 17)) ^ a;
  d = ((d << 15) | (d >>> 17)) ^ c;
  a = (a + b) | 0;
  c = (c + d) | 0;
  b = ((b << 26) | (b >>> 6)) ^ a;
  d = ((d << 26) | (d >>> 6)) ^ c;
  a = (a + b) | 0;
  c = (c + d) | 0;
  b = ((b << 6) | (b >>> 26)) ^ a;
  d = ((d << 6) | (d >>> 26)) ^ c;
  a = (a + k1) | 0;
  b = (b + k2 + 1) | 0;
  c = (c + j1) | 0;
  d = (d + j2 + 1) | 0;
  a = (a + b) | 0;
  c = (c + d) | 0;
  b = ((b << 17) | (b >>> 15)) ^ a;
  d = ((d << 17) | (d >>> 15)) ^ c;
  a = (a + b) | 0;
  c = (c + d) | 0;
  b = ((b << 29) | (b >>> 3)) ^ a;
  d = ((d << 29) | (d >>> 3)) ^ c;
  a = (a + b) | 0;
  c = (c + d) | 0;
  b = ((b << 16) | (b >>> 16)) ^ a;
  d = ((d << 16) | (d >>> 16)) ^ c;
  a = (a + b) | 0;
  c = (c + d) | 0;
  b = ((b << 24) | (b >>> 8)) ^ a;
  d = ((d << 24) | (d >>> 8)) ^ c;
  a = (a + k2) | 0;
  b = (b + k0 + 2) | 0;
  c = (c + j2) | 0;
  d = (d + j0 + 2) | 0;
  a = (a + b) | 0;
  c = (c + d) | 0;
  b = ((b << 13) | (b >>> 19)) ^ a;
  d = ((d << 13) | (d >>> 19)) ^ c;
  a = (a + b) | 0;
  c = (c + d) | 0;
  b = ((b << 15) | (b >>> 17)) ^ a;
  d = ((d << 15) | (d >>> 17)) ^ c;
  a = (a + b) | 0;
  c = (c + d) | 0;
  b = ((b << 26) | (b >>> 6)) ^ a;
  d = ((d << 26) | (d >>> 6)) ^ c;
  a = (a + b) | 0;
  c = (c + d) | 0;
  b = ((b << 6) | (b >>> 26)) ^ a;
  d = ((d << 6) | (d >>> 26)) ^ c;
  a = (a + k0) | 0;
  b = (b + k1 + 3) | 0;
  c = (c + j0) | 0;
  d = (d + j1 + 3) | 0;
  a = (a + b) | 0;
  c = (c + d) | 0;
  b = ((b << 17) | (b >>> 15)) ^ a;
  d = ((d << 17) | (d >>> 15)) ^ c;
  a = (a + b) | 0;
  c = (c + d) | 0;
  b = ((b << 29) | (b >>> 3)) ^ a;
  d = ((d << 29) | (d >>> 3)) ^ c;
  a = (a + b) | 0;
  c = (c + d) | 0;
  b = ((b << 16) | (b >>> 16)) ^ a;
  d = ((d << 16) | (d >>> 16)) ^ c;
  a = (a + b) | 0;
  c = (c + d) | 0;
  b = ((b << 24) | (b >>> 8)) ^ a;
  d = ((d << 24) | (d >>> 8)) ^ c;
  a = (a + k1) | 0;
  b = (b + k2 + 4) | 0;
  c = (c + j1) | 0;
  d = (d + j2 + 4) | 0;
  a = (a + b) | 0;
  c = (c + d) | 0;
  b = ((b << 13) | (b >>> 19)) ^ a;
  d = ((d << 13) | (d >>> 19)) ^ c;
  a = (a + b) | 0;
  c = (c + d) | 0;
  b = ((b << 15) | (b >>> 17)) ^ a;
  d = ((d << 15) | (d >>> 17)) ^ c;
  a = (a + b) | 0;
  c = (c + d) | 0;
  b = ((b << 26) | (b >>> 6)) ^ a;
  d = ((d << 26) | (d >>> 6)) ^ c;
  a = (a + b) | 0;
  c = (c + d) | 0;
  b = ((b << 6) | (b >>> 26)) ^ a;
  d = ((d << 6) | (d >>> 26)) ^ c;
  a = (a + k2) | 0;
  b = (b + k0 + 5) | 0;
  c = (c + j2) | 0;
  d = (d + j0 + 5) | 0;
  pair[0] = a;
  pair[1] = b;
  pair[2] = c;
  pair[3] = d;
}
