import type { Algorithm } from "../algorithm.ts";
import { type C51Config, c51 } from "./c51.ts";
import { type DqnConfig, dqn } from "./dqn.ts";
import { type QrDqnConfig, qrDqn } from "./qr-dqn.ts";
import { type RainbowConfig, rainbow } from "./rainbow.ts";

/** The configurations of the family of deep Q-learning. */
export interface DeepQConfigs {
  dqn: DqnConfig;
  c51: C51Config;
  "qr-dqn": QrDqnConfig;
  rainbow: RainbowConfig;
}

/** Algorithms that learn Q of discrete actions by a network from a replay buffer, by name. */
export const deepQAlgorithms = {
  dqn: dqn as unknown as Algorithm,
  c51: c51 as unknown as Algorithm,
  "qr-dqn": qrDqn as unknown as Algorithm,
  rainbow: rainbow as unknown as Algorithm,
} satisfies Record<keyof DeepQConfigs, Algorithm>;
