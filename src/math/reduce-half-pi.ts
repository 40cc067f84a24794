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

/** 2/π = Σ_j TWO_OVER_PI_DIGITS[j] · 2^(-24 (j + 1)). */
const TWO_OVER_PI_DIGITS = Float64Array.of(
  0xa2f983,
  0x6e4e44,
  0x1529fc,
  0x2757d1,
  0xf534dd,
  0xc0db62,
  0x95993c,
  0x439041,
  0xfe5163,
  0xabdebb,
  0xc561b7,
  0x246e3a,
  0x424dd2,
  0xe00649,
  0x2eea09,
  0xd1921c,
  0xfe1deb,
  0x1cb129,
  0xa73ee8,
  0x8235f5,
  0x2ebb44,
  0x84e99c,
  0x7026b4,
  0x5f7e41,
  0x3991d6,
  0x398353,
  0x39f49c,
  0x845f8b,
  0xbdf928,
  0x3b1ff8,
  0x97ffde,
  0x05980f,
  0xef2f11,
  0x8b5a0a,
  0x6d1f6d,
  0x367ecf,
  0x27cb09,
  0xb74f46,
  0x3f669e,
  0x5fea2d,
  0x7527ba,
  0xc7ebe5,
  0xf17b3d,
  0x0739f7,
  0x8a5292,
  0xea6bfb,
  0x5fb11f,
  0x8d5d08,
  0x560330,
  0x46fc7b,
  0x6babf0,
  0xcfbc20,
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
  return j < 0 ? 0 : TWO_OVER_PI_DIGITS[j];
}
