// Random numbers: number for number and bit for bit the streams of src/random/random.ts, whose table says how many blocks each
// kind of draw takes. Words are first written where the numbers go, then turned into numbers in place.

import { blockAt, fillWords, nextOfFour } from "./threefry";
import { normalQuantiles } from "./quantile";
import { exp, join } from "./mathematics";
import { add, loadPart, mul, ragged, storePart, sub, zero } from "./lanes";
import { int, real, size } from "./row";

/** The largest T below x: where numbers of [low, x) end after rounding. */
function largestBelow<T>(x: f64): f64 {
  if (sizeof<T>() == 4) {
    const rounded = <f32>x;
    if (<f64>rounded < x) return <f64>rounded;
    if (rounded == 0) return -1.401298464324817e-45;
    return <f64>reinterpret<f32>(reinterpret<i32>(rounded) + (rounded > 0 ? -1 : 1));
  }
  if (x == 0) return -5e-324;
  return reinterpret<f64>(reinterpret<i64>(x) + (x > 0 ? -1 : 1));
}

/** low + range·u, below high, for two u's */
// @ts-ignore: decorator
@inline
function scaled(u: v128, low: v128, range: v128, largest: v128): v128 { return f64x2.pmin(add<f64>(low, mul<f64>(range, u)), largest); }

/** The 53 bits of two blocks as integers in float64. The halves stay below 2³¹, so their conversion is exact. */
// @ts-ignore: decorator
@inline
function bits53(words: v128): v128 {
  const high = f64x2.convert_low_i32x4_u(i32x4.shr_u(v128.shuffle<i32>(words, words, 0, 2, 0, 2), 5));
  const low = f64x2.convert_low_i32x4_u(i32x4.shr_u(v128.shuffle<i32>(words, words, 1, 3, 1, 3), 6));
  return add<f64>(mul<f64>(high, f64x2.splat(67108864)), low);
}

/** Op.RandomUniform: stream, out, n, low, high */
export function randomUniform<T>(p: usize): void {
  const n = size(p, 2), low = f64x2.splat(real(p, 3)), range = f64x2.splat(real(p, 4) - real(p, 3));
  const largest = f64x2.splat(largestBelow<T>(real(p, 4)));
  let out = size(p, 1);
  fillWords(size(p, 0), out, sizeof<T>() == 4 ? n : 2 * n);
  for (let i: usize = 0; i < n; i += 16 / sizeof<T>()) {
    const rest = n - i < 16 / sizeof<T>() ? n - i : 0;
    const words = rest ? loadPart<T>(out, rest, zero()) : v128.load(out);
    let v: v128;
    if (sizeof<T>() == 4) {
      const w = i32x4.shr_u(words, 8), step = f64x2.splat(1.0 / 16777216.0);
      v = join(
        scaled(mul<f64>(f64x2.convert_low_i32x4_s(w), step), low, range, largest),
        scaled(mul<f64>(f64x2.convert_low_i32x4_s(v128.shuffle<i32>(w, w, 2, 3, 2, 3)), step), low, range, largest));
    } else v = scaled(mul<f64>(bits53(words), f64x2.splat(1.1102230246251565e-16)), low, range, largest);
    if (rest) storePart<T>(out, rest, v); else v128.store(out, v);
    out += 16;
  }
}

/** Op.RandomNormal: stream, out, n, mean, std */
export function randomNormal<T>(p: usize): void {
  const n = size(p, 2), mean = f64x2.splat(real(p, 3)), std = f64x2.splat(real(p, 4));
  let out = size(p, 1);
  fillWords(size(p, 0), out, sizeof<T>() == 4 ? n : 2 * n);
  for (let i: usize = 0; i < n; i += 16 / sizeof<T>()) {
    const rest = n - i < 16 / sizeof<T>() ? n - i : 0;
    const words = rest ? loadPart<T>(out, rest, zero()) : v128.load(out);
    let v: v128;
    if (sizeof<T>() == 4) {
      v = join(
        add<f64>(mean, mul<f64>(std, normalQuantiles(centred(f64x2.convert_low_i32x4_u(words))))),
        add<f64>(mean, mul<f64>(std, normalQuantiles(centred(f64x2.convert_low_i32x4_u(v128.shuffle<i32>(words, words, 2, 3, 2, 3)))))));
    } else {
      const q = mul<f64>(add<f64>(sub<f64>(bits53(words), f64x2.splat(4503599627370496)), f64x2.splat(0.5)), f64x2.splat(1.1102230246251565e-16));
      v = add<f64>(mean, mul<f64>(std, normalQuantiles(q)));
    }
    if (rest) storePart<T>(out, rest, v); else v128.store(out, v);
    out += 16;
  }
}

/** (w + ½)·2⁻³² − ½ */
// @ts-ignore: decorator
@inline
function centred(w: v128): v128 { return add<f64>(mul<f64>(w, f64x2.splat(2.3283064365386963e-10)), f64x2.splat(0.5 * 2.3283064365386963e-10 - 0.5)); }

/** Words whose product with the bound has a low half below this are rejected (Lemire 2019, algorithm 5). */
// @ts-ignore: decorator
@inline
function rejectBelow(bound: u64): u64 { return ((<u64>1 << 32) - bound) % bound; }

// @ts-ignore: decorator
@inline
function wordAt(stream: usize, start: u64, index: u64): u64 {
  const block = blockAt(stream, start + (index >> 1));
  return index & 1 ? block >> 32 : block & 0xffffffff;
}

