// Threefry-2x32-20 (Salmon et al. 2011, Random123), the streams of src/random: block c of the counter gives words 0 and 1.
// A stream is int32 [k0, k1, counter low, counter high].

const PARITY: i32 = 0x1bd11bda;
/** Room for four blocks. */
const spare = memory.data(32, 16);

// @ts-ignore: decorator
@inline
function mix(b: v128, r: i32, a: v128): v128 { return v128.xor(v128.or(i32x4.shl(b, r), i32x4.shr_u(b, 32 - r)), a); }

/** Words 0 and 1 of four blocks side by side, block i in the 8 bytes from `out + 8 i` on: of counters (low, high) under keys (K0, K1). */
// @ts-ignore: decorator
@inline
function fourBlocks(low: v128, high: v128, K0: v128, K1: v128, out: usize): void {
  const K2 = v128.xor(v128.xor(i32x4.splat(PARITY), K0), K1);
  const L1 = i32x4.add(K2, i32x4.splat(1)), L2 = i32x4.add(K0, i32x4.splat(2)), L3 = i32x4.add(K1, i32x4.splat(3));
  const L4 = i32x4.add(K2, i32x4.splat(4)), L5 = i32x4.add(K0, i32x4.splat(5));
  let a = i32x4.add(low, K0), b = i32x4.add(high, K1);
  a = i32x4.add(a, b); b = mix(b, 13, a);
  a = i32x4.add(a, b); b = mix(b, 15, a);
  a = i32x4.add(a, b); b = mix(b, 26, a);
  a = i32x4.add(a, b); b = mix(b, 6, a);
  a = i32x4.add(a, K1); b = i32x4.add(b, L1);
  a = i32x4.add(a, b); b = mix(b, 17, a);
  a = i32x4.add(a, b); b = mix(b, 29, a);
  a = i32x4.add(a, b); b = mix(b, 16, a);
  a = i32x4.add(a, b); b = mix(b, 24, a);
  a = i32x4.add(a, K2); b = i32x4.add(b, L2);
  a = i32x4.add(a, b); b = mix(b, 13, a);
  a = i32x4.add(a, b); b = mix(b, 15, a);
  a = i32x4.add(a, b); b = mix(b, 26, a);
  a = i32x4.add(a, b); b = mix(b, 6, a);
  a = i32x4.add(a, K0); b = i32x4.add(b, L3);
  a = i32x4.add(a, b); b = mix(b, 17, a);
  a = i32x4.add(a, b); b = mix(b, 29, a);
  a = i32x4.add(a, b); b = mix(b, 16, a);
  a = i32x4.add(a, b); b = mix(b, 24, a);
  a = i32x4.add(a, K1); b = i32x4.add(b, L4);
  a = i32x4.add(a, b); b = mix(b, 13, a);
  a = i32x4.add(a, b); b = mix(b, 15, a);
  a = i32x4.add(a, b); b = mix(b, 26, a);
  a = i32x4.add(a, b); b = mix(b, 6, a);
  a = i32x4.add(a, K2); b = i32x4.add(b, L5);
  v128.store(out, v128.shuffle<i32>(a, b, 0, 4, 1, 5));
  v128.store(out, v128.shuffle<i32>(a, b, 2, 6, 3, 7), 16);
}

/** Writes the stream's next `words` words, four blocks side by side, and moves it on by ⌈words/2⌉ blocks. */
export function fillWords(stream: usize, out: usize, words: usize): void {
  let counter = load<u64>(stream, 8);
  store<u64>(stream, counter + <u64>((words + 1) >> 1), 8);
  const K0 = v128.load32_splat(stream), K1 = v128.load32_splat(stream, 4);
  while (words) {
    const first = i32x4.splat(<i32>counter);
    const low = i32x4.add(first, i32x4(0, 1, 2, 3));
    const high = i32x4.sub(i32x4.splat(<i32>(counter >> 32)), i32x4.lt_u(low, first));
    if (words < 8) {
      fourBlocks(low, high, K0, K1, spare);
      memory.copy(out, spare, words << 2);
      return;
    }
    fourBlocks(low, high, K0, K1, out);
    out += 32;
    words -= 8;
    counter += 4;
  }
}

/** The next block of each of four streams that lie side by side, into 32 bytes; moves none of them on. */
export function nextOfFour(streams: usize, out: usize): void {
  const s0 = v128.load(streams), s1 = v128.load(streams, 16), s2 = v128.load(streams, 32), s3 = v128.load(streams, 48);
  const keys0 = v128.shuffle<i32>(s0, s1, 0, 4, 1, 5), keys1 = v128.shuffle<i32>(s2, s3, 0, 4, 1, 5);
  const counters0 = v128.shuffle<i32>(s0, s1, 2, 6, 3, 7), counters1 = v128.shuffle<i32>(s2, s3, 2, 6, 3, 7);
  fourBlocks(
    v128.shuffle<i64>(counters0, counters1, 0, 2), v128.shuffle<i64>(counters0, counters1, 1, 3),
    v128.shuffle<i64>(keys0, keys1, 0, 2), v128.shuffle<i64>(keys0, keys1, 1, 3), out);
}

/** One block: word 0 in the low half. */
export function blockAt(stream: usize, counter: u64): u64 {
  const k0 = load<u32>(stream), k1 = load<u32>(stream, 4), k2 = <u32>PARITY ^ k0 ^ k1;
  let a = <u32>counter + k0, b = <u32>(counter >> 32) + k1;
  a += b; b = rotl<u32>(b, 13) ^ a; a += b; b = rotl<u32>(b, 15) ^ a; a += b; b = rotl<u32>(b, 26) ^ a; a += b; b = rotl<u32>(b, 6) ^ a;
  a += k1; b += k2 + 1;
  a += b; b = rotl<u32>(b, 17) ^ a; a += b; b = rotl<u32>(b, 29) ^ a; a += b; b = rotl<u32>(b, 16) ^ a; a += b; b = rotl<u32>(b, 24) ^ a;
  a += k2; b += k0 + 2;
  a += b; b = rotl<u32>(b, 13) ^ a; a += b; b = rotl<u32>(b, 15) ^ a; a += b; b = rotl<u32>(b, 26) ^ a; a += b; b = rotl<u32>(b, 6) ^ a;
  a += k0; b += k1 + 3;
  a += b; b = rotl<u32>(b, 17) ^ a; a += b; b = rotl<u32>(b, 29) ^ a; a += b; b = rotl<u32>(b, 16) ^ a; a += b; b = rotl<u32>(b, 24) ^ a;
  a += k1; b += k2 + 4;
  a += b; b = rotl<u32>(b, 13) ^ a; a += b; b = rotl<u32>(b, 15) ^ a; a += b; b = rotl<u32>(b, 26) ^ a; a += b; b = rotl<u32>(b, 6) ^ a;
  a += k2; b += k0 + 5;
  return <u64>a | (<u64>b << 32);
}
