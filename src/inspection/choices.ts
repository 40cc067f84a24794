import type { GradientStep } from "../algorithms/listener.ts";
import type { Distribution } from "../distributions/index.ts";
import { exp } from "../math/index.ts";
import { noGrad, plan } from "../tensor/index.ts";

/** Actions that are numbers count as exploratory from here on, in standard deviations. */
const FAR = 1;

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
      const best = step.greedy?.() ?? now.mode();
      return { best, logProbs: now.logProb(actions), bestLogProbs: logProbOf(now, best) };
    }),
  );
  const width = actions.size / batch;
  const areNumbers = actions.dtype !== "int32";
  return () => {
    const { best, logProbs, bestLogProbs } = look.run();
    const count = step.count?.() ?? batch;
    const probability = Float64Array.from({ length: count }, (_, i) => exp(logProbs.data[i]!));
    if (!areNumbers) {
      const differs = (i: number) => {
        for (let k = i * width; k < (i + 1) * width; k++) if (best.data[k] !== actions.data[k]) return true;
        return false;
      };
      return { probability, exploratory: Uint8Array.from({ length: count }, (_, i) => +differs(i)) };
    }
    // A Gaussian's density falls by exp(−½‖z‖²) from its mean to a point z standard deviations away.
    const distance = Float64Array.from({ length: count }, (_, i) =>
      Math.sqrt(Math.max(0, (2 * (bestLogProbs!.data[i]! - logProbs.data[i]!)) / width)),
    );
    return { probability, distance, exploratory: Uint8Array.from(distance, (d) => +(d > FAR)) };
  };
}

/** log π of the best actions, where these are numbers. */
function logProbOf(policy: Distribution, best: ReturnType<Distribution["mode"]>) {
  return best.dtype === "int32" ? undefined : policy.logProb(best);
}
