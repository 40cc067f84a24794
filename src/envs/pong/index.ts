import { dynamicsSpec } from "../dynamics-spec.ts";
import type { EnvDescription, EnvSpec } from "../spec.ts";
import { pong, pongDifference, pongFrames } from "./pong.ts";
import { pongTwoPlayers } from "./two-players.ts";

export type { PongOpponent } from "./opponent.ts";
export type { PongOptions } from "./options.ts";
export type { PongTwoPlayersOptions } from "./two-players.ts";
export { pong, pongDifference, pongFrames, pongTwoPlayers };

const facts = {
  // 108,000 frames, as in the Arcade Learning Environment.
  maxEpisodeSteps: 27_000,
  renderFps: 60,
  renderFrames: { perStep: 4, options: { frameSkip: 1 } },
  source: "Atari 1972, 1977; Bellemare et al. 2013 (Arcade Learning Environment)",
};

const about = (id: string, observed: string): EnvDescription => ({
  ...facts,
  id,
  rewardThreshold: 18,
  description: `Win at Pong, first to 21 points, against an opponent that follows the ball. Observed: ${observed}.`,
});

const twoPlayers: EnvDescription = {
  ...facts,
  id: "PongTwoPlayers-v0",
  description: "Play both sides of Pong, first to 21 points; rewards are those of the right one.",
};

/** Registry entries. */
export const pongSpecs: readonly EnvSpec[] = [
  dynamicsSpec(about("Pong-v0", "places and speeds"), pong),
  dynamicsSpec(
    about("PongDifference-v0", "the change between two pictures, 80 × 80; two actions, up and down"),
    pongDifference,
  ),
  dynamicsSpec(about("PongFrames-v0", "the last four pictures, 84 × 84"), pongFrames),
  dynamicsSpec(twoPlayers, pongTwoPlayers),
];
