import { checkSameLength, mean, sumOfSquares } from "./moments.ts";
import type { FloatArray } from "./transitions.ts";

/**
 * (A_i - mean) / (std + 1e-8) over a minibatch [B], with the unbiased standard deviation (divisor B - 1), as
 * Stable-Baselines3's PPO does. One number alone has no deviation and is returned as it is. Returns `out`, which may
 * be `advantages`. ShapeError if empty or if the lengths differ.
 */
export function normalizeAdvantages<A extends FloatArray = Float64Array>(advantages: FloatArray, out?: A): A {
  const center = mean(advantages, "advantages");
  const count = advantages.length;
  const result = out ?? (new Float64Array(count) as A);
  checkSameLength("out", result, advantages);
  if (count === 1) {
    result[0] = advantages[0];
    return result;
  }
  const std = Math.sqrt(sumOfSquares(advantages, center) / (count - 1));
  for (let i = 0; i < count; i++) result[i] = (advantages[i] - center) / (std + 1e-8);
  return result;
}
