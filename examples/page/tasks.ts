/** What the page can show: `?pong` in its address for the second. */
import type { RunInput } from "limpid";

/** An episode that is played, so far. */
export interface Episode {
  length: number;
  won: number;
  lost: number;
}

export interface Task {
  readonly title: string;
  readonly about: string;
  readonly config: RunInput & { readonly env: string; readonly steps: number };
  /** The axis of returns, from the worst to the best. */
  readonly returns: { readonly worst: number; readonly best: number; readonly rule: number; readonly caption: string };
  caption(episode: Episode): string;
  result(episode: Episode): string;
}

const cartpole: Task = {
  title: "A policy learns to balance a pole",
  about: "",
  config: { algorithm: "ppo", env: "CartPole-v1", steps: 100_000 },
  returns: { worst: 0, best: 500, rule: 100, caption: "return by environment steps; 500 is the most there is" },
  caption: ({ length }) => `upright for ${length} steps`,
  result: ({ length }) => String(length),
};

const pong: Task = {
  title: "A policy learns Pong from pixels",
  about:
    "It sees the last four pictures and nothing else, and is told only when a point is won or lost. It plays on the right.",
  // The tuned settings, with shorter rollouts, so that one takes no longer than two or three frames.
  config: { algorithm: "ppo", env: "PongFrames-v0", steps: 3_000_000, nEnvs: 16, nSteps: 64 },
  returns: { worst: -21, best: 21, rule: 7, caption: "points won less points lost, by environment steps; 21 wins" },
  caption: ({ won, lost }) => `${lost} : ${won}`,
  result: ({ won, lost }) => String(won - lost).replace("-", "−"),
};

export const task = location.search === "?pong" ? pong : cartpole;
