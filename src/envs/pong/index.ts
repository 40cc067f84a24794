import { dynamicsSpec } from "../dynamics-spec.ts";
import type { EnvDescription, EnvSpec } from "../spec.ts";
import { pong, pongDifference, pongFrames } from "./pong.ts";

export type { PongOpponent } from "./opponent.ts";
export type { PongOptions } from "./options.ts";
export { pong, pongDifference, pongFrames };

const about = (id: string, observed: string): EnvDescription => ({
  id,
  // 108,000 frames, as in the Arcade Learning Environment.
  maxEpisodeSteps: 27_000,
  rewardThreshold: 18,
  description: `Win at Pong, first to 21 points, against an opponent that follows the ball. Observed: ${observed}.`,
  source: "Atari 1972, 1977; Bellemare et al. 2013 (Arcade Learning Environment); rules in docs/guide/07-pong.md",
});

/** Registry entries. */
export const pongSpecs: readonly EnvSpec[] = [
  dynamicsSpec(about("Pong-v0", "places and speeds"), pong),
  dynamicsSpec(about("PongDifference-v0", "the change between two pictures, 80 × 80"), pongDifference),
  dynamicsSpec(about("PongFrames-v0", "the last four pictures, 84 × 84"), pongFrames),
];
