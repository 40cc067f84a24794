import { replayOf, UniformSampler } from "../../data/index.ts";
import type { LearnerContext } from "../algorithm.ts";
import { type MinibatchConfig, ReplayMemory } from "../off-policy/replay-memory.ts";

/**
 * The dataset that is learned from, every transition as likely as any other.
 * @param encode what becomes of actions `[A]` before they are stored; left out: they stay as they are
 */
export function recordedMemory(
  { dataset, config, key }: LearnerContext<MinibatchConfig>,
  encode?: (action: Float32Array) => ArrayLike<number>,
): ReplayMemory {
  const sampler = new UniformSampler(key.split("minibatches").stream());
  return new ReplayMemory(replayOf(dataset!, encode), sampler, config);
}
