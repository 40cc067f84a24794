import type { BatchEnv } from "../../envs/index.ts";
import { noGrad, plan, slice, type Tensor } from "../../tensor/index.ts";
import type { ActorCritic } from "../actor-critic.ts";
import { toEnvActions } from "../env-actions.ts";

/**
 * Several policies on the other side of N games at once: each plays N/K of them, as they follow one another, with actions drawn from
 * one stream. One recorded plan for all.
 */
export class Opponents {
  readonly networks: readonly ActorCritic[];
  readonly #env: BatchEnv;
  readonly #plan: ReturnType<typeof planActions>;

  /** @param networks K of them, a divisor of the number of environments */
  constructor(env: BatchEnv, networks: readonly ActorCritic[], stream: Tensor) {
    this.networks = networks;
    this.#env = env;
    this.#plan = planActions(env, networks, stream);
  }

  /** Which of them plays environment n. */
  ofEnv(n: number): number {
    return Math.floor((n * this.networks.length) / this.#env.count);
  }

  /** See `Opponent`. */
  choose(observations: Float32Array, actions: Float32Array): void {
    this.#plan.inputs.observations.data.set(observations);
    const width = actions.length / this.networks.length;
    for (const [k, { data }] of this.#plan.run().entries()) {
      toEnvActions(this.#env.actionSpace, data, actions.subarray(k * width, (k + 1) * width));
    }
  }
}

function planActions(env: BatchEnv, networks: readonly ActorCritic[], stream: Tensor) {
  const games = env.count / networks.length;
  return plan({ observations: { shape: [env.count, env.observationSpace.flatSize] } }, ({ observations }) =>
    noGrad(() =>
      networks.map((network, k) => network.policy(slice(observations, 0, k * games, (k + 1) * games)).sample(stream)),
    ),
  );
}
