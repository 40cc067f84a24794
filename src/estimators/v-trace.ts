import { ConfigError } from "../errors.ts";
import {
  checkFraction,
  checkLength,
  checkValuedTransitions,
  type FloatArray,
  type ValuedTransitions,
} from "./transitions.ts";

export interface VTraceInput extends ValuedTransitions {
  /** [T, N] importance ratios π(a_t|s_t) / μ(a_t|s_t), target policy over behaviour policy; not negative. */
  readonly ratios: FloatArray;
}

export interface VTraceOptions {
  readonly gamma: number;
  /**
   * ρ̄ of the paper: where ratios in δ_t are cut, which decides the policy whose value is the fixed point. Default 1.
   */
  readonly rhoBar?: number;
  /** c̄ of the paper, at most `rhoBar`: where ratios in the trace are cut, which decides the variance. Default 1. */
  readonly cBar?: number;
  /** λ of the paper's remark 2, a further factor of every c_i. Default 1. */
  readonly lambda?: number;
}

export interface VTraceResult<A extends FloatArray> {
  /** [T, N] v_t, the targets of the critic. */
  readonly targets: A;
  /** [T, N] ρ_t (r_t + γ v_{t+1} - V(s_t)), the weights of ∇ log π (section 4.2). */
  readonly advantages: A;
}

/**
 * V-trace (Espeholt et al. 2018, "IMPALA: Scalable distributed deep-RL with importance weighted actor-learner
 * architectures", eq. 1, as the recursion of remark 1):
 *
 *     δ_t = ρ_t (r_t + γ V(s_{t+1}) - V(s_t))        ρ_t = min(ρ̄, ratio_t)        c_t = λ min(c̄, ratio_t)
 *     v_t = V(s_t) + δ_t + γ c_t (v_{t+1} - V(s_{t+1}))
 *
 * V(s_{t+1}) is `nextValues`, 0 where step t terminated; the recursion stops after a step that terminated or was
 * truncated, and after the last row. On-policy (all ratios 1) v_t is the λ-return.
 *
 * Writes into `out` where given, which must not be inputs. ShapeError for lengths; ConfigError unless gamma and
 * lambda are in [0, 1] and rhoBar >= cBar >= 0.
 */
export function vTrace<A extends FloatArray = Float64Array>(
  input: VTraceInput,
  { gamma, rhoBar = 1, cBar = 1, lambda = 1 }: VTraceOptions,
  out?: VTraceResult<A>,
): VTraceResult<A> {
  const size = checkValuedTransitions(input, out?.targets);
  const { steps, envs, rewards, values, nextValues, terminated, truncated, ratios } = input;
  checkLength("ratios", ratios, size, steps, envs);
  if (out) checkLength("out.advantages", out.advantages, size, steps, envs);
  checkFraction("gamma", gamma);
  checkFraction("lambda", lambda);
  if (!(cBar >= 0)) throw new ConfigError({ field: "cBar", value: cBar, allowed: "a number not below 0" });
  if (!(rhoBar >= cBar)) throw new ConfigError({ field: "rhoBar", value: rhoBar, allowed: `at least cBar (${cBar})` });

  const targets = out?.targets ?? (new Float64Array(size) as A);
  const advantages = out?.advantages ?? (new Float64Array(size) as A);
  for (let n = 0; n < envs; n++) {
    // v_{t+1} - V(s_{t+1}), 0 behind an end.
    let correction = 0;
    for (let i = size - envs + n; i >= 0; i -= envs) {
      if (terminated[i] || truncated[i]) correction = 0;
      const bootstrap = terminated[i] ? 0 : nextValues[i];
      const rho = Math.min(rhoBar, ratios[i]);
      const c = lambda * Math.min(cBar, ratios[i]);
      advantages[i] = rho * (rewards[i] + gamma * (bootstrap + correction) - values[i]);
      correction = rho * (rewards[i] + gamma * bootstrap - values[i]) + gamma * c * correction;
      targets[i] = values[i] + correction;
    }
  }
  return { targets, advantages };
}
