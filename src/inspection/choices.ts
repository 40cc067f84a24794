import type { GradientStep } from "../algorithms/listener.ts";
import { type Distribution, SquashedGaussian } from "../distributions/index.ts";
import { exp } from "../math/index.ts";
import { atanh, clip, noGrad, plan } from "../tensor/index.ts";

/** Actions that are numbers count as exploratory from here on, in standard deviations. */
const FAR = 1;

/** How close to ±1 a squashed action may be: the last float32 before. */
const LIMIT = 1 - 2 ** -23;

/** How the actions of N samples look to the policy as it is now. */
export interface Choices {
  /**
   * 1 where the action is exploratory: not the best one; of numbers, where the root mean square of their distances from the
   * mean is above one standard deviation.
   */
  readonly exploratory: Uint8Array;
  /** Probability of the action, of numbers its density. */
  readonly probability: Float64Array;
  /** Of numbers: that distance, √(Σ ((a − μ)/σ)² / A). */
  readonly distance?: Float64Array;
}

/** Records what a step's actions are compared with; undefined where the step has no policy. */
export function measureChoices(step: GradientStep): (() => Choices) | undefined {
  const { actions, policy, batch } = step;
  if (actions === undefined || policy === undefined) return undefined;
  const look = plan({}, () =>
    noGrad(() => {
      const now = policy();
      const logProbs = now.logProb(actions);
      if (actions.dtype === "int32") return { logProbs, best: step.greedy?.() ?? now.mode() };
      // Distances are those before tanh, where the policy is a Gaussian; not further out than its inverse is exact.
      const isSquashed = now instanceof SquashedGaussian;
      const gaussian: Distribution = isSquashed ? now.gaussian : now;
      const drawn = isSquashed ? atanh(clip(actions, -LIMIT, LIMIT)) : actions;
      return { logProbs, height: gaussian.logProb(drawn), peak: gaussian.logProb(gaussian.mode()) };
    }),
  );
  const width = actions.size / batch;
  return () => {
    const { logProbs, best, height, peak } = look.run();
    const count = step.count?.() ?? batch;
    const probability = new Float64Array(count);
    const exploratory = new Uint8Array(count);
    for (let i = 0; i < count; i++) probability[i] = exp(logProbs.data[i]!);
    if (best !== undefined) {
      const [chosen, favourite] = [actions.data, best.data];
      for (let k = 0; k < count * width; k++) if (chosen[k] !== favourite[k]) exploratory[Math.floor(k / width)] = 1;
      return { probability, exploratory };
    }
    const distance = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      // A Gaussian's density falls by exp(−½‖z‖²) from its mean to a point z standard deviations away.
      distance[i] = Math.sqrt(Math.max(0, (2 * (peak.data[i]! - height.data[i]!)) / width));
      exploratory[i] = +(distance[i]! > FAR);
    }
    return { probability, distance, exploratory };
  };
}
