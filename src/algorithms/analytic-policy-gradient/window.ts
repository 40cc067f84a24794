import type { BatchEnv } from "../../envs/index.ts";
import type { Transitions } from "../../estimators/index.ts";
import { noGrad, plan, randomNormal, type Tensor } from "../../tensor/index.ts";
import { toEnvActions } from "../env-actions.ts";
import type { BoundedActorCritic } from "./bounded-actor-critic.ts";

/** Draws noise and the actions that it gives for N observations. */
function planAct(network: BoundedActorCritic, env: BatchEnv, stream: Tensor) {
  const { count, observationSpace, actionSpace } = env;
  return plan({ observations: { shape: [count, observationSpace.flatSize] } }, ({ observations }) =>
    noGrad(() => {
      const noise = randomNormal(stream, [count, actionSpace.actionSize]);
      return { noise, actions: network.policy(observations).transform(noise) };
    }),
  );
}

/**
 * T steps of N environments along which gradients will flow, time-major: entry `t * N + n` is step t of environment n. No
 * episode ends within a window, only with it.
 *
 * | field | shape | meaning |
 * |---|---|---|
 * | steps | | T |
 * | states | `[N, S]` | s_0 |
 * | observations | `[T + 1, N, F]` | of s_0 … s_T; the last ones are final where the episode ended |
 * | noise | `[T, N, A]` | ε_t, from which a_t follows |
 * | rewards | `[T, N]` | r_t |
 * | terminated | `[N]` | 1 where s_T is terminal, so that nothing follows |
 */
export class Window {
  steps = 0;
  readonly states: Float64Array;
  readonly observations: Float32Array;
  readonly noise: Float32Array;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly #env: BatchEnv;
  readonly #horizon: number;
  readonly #act: ReturnType<typeof planAct>;
  readonly #envActions: Float32Array;

  /** @param stream where noise is drawn from */
  constructor(env: BatchEnv, network: BoundedActorCritic, horizon: number, stream: Tensor) {
    const { count, observationSpace, actionSpace, differentiable } = env;
    this.states = new Float64Array(differentiable!.states.length);
    this.observations = new Float32Array((horizon + 1) * count * observationSpace.flatSize);
    this.noise = new Float32Array(horizon * count * actionSpace.actionSize);
    this.rewards = new Float64Array(horizon * count);
    this.terminated = new Uint8Array(count);
    this.#env = env;
    this.#horizon = horizon;
    this.#act = planAct(network, env, stream);
    this.#envActions = new Float32Array(count * actionSpace.actionSize);
  }

  /** Steps every environment until the horizon, or until the first of them ends its episode. */
  collect(): void {
    const env = this.#env;
    const rowSize = env.observations.length;
    this.states.set(env.differentiable!.states);
    this.observations.set(env.observations);
    let isOver = false;
    for (this.steps = 0; this.steps < this.#horizon && !isOver; this.steps++) {
      this.#act.inputs.observations.data.set(env.observations);
      const { noise, actions } = this.#act.run();
      this.noise.set(noise.data, this.steps * noise.size);
      toEnvActions(env.actionSpace, actions.data, this.#envActions);
      env.step(this.#envActions);
      this.rewards.set(env.rewards, this.steps * env.count);
      this.observations.set(env.observations, (this.steps + 1) * rowSize);
      isOver = env.terminated.includes(1) || env.truncated.includes(1);
    }
    this.terminated.set(env.terminated);
    if (isOver) this.#keepFinalObservations();
  }

  /** What the λ-return reads. @param values `[(T + 1)·N, …]` V of the observations */
  transitions(values: Float32Array): Transitions {
    const { count: envs } = this.#env;
    const { steps } = this;
    const size = steps * envs;
    const terminated = new Uint8Array(size);
    terminated.set(this.terminated, size - envs);
    return {
      steps,
      envs,
      rewards: this.rewards.subarray(0, size),
      nextValues: Float64Array.from(values.subarray(envs, size + envs)),
      terminated,
      // The last row bootstraps anyway, and no episode ends before it.
      truncated: new Uint8Array(size),
    };
  }

  #keepFinalObservations(): void {
    const { count, terminated, truncated, finalObservations, observationSpace } = this.#env;
    const { flatSize } = observationSpace;
    for (let n = 0; n < count; n++) {
      if (!terminated[n] && !truncated[n]) continue;
      const final = finalObservations.subarray(n * flatSize, (n + 1) * flatSize);
      this.observations.set(final, (this.steps * count + n) * flatSize);
    }
  }
}
