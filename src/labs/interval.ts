/** Means over repetitions, with what is known of them. */
import { bootstrapInterval } from "../estimators/index.ts";
import type { Interval } from "../inspection/index.ts";
import { meanOf } from "../inspection/mean-of.ts";
import { Key } from "../random/index.ts";

export { type Interval, meanOf };

/** The mean of the repetitions' values and its 95 % bootstrap interval. Same values, same interval. */
export function intervalOf(values: ArrayLike<number>): Interval {
  const random = Key.fromSeed(0).split("intervals").stream();
  const [low, high] = bootstrapInterval(values, meanOf, random, { resamples: 1000 });
  return { mean: meanOf(values), low, high };
}
