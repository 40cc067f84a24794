import type { Env } from "../env.ts";
import { packArray, readRecord, unpackArray } from "../packing.ts";
import { wrap } from "./wrap.ts";

/** What `recordEpisodeStatistics` puts into `info.episode`, and `episodeStatistics` collects. */
export interface Episode {
  /** Sum of the rewards, undiscounted. */
  return: number;
  /** Number of steps. */
  length: number;
}

/**
 * Adds `info.episode = { return, length }` to the last step of every episode. Put inside of rewardClip or rewardScale
 * it counts the rewards before them; `episodeStatistics` of a batch then reports these.
 */
export function recordEpisodeStatistics<O, A>(env: Env<O, A>): Env<O, A> {
  /** Return and length of the running episode. */
  const running = new Float64Array(2);
  return wrap<O, A>(env, {
    observationSpace: env.observationSpace,
    actionSpace: env.actionSpace,
    model: env.model,
    differentiable: env.differentiable,
    labels: env.labels,
    stackedFrames: env.stackedFrames,
    goals: env.goals,
    opponentSeat: env.opponentSeat,
    reset(options) {
      running.fill(0);
      return env.reset(options);
    },
    step(action) {
      const result = env.step(action);
      running[0] += result.reward;
      running[1]++;
      if (!result.terminated && !result.truncated) return result;
      const episode: Episode = { return: running[0], length: running[1] };
      return { ...result, info: { ...result.info, episode } };
    },
    own: {
      state: () => ({ running: packArray(running) }),
      restore: (state) => unpackArray("running episode", readRecord("episode statistics", state).running, running),
    },
  });
}
