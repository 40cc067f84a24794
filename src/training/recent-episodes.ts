import type { Metrics } from "../algorithms/algorithm.ts";
import { type Episode, type Json, packArray, unpackArray } from "../envs/index.ts";
import { readCount, readRecord } from "../envs/packing.ts";

/** As Stable-Baselines3's `rollout/ep_rew_mean`. */
const WINDOW = 100;

/** The last episodes of a run, and how many there were in all. */
export class RecentEpisodes {
  #count = 0;
  #returns: number[] = [];
  #lengths: number[] = [];

  add(episodes: readonly Episode[]): void {
    this.#count += episodes.length;
    const latest = episodes.slice(-WINDOW);
    this.#returns = [...this.#returns, ...latest.map((episode) => episode.return)].slice(-WINDOW);
    this.#lengths = [...this.#lengths, ...latest.map(({ length }) => length)].slice(-WINDOW);
  }

  /** Means over the window; they do not exist before the first episode has ended. */
  metrics(): Metrics {
    const count = { "episode/count": this.#count };
    if (this.#returns.length === 0) return count;
    return { "episode/return": mean(this.#returns), "episode/length": mean(this.#lengths), ...count };
  }

  save(): Json {
    return {
      count: this.#count,
      kept: this.#returns.length,
      returns: packArray(Float64Array.from(this.#returns)),
      lengths: packArray(Float64Array.from(this.#lengths)),
    };
  }

  /** @throws FormatError where `state` is not what `save` gave */
  load(state: Json | undefined): void {
    const { count, kept, returns, lengths } = readRecord("recent episodes", state);
    const size = Math.min(WINDOW, readCount("recent episodes.kept", kept));
    const [restoredReturns, restoredLengths] = [new Float64Array(size), new Float64Array(size)];
    unpackArray("recent episodes.returns", returns, restoredReturns);
    unpackArray("recent episodes.lengths", lengths, restoredLengths);
    this.#count = readCount("recent episodes.count", count);
    this.#returns = [...restoredReturns];
    this.#lengths = [...restoredLengths];
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
