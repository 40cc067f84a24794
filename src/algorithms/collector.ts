import { Rollout } from "../data/index.ts";
import type { BatchEnv } from "../envs/index.ts";
import { noGrad, plan, type Tensor } from "../tensor/index.ts";
import type { ActorCritic } from "./actor-critic.ts";

/** The step that acts: forward, sample, log-probability and value of N observations, as one recorded plan. */
function planAct(network: ActorCritic, env: BatchEnv, stream: Tensor) {
  const observation = { shape: [env.count, env.observationSpace.flatSize] };
  const mask = { shape: [env.count, env.actionSpace.maskSize], dtype: "uint8" as const };
  return plan({ observation, mask }, (inputs) =>
    noGrad(() => {
      const { policy, values } = network.forward(inputs.observation, env.actionMasks && inputs.mask);
      const actions = policy.sample(stream);
      return { actions, values, logProbs: policy.logProb(actions) };
    }),
  );
}

function planValue(network: ActorCritic, env: BatchEnv) {
  const observation = { shape: [env.count, env.observationSpace.flatSize] };
  return plan({ observation }, (inputs) => noGrad(() => network.values(inputs.observation)));
}

/**
 * Fills rollouts by acting in N environments. Values of final observations are computed only where an episode was
 * truncated: there the return goes on, and the value of the final observation stands for what was cut off.
 */
export class Collector {
  readonly rollout: Rollout;
  /** `[N]` V of the observations after the last step. */
  readonly lastValues: Float32Array;
  readonly #env: BatchEnv;
  readonly #network: ActorCritic;
  readonly #act: ReturnType<typeof planAct>;
  readonly #value: ReturnType<typeof planValue>;
  readonly #envActions: Float32Array;

  /** `steps` per environment and rollout; actions are drawn from `stream`. */
  constructor(env: BatchEnv, network: ActorCritic, steps: number, stream: Tensor) {
    const { count, observationSpace, actionSpace } = env;
    this.rollout = new Rollout({
      steps,
      envs: count,
      observationSize: observationSpace.flatSize,
      actionShape: network.head.actionShape,
      actionType: network.head.actionType,
      maskSize: env.actionMasks ? actionSpace.maskSize : 0,
    });
    this.lastValues = new Float32Array(count);
    this.#env = env;
    this.#network = network;
    this.#act = planAct(network, env, stream);
    this.#value = planValue(network, env);
    this.#envActions = new Float32Array(count * actionSpace.actionSize);
  }

  /** Steps every environment `steps` times, going on where the last rollout ended. */
  collect(): Rollout {
    const { rollout } = this;
    const env = this.#env;
    const { steps, envs, observationSize, maskSize } = rollout.sizes;
    for (let t = 0; t < steps; t++) {
      const row = t * envs;
      this.#act.inputs.observation.data.set(env.observations);
      rollout.observations.data.set(env.observations, row * observationSize);
      if (env.actionMasks) {
        this.#act.inputs.mask.data.set(env.actionMasks);
        rollout.masks.set(env.actionMasks, row * maskSize);
      }
      const { actions, values, logProbs } = this.#act.run();
      rollout.actions.data.set(actions.data, row * this.#env.actionSpace.actionSize);
      rollout.values.data.set(values.data, row);
      rollout.logProbs.data.set(logProbs.data, row);
      this.#network.head.toEnv(actions.data, this.#envActions);
      env.step(this.#envActions);
      rollout.rewards.set(env.rewards, row);
      rollout.terminated.set(env.terminated, row);
      rollout.truncated.set(env.truncated, row);
      if (env.truncated.includes(1)) rollout.nextValues.set(this.#valuesOf(env.finalObservations), row);
    }
    this.lastValues.set(this.#valuesOf(env.observations));
    return rollout;
  }

  #valuesOf(observations: Float32Array): ArrayLike<number> {
    this.#value.inputs.observation.data.set(observations);
    return this.#value.run().data;
  }
}
