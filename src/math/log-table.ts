import { double, HIGH, LOW, words } from "./bits.ts";
import { add, oddSeries, quotient } from "./double-double.ts";

/**
 * The logarithm works on m in [0.6875, 1.375), cut into 128 intervals by the leading bits of the double. For interval
 * i, `logTable[3 i]` is 1/c of about the middle in units of 1/512, so that (1/c)·m - 1 can be computed without error;
 * `logTable[3 i + 1]` is ln c rounded to a multiple of 2^-42, so that k ln2 + ln c can be too; `logTable[3 i + 2]` is
 * the rest of ln c. The two intervals around 1 have c = 1 and ln c = 0, which keeps ln x accurate relative to itself
 * there.
 */
export const logTable = new Float64Array(3 * 128);

/** High word of 0.6875: the start of the range of m. */
export const LOG_START = 0x3fe60000;

/** ln 2 as a multiple of 2^-42 and the rest. */
export const LN2_HIGH = 0.6931471805598903;
export const LN2_LOW = 5.497923018708371e-14;

/**
 * Adding and subtracting 1.5·2^27 rounds a number near 1 to a multiple of 2^-25, an exact split into two short
 * halves.
 */
export const HALVER = 201326592;

function reciprocal512(interval: number): number {
  words[HIGH] = LOG_START + (interval << 13) + (1 << 12);
  words[LOW] = 0;
  const middle = double[0];
  return middle > 1 - 1 / 256 && middle < 1 + 1 / 128 ? 512 : Math.floor(512 / middle + 0.5);
}

/** From one interval to the next, ln(a/b) = 2 atanh((a - b)/(a + b)) with an argument below 1/128. */
function fill(from: number, to: number, direction: 1 | -1): void {
  let log = { high: 0, low: 0 };
  let previous = 512;
  for (let i = from; i !== to; i += direction) {
    const n = reciprocal512(i);
    const atanh = oddSeries(quotient(previous - n, previous + n), 1, 8);
    log = add(log, { high: 2 * atanh.high, low: 2 * atanh.low });
    previous = n;
    const rounded = log.high + 1536 - 1536;
    logTable[3 * i] = n / 512;
    logTable[3 * i + 1] = rounded;
    logTable[3 * i + 2] = log.high - rounded + log.low;
  }
}

const intervalOfOne = (0x3ff00000 - LOG_START) >> 13;
fill(intervalOfOne, 128, 1);
fill(intervalOfOne - 1, -1, -1);
