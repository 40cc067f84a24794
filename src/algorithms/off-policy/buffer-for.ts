import { ReplayBuffer } from "../../data/index.ts";
import type { BatchEnv } from "../../envs/index.ts";
import type { CommonConfig } from "../algorithm.ts";

interface BufferConfig extends CommonConfig {
  readonly bufferSize: number;
  readonly trainFreq: number;
}

/**
 * A replay buffer for what the environments give, with actions that are choices or numbers. It has no room for more than the
 * run can fill.
 */
export function bufferFor(env: BatchEnv, config: BufferConfig, actions: "choices" | "numbers"): ReplayBuffer {
  const last = config.steps + config.trainFreq * env.count;
  return new ReplayBuffer({
    capacity: Math.min(config.bufferSize, last),
    envs: env.count,
    observationSize: env.observationSpace.flatSize,
    actionShape: actions === "choices" ? [] : [env.actionSpace.actionSize],
    actionType: actions === "choices" ? "int32" : "float32",
    maskSize: env.actionMasks ? env.actionSpace.maskSize : 0,
  });
}
