import { productError } from "./double-double.ts";
import { expLow, expPair } from "./exp-pair.ts";
import { logLow, logPair } from "./log-pair.ts";

const TWO_64 = 4294967296 * 4294967296;

/**
 * x^y = e^(y ln x) with ln x to 66 bits, error below 0.53 ulp (1 where the result is subnormal); exact whenever the
 * exact result is a double. Special cases are ECMAScript's (`**`): NaN for x < 0 with fractional y, for any x with y
 * NaN, and for 1^±Infinity; 1 for y = ±0.
 */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const a = Math.abs(x);
  if (Math.abs(y) === Number.POSITIVE_INFINITY) {
    return a === 1 ? Number.NaN : a > 1 === y > 0 ? Number.POSITIVE_INFINITY : 0;
  }
  const negative = (x < 0 || (x === 0 && 1 / x < 0)) && isOdd(y);
  if (a === 0 || a === Number.POSITIVE_INFINITY) {
    const size = (a === 0) === y > 0 ? 0 : Number.POSITIVE_INFINITY;
    return negative ? -size : size;
  }
  if (x < 0 && Math.floor(y) !== y) return Number.NaN;
  const size = powPositive(a, y);
  return negative ? -size : size;
}

function powPositive(x: number, y: number): number {
  // ln 1 = 0 would pass the range check below with an exponent too large to be split.
  if (x === 1) return 1;
  const log = logPair(x, 0);
  const logRest = logLow[0];
  const high = y * log;
  if (!(Math.abs(high) < 746)) return high > 0 ? Number.POSITIVE_INFINITY : 0;
  const low = productError(y, log, high) + y * logRest;
  if (high > -700 && high < 700) {
    const power = expPair(high, low, 0);
    return power + expLow[0];
  }
  const scale = high > 0 ? 64 : -64;
  const scaled = expPair(high, low, scale) + expLow[0];
  return high > 0 ? scaled * TWO_64 : scaled / TWO_64;
}

function isOdd(y: number): boolean {
  return Math.abs(y) < 9007199254740992 && Math.floor(y) === y && Math.floor(y / 2) * 2 !== y;
}
