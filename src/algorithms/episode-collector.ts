import { Episodes } from "../data/index.ts";
import type { BatchEnv } from "../envs/index.ts";
import type { Key } from "../random/index.ts";

/** Who acts in N environments; `BatchActor` is one. */
export interface EpisodeActor {
  /** Called when all environments were reset. */
  reset?(): void;
  /** Actions `[N, A]` for the present observations and values `[N]` of these, until the next call. */
  choose(): Chosen;
  /** Takes one step in every environment. */
  step(chosen: Chosen): void;
  /** V of N observations `[N, F]`, until the next call. */
  valuesOf(observations: Float32Array): ArrayLike<number>;
}

interface Chosen {
  readonly actions: { readonly data: ArrayLike<number> };
  readonly values: { readonly data: ArrayLike<number> };
  /** What was read of the observations; left out: all. */
  readonly read?: { readonly data: unknown };
}

export interface EpisodeCollectorOptions {
  readonly env: BatchEnv;
  readonly actor: EpisodeActor;
  /** Whether to keep what follows each step too, for targets made later; default false. */
  readonly keepsNext?: boolean;
  /** Numbers that the actor reads of an observation, and which are kept in its place; left out: all. Not with `keepsNext`. */
  readonly inputSize?: number;
  /** Whether observations are almost all 0 and kept without; default false. */
  readonly sparseInput?: boolean;
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

  constructor(options: EpisodeCollectorOptions) {
    const { count, observationSpace, actionSpace, actionMasks } = options.env;
    this.episodes = new Episodes({
      envs: count,
      observationSize: options.inputSize ?? observationSpace.flatSize,
      actionSize: actionSpace.actionSize,
      maskSize: actionMasks ? actionSpace.maskSize : 0,
      keepsNext: options.keepsNext ?? false,
      sparse: options.sparseInput ?? false,
    });
    this.#options = options;
  }

  /** Resets all environments with `key` and steps them until each has played its episodes. */
  collect(key: Key): Episodes {
    const { env, episodes: perEnv, maxEpisodeSteps } = this.#options;
    const { episodes } = this;
    const left = new Int32Array(env.count).fill(perEnv);
    const lengths = new Int32Array(env.count);
    episodes.clear();
    env.reset(key);
    this.#options.actor.reset?.();
    while (left.some((count) => count > 0)) {
      const row = this.#step(left);
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
  #step(left: ArrayLike<number>): number {
    const { env, actor } = this.#options;
    const { episodes } = this;
    const row = episodes.open();
    if (env.actionMasks) episodes.masks.set(env.actionMasks, row * episodes.sizes.maskSize);
    const chosen = actor.choose();
    episodes.observe(row, (chosen.read?.data as Float32Array | undefined) ?? env.observations, left);
    episodes.actions.set(chosen.actions.data, row * episodes.sizes.actionSize);
    episodes.values.set(chosen.values.data, row);
    actor.step(chosen);
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
    if (episodes.sizes.keepsNext) {
      const { observationSize: size } = episodes.sizes;
      const isOver = env.terminated[n] === 1 || env.truncated[n] === 1;
      const next = isOver ? env.finalObservations : env.observations;
      for (let i = 0; i < size; i++) episodes.nextObservations[(row + n) * size + i] = next[n * size + i]!;
    }
  }

  /** V where episodes were cut off in this step: of their final observation, or of the present one where they were capped. */
  #bootstrap(row: number): void {
    const { env, actor } = this.#options;
    const { truncated, nextValues } = this.episodes;
    for (const byEnv of [1, 0]) {
      const cut = [...env.truncated.keys()].filter((n) => truncated[row + n] && env.truncated[n] === byEnv);
      if (cut.length === 0) continue;
      const values = actor.valuesOf(byEnv ? env.finalObservations : env.observations);
      for (const n of cut) nextValues[row + n] = values[n]!;
    }
  }
}
