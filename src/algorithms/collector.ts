import { observationForm, Rollout, type RolloutSizes } from "../data/index.ts";
import type { ActionHead } from "../distributions/index.ts";
import type { BatchEnv } from "../envs/index.ts";
import type { Tensor } from "../tensor/index.ts";
import type { ActorCritic } from "./actor-critic.ts";
import { BatchActor } from "./batch-actor.ts";
import { BatchCritic } from "./batch-critic.ts";

export interface CollectorOptions {
  readonly env: BatchEnv;
  readonly network: ActorCritic;
  /** Of each environment in one rollout. */
  readonly steps: number;
  /** Where actions are drawn from. */
  readonly stream: Tensor;
  /** Steps after which gSDE draws its noise anew, besides at the start of every rollout; −1: only there. */
  readonly sdeSampleFreq?: number;
}

/** Room for `steps` steps of every environment; `observationType` is float32 for networks that read no bytes. */
export function makeRollout(
  env: BatchEnv,
  head: ActionHead,
  steps: number,
  { observationSize, observationType }: Partial<RolloutSizes> = observationForm(env),
): Rollout {
  return new Rollout({
    steps,
    envs: env.count,
    observationSize: observationSize ?? env.observationSpace.flatSize,
    observationType,
    actionShape: head.actionShape,
    actionType: head.actionDtype === "int32" ? "int32" : "float32",
    maskSize: env.actionMasks ? env.actionSpace.maskSize : 0,
  });
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
  readonly #actor: BatchActor;
  readonly #critic: BatchCritic | undefined;
  readonly #noiseSteps: number;
  /** Whether rollouts keep what the network reads, which is less than what is observed. */
  readonly #isPooled: boolean;

  constructor({ env, network, steps, stream, sdeSampleFreq = -1 }: CollectorOptions) {
    this.#isPooled = network.inputSize < env.observationSpace.flatSize;
    this.rollout = makeRollout(
      env,
      network.head,
      steps,
      this.#isPooled ? { observationSize: network.inputSize } : observationForm(env),
    );
    this.lastValues = new Float32Array(env.count);
    this.#env = env;
    // A critic of its own judges the whole rollout at once, which costs less than a few observations at each step.
    if (network.criticIsApart) this.#critic = new BatchCritic(network, this.rollout.size, network.inputSize);
    this.#actor = new BatchActor({ env, network, stream, judges: this.#critic === undefined });
    this.#noiseSteps = sdeSampleFreq > 0 ? sdeSampleFreq : steps;
  }

  /** Steps every environment `steps` times, going on where the last rollout ended. */
  collect(): Rollout {
    const { rollout } = this;
    const env = this.#env;
    const { steps, envs, observationSize, maskSize } = rollout.sizes;
    for (let t = 0; t < steps; t++) {
      const row = t * envs;
      if (t % this.#noiseSteps === 0) this.#actor.resampleNoise();
      if (!this.#isPooled) rollout.observations.data.set(env.observations, row * observationSize);
      if (env.actionMasks) rollout.masks.set(env.actionMasks, row * maskSize);
      const chosen = this.#actor.choose();
      if (this.#isPooled) rollout.observations.data.set(chosen.read.data, row * observationSize);
      rollout.actions.data.set(chosen.actions.data, row * env.actionSpace.actionSize);
      rollout.values.data.set(chosen.values.data, row);
      rollout.logProbs.data.set(chosen.logProbs.data, row);
      this.#actor.step(chosen);
      rollout.rewards.set(env.rewards, row);
      rollout.terminated.set(env.terminated, row);
      rollout.truncated.set(env.truncated, row);
      if (env.truncated.includes(1)) rollout.nextValues.set(this.#actor.valuesOf(env.finalObservations), row);
    }
    this.#critic?.judge(rollout.observations.data as Float32Array | Uint8Array, rollout.values);
    this.lastValues.set(this.#actor.valuesOf(env.observations, env.actionMasks));
    return rollout;
  }
}
