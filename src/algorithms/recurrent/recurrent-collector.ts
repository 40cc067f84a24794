import type { Rollout } from "../../data/index.ts";
import type { BatchEnv } from "../../envs/index.ts";
import { persistent, type Tensor } from "../../tensor/index.ts";
import { BatchActor } from "../batch-actor.ts";
import { type CollectorOptions, makeRollout } from "../collector.ts";
import type { Memory, RecurrentActorCritic } from "./recurrent-actor-critic.ts";
import { RememberingNetwork } from "./remembering-network.ts";

export interface RecurrentCollectorOptions extends Omit<CollectorOptions, "network"> {
  readonly network: RecurrentActorCritic;
}

/**
 * Fills rollouts as `Collector` does, with a memory that goes on from step to step and from rollout to rollout and is cleared
 * where an episode begins. A final observation that was cut off is valued with what was remembered at that moment.
 */
export class RecurrentCollector {
  readonly rollout: Rollout;
  /** `[N]` V of the observations after the last step. */
  readonly lastValues: Float32Array;
  /** `[T·N]`: 1 where an episode begins with the observation of that row. */
  readonly starts: Tensor;
  /** Before the first step of the rollout. */
  readonly firstMemory: Memory;
  readonly #env: BatchEnv;
  readonly #network: RememberingNetwork;
  readonly #actor: BatchActor;
  readonly #noiseSteps: number;

  constructor({ env, network, steps, stream, sdeSampleFreq = -1 }: RecurrentCollectorOptions) {
    this.rollout = makeRollout(env, network.head, steps, {});
    this.lastValues = new Float32Array(env.count);
    this.starts = persistent([this.rollout.size], "float32");
    this.firstMemory = network.emptyMemory(env.count);
    this.#env = env;
    this.#network = new RememberingNetwork(network, env.count);
    this.#actor = new BatchActor({ env, network: this.#network, stream });
    this.#noiseSteps = sdeSampleFreq > 0 ? sdeSampleFreq : steps;
  }

  /** Steps every environment `steps` times, going on where the last rollout ended. */
  collect(): Rollout {
    const { rollout } = this;
    const env = this.#env;
    const { starts, memory } = this.#network;
    const { steps, envs, observationSize, maskSize } = rollout.sizes;
    for (const name in memory) this.firstMemory[name]!.set(memory[name]!.data);
    for (let t = 0; t < steps; t++) {
      const row = t * envs;
      if (t % this.#noiseSteps === 0) this.#actor.resampleNoise();
      rollout.observations.data.set(env.observations, row * observationSize);
      if (env.actionMasks) rollout.masks.set(env.actionMasks, row * maskSize);
      this.starts.data.set(starts.data, row);
      const chosen = this.#actor.choose();
      rollout.actions.data.set(chosen.actions.data, row * env.actionSpace.actionSize);
      rollout.values.data.set(chosen.values.data, row);
      rollout.logProbs.data.set(chosen.logProbs.data, row);
      this.#actor.step(chosen);
      rollout.rewards.set(env.rewards, row);
      rollout.terminated.set(env.terminated, row);
      rollout.truncated.set(env.truncated, row);
      // The final observation still belongs to the episode that is remembered; the one after it begins another.
      starts.data.fill(0);
      if (env.truncated.includes(1)) rollout.nextValues.set(this.#actor.valuesOf(env.finalObservations), row);
      for (let n = 0; n < envs; n++) starts.data[n] = env.terminated[n]! | env.truncated[n]!;
    }
    this.lastValues.set(this.#actor.valuesOf(env.observations));
    return rollout;
  }

  /** What the next rollout goes on with, by name. */
  tensors(): Record<string, Tensor> {
    return { ...this.#network.memory, starts: this.#network.starts };
  }
}
