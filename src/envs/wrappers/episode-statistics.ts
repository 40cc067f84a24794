import type { BatchEnv } from "../env.ts";
import { packArray, readCount, readRecord, unpackArray } from "../packing.ts";
import type { Episode } from "./record-episode-statistics.ts";
import { wrapBatch } from "./wrap-batch.ts";

export interface EpisodeStatisticsBatch extends BatchEnv {
  /** Episodes completed since the last `reset`. */
  readonly completedEpisodes: number;
  /** The episodes completed since the last call, in order of their end (within one step: of their environment). */
  takeCompleted(): Episode[];
}

/**
 * Counts return and length of every episode, by the raw rewards wherever it stands among the wrappers, or by what
 * `recordEpisodeStatistics` of a plain environment says in `info.episode`. A step allocates nothing but room for more
 * completed episodes, now and then.
 */
export function episodeStatistics(env: BatchEnv): EpisodeStatisticsBatch {
  const { count, terminated, truncated, finalInfos } = env;
  const rewards = env.rawRewards ?? env.rewards;
  const returns = new Float64Array(count);
  const lengths = new Float64Array(count);
  /** Completed and not taken yet: return, length, return, length, … in the first `2 · pending` entries. */
  let completed = new Float64Array(128);
  let pending = 0;
  let completedEpisodes = 0;

  const complete = (n: number) => {
    if (completed.length < 2 * pending + 2) {
      const larger = new Float64Array(2 * completed.length);
      larger.set(completed);
      completed = larger;
    }
    const told = finalInfos?.[n]?.episode as Partial<Episode> | undefined;
    completed[2 * pending] = told?.return ?? returns[n];
    completed[2 * pending + 1] = told?.length ?? lengths[n];
    pending++;
    completedEpisodes++;
    returns[n] = 0;
    lengths[n] = 0;
  };

  const wrapped = wrapBatch(env, {
    afterReset() {
      returns.fill(0);
      lengths.fill(0);
      pending = 0;
      completedEpisodes = 0;
    },
    afterStep() {
      for (let n = 0; n < count; n++) {
        returns[n] += rewards[n];
        lengths[n]++;
        if (terminated[n] !== 0 || truncated[n] !== 0) complete(n);
      }
    },
    state: () => ({
      returns: packArray(returns),
      lengths: packArray(lengths),
      pending,
      completed: packArray(completed.slice(0, 2 * pending)),
      completedEpisodes,
    }),
    restore(state) {
      const record = readRecord("episode statistics", state);
      const restoredPending = readCount("episode statistics.pending", record.pending);
      const { length } = readRecord("episode statistics.completed", record.completed);
      const restored = new Float64Array(2 * Math.min(restoredPending, readCount("episode statistics.length", length)));
      unpackArray("episode statistics.completed", record.completed, restored);
      unpackArray("episode statistics.returns", record.returns, returns);
      unpackArray("episode statistics.lengths", record.lengths, lengths);
      completedEpisodes = readCount("episode statistics.completedEpisodes", record.completedEpisodes);
      completed = new Float64Array(Math.max(128, restored.length));
      completed.set(restored);
      pending = restoredPending;
    },
  });
  // Object.defineProperties keeps the getter, where Object.assign would store its present value.
  return Object.defineProperties(wrapped, {
    completedEpisodes: { get: () => completedEpisodes, enumerable: true },
    takeCompleted: {
      value(): Episode[] {
        // Not Array.from, which takes ten times as long.
        const episodes: Episode[] = new Array(pending);
        for (let i = 0; i < pending; i++) episodes[i] = { return: completed[2 * i], length: completed[2 * i + 1] };
        pending = 0;
        return episodes;
      },
    },
  }) as EpisodeStatisticsBatch;
}
