/**
 * Numbers of about 106 bits as the unevaluated sum of two doubles (Dekker 1971, "A floating-point technique for
 * extending the available precision"; Knuth, TAOCP 2, 4.2.2). The error functions return one number and are used on hot
 * paths; the {@link DoubleDouble} operations allocate and only build tables when a module is loaded.
 */

/** 2^27 + 1: Veltkamp's constant, splits a double into two halves of at most 26 bits. */
const SPLITTER = 134217729;

/** The exact `a + b - sum` where `sum = a + b` rounded; any magnitudes. */
export function sumError(a: number, b: number, sum: number): number {
  const virtual = sum - a;
  return a - (sum - virtual) + (b - virtual);
}

/** The exact `a * b - product` where `product = a * b` rounded; |a|, |b| below 2^995, and no underflow. */
export function productError(a: number, b: number, product: number): number {
  const aSplit = SPLITTER * a;
  const aHigh = aSplit - (aSplit - a);
  const aLow = a - aHigh;
  const bSplit = SPLITTER * b;
  const bHigh = bSplit - (bSplit - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** `high + low`, with |low| at most half a unit in the last place of `high`. */
export interface DoubleDouble {
  readonly high: number;
  readonly low: number;
}

/** The sum of two doubles with |a| >= |b| or a = 0, as a pair. */
function normalised(a: number, b: number): DoubleDouble {
  const high = a + b;
  return { high, low: a - high + b };
}

export function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const high = a.high + b.high;
  return normalised(high, sumError(a.high, b.high, high) + a.low + b.low);
}

export function multiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const high = a.high * b.high;
  return normalised(high, productError(a.high, b.high, high) + (a.high * b.low + a.low * b.high));
}

/** The quotient of two doubles as a pair. */
export function quotient(a: number, b: number): DoubleDouble {
  const high = a / b;
  const product = high * b;
  return normalised(high, (a - product - productError(high, b, product)) / b);
}

export function squareRoot(a: DoubleDouble): DoubleDouble {
  const high = Math.sqrt(a.high);
  const square = high * high;
  return normalised(high, (a.high - square - productError(high, high, square) + a.low) / (2 * high));
}

/**
 * The odd series s + sign·s³/3 + s⁵/5 + …: atanh(s) for `sign` 1, atan(s) for -1, by summing from the smallest term.
 * Needs |s| <= 1/64 for the `terms` used here to reach 106 bits.
 */
export function oddSeries(s: DoubleDouble, sign: 1 | -1, terms: number): DoubleDouble {
  const square = multiply(s, s);
  const signedSquare = { high: sign * square.high, low: sign * square.low };
  let sum = quotient(1, 2 * terms - 1);
  for (let n = 2 * terms - 3; n >= 1; n -= 2) sum = add(quotient(1, n), multiply(signedSquare, sum));
  return multiply(s, sum);
}
