/** Means over repetitions, with what is known of them. */
import { bootstrapInterval } from "../estimators/index.ts";
import type { Interval } from "../inspection/index.ts";
import { Key } from "../random/index.ts";

export type { Interval };

/** The mean of the repetitions' values and its 95 % bootstrap interval. Same values, same interval. */
export function intervalOf(values: ArrayLike<number>): Interval {
  const random = Key.fromSeed(0).split("intervals").stream();
  const [low, high] = bootstrapInterval(values, meanOf, random, { resamples: 1000 });
  return { mean: meanOf(values), low, high };
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** `1.23 [1.1, 1.4]` */
export function showInterval({ mean, low, high }: Interval): string {
  return `${showNumber(mean)} [${showNumber(low)}, ${showNumber(high)}]`;
}

/** Three digits. */
export function showNumber(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e5)) return String(Number(value.toPrecision(3)));
  return value.toExponential(1);
}
