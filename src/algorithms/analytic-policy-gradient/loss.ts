import type { DifferentiableDynamics } from "../../envs/index.ts";
import { add, affine, mean, mul, reshape, slice, square, stack, type Tensor } from "../../tensor/index.ts";
import type { BoundedActorCritic } from "./bounded-actor-critic.ts";

/** Where a window begins, and what it depends on besides the policy. */
export interface WindowInputs {
  /** `[N, S]` s_0 */
  readonly states: Tensor;
  /** `[T, N, A]` ε_0 … ε_{T−1} */
  readonly noise: Tensor;
  /** `[N]` 0 where s_T is terminal, else 1. */
  readonly continues: Tensor;
}

export interface ShortHorizonOptions {
  readonly gamma: number;
  readonly saturationCoef: number;
}

/**
 * −J of a window: minus the discounted rewards of T steps and of V behind them, per environment and step. `total`, with the penalty
 * on saturation, is what to differentiate; `saturation` is the mean square of what goes into tanh, `rewards` are `[T, N]`.
 */
export function shortHorizonLoss(
  network: BoundedActorCritic,
  dynamics: DifferentiableDynamics,
  { noise, continues, ...start }: WindowInputs,
  { gamma, saturationCoef }: ShortHorizonOptions,
) {
  const [steps, envs, actionSize] = noise.shape as [number, number, number];
  const rewards: Tensor[] = [];
  const squares: Tensor[] = [];
  let states = start.states;
  let discount = 1;
  let returns: Tensor | undefined;
  for (let t = 0; t < steps; t++) {
    const policy = network.policy(dynamics.observe(states));
    const next = dynamics.step(states, policy.transform(reshape(slice(noise, 0, t, t + 1), [envs, actionSize])));
    const discounted = mul(next.rewards, discount);
    returns = returns === undefined ? discounted : add(returns, discounted);
    rewards.push(next.rewards);
    squares.push(mean(square(policy.gaussian.mean)));
    states = next.states;
    discount *= gamma;
  }
  const beyond = mul(network.values(dynamics.observe(states)), continues);
  const policyLoss = affine(mean(add(returns!, mul(beyond, discount))), -1 / steps, 0);
  const saturation = mean(stack(squares));
  return { total: add(policyLoss, mul(saturation, saturationCoef)), policyLoss, saturation, rewards: stack(rewards) };
}
