import { resampleExploration } from "../distributions/index.ts";
import type { BatchEnv } from "../envs/index.ts";
import { noGrad, plan, type Tensor } from "../tensor/index.ts";
import type { PolicyNetwork } from "./actor-critic.ts";
import { toEnvActions } from "./env-actions.ts";

/** Forward, sample, log-probability and value of N observations, as one recorded plan. */
function planAct(network: PolicyNetwork, env: BatchEnv, stream: Tensor, exploration: Tensor | undefined) {
  const observations = { shape: [env.count, env.observationSpace.flatSize] };
  const masks = { shape: [env.count, env.actionMasks ? env.actionSpace.maskSize : 0], dtype: "uint8" as const };
  return plan({ observations, masks }, (inputs) =>
    noGrad(() => {
      const mask = env.actionMasks && inputs.masks;
      const { policy, values } = network.forward(inputs.observations, { mask, exploration });
      const actions = policy.sample(stream);
      return { actions, values, logProbs: policy.logProb(actions) };
    }),
  );
}

function planValue(network: PolicyNetwork, env: BatchEnv) {
  const observations = { shape: [env.count, env.observationSpace.flatSize] };
  return plan({ observations }, (inputs) => noGrad(() => network.values(inputs.observations)));
}

/** Acts in N environments at once, with actions drawn from one stream. */
export class BatchActor {
  readonly #env: BatchEnv;
  readonly #stream: Tensor;
  readonly #exploration: Tensor | undefined;
  readonly #act: ReturnType<typeof planAct>;
  readonly #value: ReturnType<typeof planValue>;
  readonly #envActions: Float32Array;

  constructor(env: BatchEnv, network: PolicyNetwork, stream: Tensor) {
    this.#env = env;
    this.#stream = stream;
    this.#exploration = network.exploration(env.count);
    this.#act = planAct(network, env, stream, this.#exploration);
    this.#value = planValue(network, env);
    this.#envActions = new Float32Array(env.count * env.actionSpace.actionSize);
  }

  /** Draws gSDE's noise matrices anew, one for each environment; nothing for other policies. */
  resampleNoise(): void {
    if (this.#exploration) resampleExploration(this.#stream, this.#exploration);
  }

  /** Actions for the present observations, their log π and V; overwritten by the next call. */
  choose(): { actions: Tensor; logProbs: Tensor; values: Tensor } {
    const { inputs } = this.#act;
    inputs.observations.data.set(this.#env.observations);
    if (this.#env.actionMasks) inputs.masks.data.set(this.#env.actionMasks);
    return this.#act.run();
  }

  /** Takes one step in every environment. */
  step({ actions }: { actions: Tensor }): void {
    toEnvActions(this.#env.actionSpace, actions.data, this.#envActions);
    this.#env.step(this.#envActions);
  }

  /** V of N observations `[N, F]`; overwritten by the next call. */
  valuesOf(observations: Float32Array): ArrayLike<number> {
    this.#value.inputs.observations.data.set(observations);
    return this.#value.run().data;
  }
}
