/** Whole episodes of random actions, uniform on the action space, and what they return. */

import { makeBatch } from "../../src/envs/index.ts";
import { Key } from "../../src/random/index.ts";
import type { Box } from "../../src/spaces/index.ts";

/** The first `perEnv` episodes of each of 10 environments: the first to end anywhere would be the short ones. */
export function randomReturns(id: string, perEnv: number, options = {}): { returns: number[]; lengths: number[] } {
  const count = 10;
  const env = makeBatch(id, count, options);
  env.reset(Key.fromSeed(1));
  const random = Key.fromSeed(2).stream();
  const { low, high, actionSize } = env.actionSpace as Box;
  const actions = new Float32Array(count * actionSize);
  const returns: number[] = [];
  const lengths: number[] = [];
  const running = Array.from({ length: count }, () => ({ episodes: 0, sum: 0, steps: 0 }));
  while (returns.length < count * perEnv) {
    for (let i = 0; i < actions.length; i++) {
      const k = i % actionSize;
      actions[i] = low[k]! + (high[k]! - low[k]!) * random.uniform();
    }
    env.step(actions);
    running.forEach((episode, n) => {
      episode.sum += env.rewards[n]!;
      episode.steps++;
      if (!env.terminated[n] && !env.truncated[n]) return;
      if (episode.episodes++ < perEnv) {
        returns.push(episode.sum);
        lengths.push(episode.steps);
      }
      episode.sum = 0;
      episode.steps = 0;
    });
  }
  return { returns, lengths };
}
