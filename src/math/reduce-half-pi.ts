import { double, HIGH, POWER_BIAS, powerOfTwo, words } from "./bits.ts";
import { productError, sumError } from "./double-double.ts";
import { ROUNDER } from "./exp-table.ts";

/** π/2 in pieces: two of 33 bits, whose products with integers below 2^20 are exact, and the rest. */
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487959506e-21;
/** π/2 rounded to a double, and what the rounding left over. */
const HALF_PI = 1.5707963267948966;
const HALF_PI_LOW = 6.123233995736766e-17;
const TWO_OVER_PI = 0.6366197723675814;

/** Result of {@link reduceHalfPi}: `remainder[0] + remainder[1]` = x - n π/2. */
export const remainder = new Float64Array(2);

/**
 * Subtracts the nearest multiple of π/2 from finite x: returns n mod 4 and leaves the difference, |difference| <= π/4
 * up to rounding and accurate to over 70 bits, in {@link remainder}.
 */
export function reduceHalfPi(x: number): number {
  if (Math.abs(x) < 1e6) {
    // Cody and Waite 1980: the first two products are exact.
    const n = x * TWO_OVER_PI + ROUNDER - ROUNDER;
    const a = x - n * HALF_PI_1;
    const b = -n * HALF_PI_2;
    const sum = a + b;
    const low = sumError(a, b, sum) - n * HALF_PI_3;
    // Next to a multiple of π/2 the difference has lost too many leading bits; the long way gets them all.
    if (Math.abs(sum) > 1e-8) {
      const high = sum + low;
      remainder[0] = high;
      remainder[1] = sum - high + low;
      return n & 3;
    }
  }
  return reduceLarge(x);
}

/** 2/π to 1248 bits: 0.a2f983… in base 16. */
const TWO_OVER_PI_HEX =
  "a2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2" +
  "e006492eea09d1921cfe1deb1cb129a73ee88235f52ebb4484e99c7026b45f7e413991d6398353" +
  "39f49c845f8bbdf9283b1ff897ffde05980fef2f118b5a0a6d1f6d367ecf27cb09b74f463f669e" +
  "5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d0856033046fc7b6babf0cfbc20";

/** The same in base 2^24: 2/π = Σ_j twoOverPi[j] · 2^(-24 (j + 1)). */
const twoOverPi = Float64Array.from({ length: 52 }, (_, j) =>
  Number.parseInt(TWO_OVER_PI_HEX.slice(6 * j, 6 * j + 6), 16),
);

const TWO_24 = 16777216;
const TWO_M24 = 1 / TWO_24;
/** The last 24-bit digits of x · 2/π that are computed: one before the point and eight behind. */
const COLUMNS = 9;
const digits = new Float64Array(COLUMNS);

/**
 * Payne and Hanek 1983, "Radian reduction for trigonometric functions": x = 2^(24 q) (a0 + a1 2^-24 + a2 2^-48 + a3
 * 2^-72) times the digits of 2/π, as in multiplication on paper; columns worth a multiple of 4 are left out. Every
 * column is below 2^50, so exact.
 */
function reduceLarge(x: number): number {
  const a = Math.abs(x);
  double[0] = a;
  const q = Math.floor(((words[HIGH] >> 20) - 1023) / 24);
  const scaled = a * powerOfTwo[POWER_BIAS - 24 * q];
  const a0 = Math.floor(scaled);
  const rest1 = (scaled - a0) * TWO_24;
  const a1 = Math.floor(rest1);
  const rest2 = (rest1 - a1) * TWO_24;
  const a2 = Math.floor(rest2);
  const a3 = (rest2 - a2) * TWO_24;

  let carry = 0;
  for (let column = COLUMNS - 1; column >= 0; column--) {
    const j = q - 1 + column;
    const sum =
      carry +
      a0 * digitOfTwoOverPi(j) +
      a1 * digitOfTwoOverPi(j - 1) +
      a2 * digitOfTwoOverPi(j - 2) +
      a3 * digitOfTwoOverPi(j - 3);
    carry = Math.floor(sum * TWO_M24);
    digits[column] = sum - carry * TWO_24;
  }
  let n = digits[0];
  let first = digits[1];
  if (first >= TWO_24 / 2) {
    first -= TWO_24;
    n += 1;
  }
  // Pairs of digits are exact doubles; adding them from the front keeps every bit that cancellation uncovers.
  const front = (first + digits[2] * TWO_M24) * TWO_M24;
  const middle = (digits[3] + digits[4] * TWO_M24) * (TWO_M24 * TWO_M24 * TWO_M24);
  const back = (digits[5] + digits[6] * TWO_M24) * (TWO_M24 * TWO_M24 * TWO_M24 * TWO_M24 * TWO_M24);
  const fraction = front + middle;
  const fractionLow = sumError(front, middle, fraction) + back;

  const product = fraction * HALF_PI;
  const productLow = productError(fraction, HALF_PI, product) + (fraction * HALF_PI_LOW + fractionLow * HALF_PI);
  const high = product + productLow;
  const low = product - high + productLow;
  remainder[0] = x < 0 ? -high : high;
  remainder[1] = x < 0 ? -low : low;
  return (x < 0 ? -n : n) & 3;
}

function digitOfTwoOverPi(j: number): number {
  return j < 0 ? 0 : twoOverPi[j];
}
