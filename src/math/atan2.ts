import { double, HIGH, POWER_BIAS, powerOfTwo, words } from "./bits.ts";
import { add, oddSeries, productError, quotient, sumError } from "./double-double.ts";

const PI = Math.PI;
const PI_LOW = 1.2246467991473532e-16;
const STEPS = 64;

/**
 * `atanTable[2 i]` + `atanTable[2 i + 1]` = atan(i/64), i = 0 … 64, summed from atan differences when the module is
 * loaded.
 */
const atanTable = new Float64Array(2 * (STEPS + 1));
let angle = { high: 0, low: 0 };
for (let i = 1; i <= STEPS; i++) {
  angle = add(angle, oddSeries(quotient(STEPS, STEPS * STEPS + i * (i - 1)), -1, 10));
  atanTable[2 * i] = angle.high;
  atanTable[2 * i + 1] = angle.low;
}

/**
 * The angle of the point (x, y) in (-π, π], error below 0.52 ulp, with ECMAScript's rules for zeros and infinities.
 * With the smaller coordinate over the larger near c = i/64, atan(s/l) = atan(c) + atan((s - c l)/(l + c s)).
 */
export function atan2(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const ax = Math.abs(x);
  const ay = Math.abs(y);
  const negativeY = y < 0 || (y === 0 && 1 / y < 0);
  const negativeX = x < 0 || (x === 0 && 1 / x < 0);
  const steep = ay > ax;
  const large = steep ? ay : ax;
  const small = steep ? ax : ay;

  let high: number;
  let low = 0;
  if (large === Number.POSITIVE_INFINITY) {
    high = small === Number.POSITIVE_INFINITY ? PI / 4 : 0;
    low = small === Number.POSITIVE_INFINITY ? PI_LOW / 4 : 0;
  } else if (large === 0 || small * 268435456 < large) {
    // atan(q) = q to 2^-57, and a result that is subnormal needs the division's own rounding.
    high = large === 0 ? 0 : small / large;
  } else {
    if (large < 1e-290) return atan2(y * 1152921504606847000, x * 1152921504606847000);
    double[0] = large;
    const scale = powerOfTwo[POWER_BIAS + 1023 - (words[HIGH] >> 20)];
    const l = large * scale;
    const s = small * scale;
    const i = Math.floor((s / l) * STEPS + 0.5);
    const c = i / STEPS;
    // l in halves: products with c, which has 7 bits, are exact.
    const lHigh = l + 201326592 - 201326592;
    const top = s - c * lHigh;
    const topLow = -c * (l - lHigh);
    const numerator = top + topLow;
    const numeratorLow = sumError(top, topLow, numerator);
    const cs = c * s;
    const denominator = l + cs;
    const denominatorLow = sumError(l, cs, denominator) + productError(c, s, cs);
    const t = numerator / denominator;
    const product = t * denominator;
    const tLow =
      (numerator - product - productError(t, denominator, product) + (numeratorLow - t * denominatorLow)) / denominator;
    const z = t * t;
    const tail = t * z * (-1 / 3 + z * (1 / 5 + z * (-1 / 7 + z * (1 / 9))));
    const base = atanTable[2 * i];
    const sum = base + t;
    const rest = sumError(base, t, sum) + (atanTable[2 * i + 1] + (tLow + tail));
    high = sum + rest;
    low = sum - high + rest;
  }
  // The octant: π/2 - angle across the diagonal, π - angle to the left of the vertical.
  if (steep) {
    const sum = PI / 2 - high;
    low = sumError(PI / 2, -high, sum) + (PI_LOW / 2 - low);
    high = sum;
  }
  if (negativeX) {
    const sum = PI - high;
    low = sumError(PI, -high, sum) + (PI_LOW - low);
    high = sum;
  }
  const result = high + low;
  return negativeY ? -result : result;
}
