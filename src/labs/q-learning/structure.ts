/**
 * Structure in the place of a search: Q(a) = V − ½ (a − μ)ᵀ L Lᵀ (a − μ) (Gu et al. 2016, section 4, as `naf` has it), whose maximum is
 * read off: it is at μ. Fitted to looks at random actions.
 */
import { quadraticAdvantage, triangularSize } from "../../algorithms/naf/quadratic-advantage.ts";
import { repeatRows } from "../../algorithms/off-policy/critics.ts";
import { adam } from "../../nn/index.ts";
import type { Random } from "../../random/index.ts";
import { add, backward, mseLoss, mul, parameter, plan, reshape, tensor } from "../../tensor/index.ts";

const STEPS = 150;
const LEARNING_RATE = 0.1;

type Value = (action: readonly number[]) => number;

/**
 * What each of the values is at the μ that was fitted to it, which is the last look at it.
 * @param randoms one for each
 */
export function structured(
  values: readonly Value[],
  dimensions: number,
  looks: number,
  randoms: readonly Random[],
): number[] {
  const [count, each] = [values.length, looks - 1];
  const actions = randoms.flatMap((random) =>
    Array.from({ length: each }, () => Array.from({ length: dimensions }, () => 2 * random.uniform() - 1)),
  );
  const seen = actions.map((action, i) => values[Math.floor(i / each)]!(action));
  const zeros = (width: number) => parameter(new Float32Array(count * width), [count, width]);
  // All are fitted at once, each by numbers of its own.
  const fitted = {
    v: zeros(1),
    mean: zeros(dimensions),
    entries: zeros(triangularSize(dimensions)),
  };
  const optimiser = adam(fitted, { learningRate: LEARNING_RATE });
  const [tried, targets] = [tensor(actions), tensor(seen)];
  const update = plan({}, () => {
    const rows = (of: keyof typeof fitted) => repeatRows(fitted[of], each);
    const found = add(reshape(rows("v"), [-1]), quadraticAdvantage(tried, rows("mean"), rows("entries")));
    optimiser.update(backward(mul(mseLoss(found, targets), count)));
  });
  for (let i = 0; i < STEPS; i++) update.run();
  const { data } = fitted.mean;
  return values.map((value, k) => {
    const mean = Array.from(data.subarray(k * dimensions, (k + 1) * dimensions));
    return value(mean.map((m) => Math.min(1, Math.max(-1, m))));
  });
}
