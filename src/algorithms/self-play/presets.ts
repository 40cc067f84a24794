import { pong } from "../ppo-presets.ts";

/** Tuned hyperparameters, by environment id; what PPO has in common is that of its own preset. */
export const selfPlayPresets = {
  "Pong-v0": {
    ...pong,
    steps: 4_000_000,
    opponents: 8,
    snapshotInterval: 16,
    poolSize: 64,
  },
} as const;