/** Op.RandomIntegers: stream, out, n, bound. After a rejection the numbers lag behind the words, which lie in the same place. */
export function randomIntegers<T>(p: usize): void {
  const stream = size(p, 0), out = size(p, 1), n = <u64>size(p, 2), bound = <u64>real(p, 3);
  const start = load<u64>(stream, 8), reject = rejectBelow(bound);
  fillWords(stream, out, <usize>n);
  let used: u64 = 0;
  for (let i: u64 = 0; i < n; i++) {
    let product: u64;
    do {
      const word = used < n ? <u64>load<u32>(out + (<usize>used << 2)) : wordAt(stream, start, used);
      product = word * bound;
      used++;
    } while ((product & 0xffffffff) < reject);
    store<u32>(out + (<usize>i << 2), <u32>(product >> 32));
  }
  store<u64>(stream, start + ((used + 1) >> 1), 8);
}

/** Op.RandomPermutation: stream, out, n (Fisher and Yates; Knuth, TAOCP 2, 3.4.2 P) */
export function randomPermutation<T>(p: usize): void {
  const stream = size(p, 0), out = size(p, 1), n = size(p, 2), start = load<u64>(stream, 8);
  for (let i: usize = 0; i < n; i++) store<u32>(out + (i << 2), <u32>i);
  let block: u64 = 0, used: u64 = 0;
  for (let i = n; i > 1; i--) {
    const bound = <u64>i;
    let product: u64;
    do {
      block = used & 1 ? block >> 32 : blockAt(stream, start + (used >> 1));
      product = (block & 0xffffffff) * bound;
      used++;
    } while ((product & 0xffffffff) < bound && (product & 0xffffffff) < rejectBelow(bound));
    const last = out + ((i - 1) << 2), other = out + (<usize>(product >> 32) << 2);
    const item = load<u32>(last);
    store<u32>(last, load<u32>(other));
    store<u32>(other, item);
  }
  store<u64>(stream, start + ((used + 1) >> 1), 8);
}

/** Op.RandomCategorical: stream, logits, out, rows, cols. One block a row, as Random.uniform; the sums are float64, in order. */
export function randomCategorical<T>(p: usize): void {
  const S = sizeof<T>();
  const stream = size(p, 0), cols = size(p, 4);
  let x = size(p, 1), out = size(p, 2), counter = load<u64>(stream, 8);
  for (let r = size(p, 3); r; r--) {
    let largest = load<T>(x);
    for (let c: usize = 1; c < cols; c++) largest = max<T>(largest, load<T>(x + c * S));
    const total = running<T>(x, cols, largest, Infinity);
    const block = blockAt(stream, counter);
    const u = (<f64>(<u32>block >> 5) * 67108864.0 + <f64>(<u32>(block >> 32) >> 6)) * 1.1102230246251565e-16;
    store<i32>(out, <i32>running<T>(x, cols, largest, u * total));
    counter++;
    x += cols * S;
    out += 4;
  }
  store<u64>(stream, counter, 8);
}

/** Room for four blocks. */
const blocks = memory.data(32, 16);

/** Op.RandomOutcomes: streams (int32 [n, 4]), first (int32 [rows + 1]), limits (float64), rows (int32 [n]), out (int32 [n]), n, row count of the table */
export function randomOutcomes<T>(p: usize): void {
  const first = size(p, 1), limits = size(p, 2);
  let streams = size(p, 0), rows = size(p, 3), out = size(p, 4), n = size(p, 5);
  // Rows that there are not would lead anywhere: they are taken for the last.
  const lastRow = size(p, 6) - 1;
  for (; n >= 4; n -= 4) {
    nextOfFour(streams, blocks);
    for (let i: usize = 0; i < 4; i++) {
      outcome(streams + (i << 4), first + (min<usize>(load<u32>(rows + (i << 2)), lastRow) << 2), limits, out + (i << 2), load<u64>(blocks + (i << 3)));
    }
    streams += 64;
    rows += 16;
    out += 16;
  }
  for (; n; n--) {
    outcome(streams, first + (min<usize>(load<u32>(rows), lastRow) << 2), limits, out, blockAt(streams, load<u64>(streams, 8)));
    streams += 16;
    rows += 4;
    out += 4;
  }
}

/** The outcome that a block selects, by its 53 bits as Random.uniform. Nothing branches on it: it cannot be predicted. */
// @ts-ignore: decorator
@inline
function outcome(stream: usize, row: usize, limits: usize, out: usize, block: u64): void {
  const from = load<u32>(row), last = load<u32>(row, 4) - 1;
  const u = (<f64>(<i32>(<u32>block >> 5)) * 67108864.0 + <f64>(<i32>(<u32>(block >> 32) >> 6))) * 1.1102230246251565e-16;
  let chosen = from;
  for (let i = from; i < last; i++) chosen += u32(u >= load<f64>(limits + (<usize>i << 3)));
  store<u32>(out, chosen);
  store<u64>(stream, load<u64>(stream, 8) + u64(from < last), 8);
}

/** Σ exp(x − largest), or the first index at which it exceeds the threshold. */
function running<T>(x: usize, cols: usize, largest: T, threshold: f64): f64 {
  const S = sizeof<T>();
  const origin = v128.splat<T>(largest);
  let sum: f64 = 0;
  for (let c: usize = 0; c < cols; c++) {
    sum += <f64>v128.extract_lane<T>(exp<T>(sub<T>(v128.splat<T>(load<T>(x + c * S)), origin)), 0);
    if (sum > threshold) return <f64>c;
  }
  return threshold == Infinity ? sum : <f64>(cols - 1);
}
