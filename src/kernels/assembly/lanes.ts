// Vectors of T and their ragged ends. The last, partial vector goes through the same instructions as the full ones, padded with
// a harmless value, so that a result never depends on where in an array an element stands.

// @ts-ignore: decorator
@inline
export function lanes<T>(): usize { return 16 / sizeof<T>(); }

/** How many elements are left for the partial vector. */
// @ts-ignore: decorator
@inline
export function ragged<T>(n: usize): usize { return n & (lanes<T>() - 1); }

/** Bytes of the full vectors in n elements. */
// @ts-ignore: decorator
@inline
export function wholeBytes<T>(n: usize): usize { return (n & ~(lanes<T>() - 1)) * sizeof<T>(); }

/** The first r elements at x (1 <= r < lanes), the other lanes from `pad`. */
// @ts-ignore: decorator
@inline
export function loadPart<T>(x: usize, r: usize, pad: v128): v128 {
  if (sizeof<T>() == 8) return v128.load64_lane(x, pad, 0);
  let v = v128.load32_lane(x, pad, 0);
  if (r > 1) v = v128.load32_lane(x, v, 1, 4);
  if (r > 2) v = v128.load32_lane(x, v, 2, 8);
  return v;
}

// @ts-ignore: decorator
@inline
export function storePart<T>(x: usize, r: usize, v: v128): void {
  if (sizeof<T>() == 8) { v128.store64_lane(x, v, 0); return; }
  v128.store32_lane(x, v, 0);
  if (r > 1) v128.store32_lane(x, v, 1, 4);
  if (r > 2) v128.store32_lane(x, v, 2, 8);
}

/** A full vector where r is 0, else the first r elements, padded with zeros. */
// @ts-ignore: decorator
@inline
export function get<T>(x: usize, r: usize): v128 { return r ? loadPart<T>(x, r, zero()) : v128.load(x); }
// @ts-ignore: decorator
@inline
export function put<T>(x: usize, r: usize, v: v128): void { if (r) storePart<T>(x, r, v); else v128.store(x, v); }

// @ts-ignore: decorator
@inline
export function splat<T>(x: f64): v128 {
  if (sizeof<T>() == 4) return f32x4.splat(<f32>x);
  return f64x2.splat(x);
}

// Vector constants are read from memory: engines build a v128.const anew in every turn of a loop, which costs more than twice a
// load (a rational tanh takes 1.70 ns an element with them, 0.89 ns with loads, 0.71 ns with loads before the loop).

// @ts-ignore: decorator
@lazy @inline const ONE32 = memory.data<f32>([1.0]);
// @ts-ignore: decorator
@lazy @inline const ONE64 = memory.data<f64>([1.0]);

/** 1 in every lane */
// @ts-ignore: decorator
@inline
export function one<T>(): v128 { return sizeof<T>() == 4 ? v128.load32_splat(ONE32) : v128.load64_splat(ONE64); }

/** Entry i of a float32 table in every lane */
// @ts-ignore: decorator
@inline
export function k32(table: usize, i: usize = 0): v128 { return v128.load32_splat(table + 4 * i); }

/** Entry i of a float64 table in every lane */
// @ts-ignore: decorator
@inline
export function k64(table: usize, i: usize = 0): v128 { return v128.load64_splat(table + 8 * i); }

// @ts-ignore: decorator
@inline
export function zero(): v128 { return i32x4.splat(0); }

/** Bits of `yes` where the mask is set, else of `no`. */
// @ts-ignore: decorator
@inline
export function select(mask: v128, yes: v128, no: v128): v128 { return v128.bitselect(yes, no, mask); }

// @ts-ignore: decorator
@inline
export function add<T>(a: v128, b: v128): v128 { return v128.add<T>(a, b); }
// @ts-ignore: decorator
@inline
export function sub<T>(a: v128, b: v128): v128 { return v128.sub<T>(a, b); }
// @ts-ignore: decorator
@inline
export function mul<T>(a: v128, b: v128): v128 { return v128.mul<T>(a, b); }
// @ts-ignore: decorator
@inline
export function div<T>(a: v128, b: v128): v128 { return v128.div<T>(a, b); }

/** Sum of the lanes: (0 + 2) + (1 + 3) in float32, 0 + 1 in float64. */
// @ts-ignore: decorator
@inline
export function sumLanes<T>(v: v128): T {
  if (sizeof<T>() == 4) {
    const pair = f32x4.add(v, v128.shuffle<i32>(v, v, 2, 3, 2, 3));
    return <T>(f32x4.extract_lane(pair, 0) + f32x4.extract_lane(pair, 1));
  }
  return <T>(f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1));
}

/** Largest lane; NaN if any lane is. */
// @ts-ignore: decorator
@inline
export function maxLanes<T>(v: v128): T {
  if (sizeof<T>() == 4) {
    const pair = f32x4.max(v, v128.shuffle<i32>(v, v, 2, 3, 2, 3));
    return <T>max(f32x4.extract_lane(pair, 0), f32x4.extract_lane(pair, 1));
  }
  return <T>max(f64x2.extract_lane(v, 0), f64x2.extract_lane(v, 1));
}

/** Stores four rows of four numbers as columns, `row` bytes apart. */
// @ts-ignore: decorator
@inline
export function storeTransposed(r0: v128, r1: v128, r2: v128, r3: v128, to: usize, row: usize): void {
  const t0 = i32x4.shuffle(r0, r1, 0, 4, 1, 5), t1 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
  const t2 = i32x4.shuffle(r2, r3, 0, 4, 1, 5), t3 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
  v128.store(to, i64x2.shuffle(t0, t2, 0, 2)); to += row;
  v128.store(to, i64x2.shuffle(t0, t2, 1, 3)); to += row;
  v128.store(to, i64x2.shuffle(t1, t3, 0, 2)); to += row;
  v128.store(to, i64x2.shuffle(t1, t3, 1, 3));
}
