import { Episodes } from "../data/index.ts";
import type { BatchEnv } from "../envs/index.ts";
import type { Key } from "../random/index.ts";
import type { Tensor } from "../tensor/index.ts";
import type { ActorCritic } from "./actor-critic.ts";
import { BatchActor } from "./batch-actor.ts";

export interface EpisodeCollectorOptions {
  readonly env: BatchEnv;
  readonly network: ActorCritic;
  /** Where actions are drawn from. */
  readonly stream: Tensor;
  /** Of each environment in one collection. */
  readonly episodes: number;
  /** An episode that is longer is truncated, and the last one of its environment. */
  readonly maxEpisodeSteps: number;
}

/**
 * Plays whole episodes, from fresh starts and as many in every environment. To stop at a number of episodes or steps in all
 * would favour the short ones, which are complete sooner; here each counts with the probability that the policy gives it.
 */
export class EpisodeCollector {
  readonly episodes: Episodes;
  readonly #options: EpisodeCollectorOptions;
  readonly #actor: BatchActor;

  constructor(options: EpisodeCollectorOptions) {
    const { count, observationSpace, actionSpace, actionMasks } = options.env;
    this.episodes = new Episodes({
      envs: count,
      observationSize: observationSpace.flatSize,
      actionSize: actionSpace.actionSize,
      maskSize: actionMasks ? actionSpace.maskSize : 0,
    });
    this.#options = options;
    this.#actor = new BatchActor(options.env, options.network, options.stream);
  }

  /** Resets all environments with `key` and steps them until each has played its episodes. */
  collect(key: Key): Episodes {
    const { env, episodes: perEnv, maxEpisodeSteps } = this.#options;
    const { episodes } = this;
    const left = new Int32Array(env.count).fill(perEnv);
    const lengths = new Int32Array(env.count);
    episodes.clear();
    env.reset(key);
    while (left.some((count) => count > 0)) {
      const row = this.#step();
      let wasCut = false;
      for (let n = 0; n < env.count; n++) {
        if (left[n] === 0) continue;
        const isOver = env.terminated[n] === 1 || env.truncated[n] === 1;
        const isCapped = !isOver && ++lengths[n]! >= maxEpisodeSteps;
        this.#record(row, n, isCapped);
        if (!isOver && !isCapped) continue;
        wasCut ||= env.terminated[n] === 0;
        episodes.count++;
        lengths[n] = 0;
        // What a capped environment would do next is the rest of the same episode.
        left[n] = isCapped ? 0 : left[n]! - 1;
      }
      if (wasCut) this.#bootstrap(row);
    }
    return episodes;
  }

  /** One step of all environments; returns the first of its rows, which hold what the actions were chosen from. */
  #step(): number {
    const { env } = this.#options;
    const { episodes } = this;
    const row = episodes.open();
    episodes.observations.set(env.observations, row * episodes.sizes.observationSize);
    if (env.actionMasks) episodes.masks.set(env.actionMasks, row * episodes.sizes.maskSize);
    const chosen = this.#actor.choose();
    episodes.actions.set(chosen.actions.data, row * episodes.sizes.actionSize);
    episodes.values.set(chosen.values.data, row);
    this.#actor.step(chosen);
    return row;
  }

  /** What the step gave in environment n, which is playing. */
  #record(row: number, n: number, isCapped: boolean): void {
    const { env } = this.#options;
    const { episodes } = this;
    episodes.played[row + n] = 1;
    episodes.rewards[row + n] = env.rewards[n]!;
    episodes.terminated[row + n] = env.terminated[n]!;
    episodes.truncated[row + n] = isCapped ? 1 : env.truncated[n]!;
  }

  /** V where episodes were cut off in this step: of their final observation, or of the present one where they were capped. */
  #bootstrap(row: number): void {
    const { env } = this.#options;
    const { truncated, nextValues } = this.episodes;
    for (const byEnv of [1, 0]) {
      const cut = [...env.truncated.keys()].filter((n) => truncated[row + n] && env.truncated[n] === byEnv);
      if (cut.length === 0) continue;
      const values = this.#actor.valuesOf(byEnv ? env.finalObservations : env.observations);
      for (const n of cut) nextValues[row + n] = values[n]!;
    }
  }
}
