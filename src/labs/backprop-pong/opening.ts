/**
 * The opening of Pong: N games side by side for their first T steps, which score points won less points lost. They are played by a
 * network that ends in a softmax, from random numbers that are given: the same key is the same luck, whatever the weights are.
 */
import { makeBatch } from "../../envs/index.ts";
import { endAtRewards, rewardToGo } from "../../estimators/index.ts";
import type { Layer } from "../../nn/index.ts";
import type { Key } from "../../random/index.ts";
import { noGrad, plan, softmax } from "../../tensor/index.ts";

export const ACTIONS = 3;
/** Numbers in an observation of Pong-v0. */
export const INPUTS = 9;
/** Of an observation: the places of one's own paddle and of the ball, down being positive. */
export const [PADDLE, BALL] = [0, 5];

/** What was played; entry t · N + n of an array is step t of game n. */
export interface Opening {
  readonly games: number;
  readonly steps: number;
  /** `[T, N, 9]` */
  readonly observations: Float64Array;
  /** `[T, N]` */
  readonly actions: Int32Array;
  /** `[T, N]` */
  readonly rewards: Float64Array;
  /** `[N]` */
  readonly scores: Float64Array;
}

export type Play = (luck: Key) => Opening;

/** @param network from `[N, 9]` to `[N, 3]`, float64; played with the weights that it has when it plays */
export function openingOf(network: Layer, games: number, steps: number): Play {
  const batch = makeBatch("Pong-v0", games);
  const act = plan({ observations: { shape: [games, INPUTS], dtype: "float64" } }, ({ observations }) =>
    noGrad(() => softmax(network.forward(observations))),
  );
  const drawn = new Float64Array(games);
  return (luck) => {
    const random = luck.split("choices").stream();
    const [actions, rewards] = [new Int32Array(steps * games), new Float64Array(steps * games)];
    const observations = new Float64Array(steps * games * INPUTS);
    const scores = new Float64Array(games);
    const given = new Float32Array(games);
    batch.reset(luck.split("serves"));
    for (let t = 0; t < steps; t++) {
      observations.set(batch.observations, t * games * INPUTS);
      act.inputs.observations.set(batch.observations);
      const probabilities = act.run().data;
      random.fillUniform(drawn);
      for (let n = 0; n < games; n++) given[n] = chosen(probabilities, n, drawn[n]!);
      actions.set(given, t * games);
      batch.step(given);
      rewards.set(batch.rewards, t * games);
      for (let n = 0; n < games; n++) scores[n]! += batch.rewards[n]!;
    }
    return { games, steps, observations, actions, rewards, scores };
  };
}

/** The first action up to which row n of the probabilities adds up to more than what was drawn from 0 to 1. */
function chosen(probabilities: ArrayLike<number>, n: number, drawn: number): number {
  const first = n * ACTIONS;
  if (drawn < probabilities[first]!) return 0;
  return drawn < probabilities[first]! + probabilities[first + 1]! ? 1 : 2;
}

/** `[T, N]`: what ∇ log π of each step is multiplied with. */
export type Credit = (opening: Opening) => Float64Array;

/** All points from the step on. */
export const pointsToGo: Credit = (opening) => toGo(opening, 1, new Uint8Array(opening.rewards.length));

/** The next point alone, discounted to the step: what comes after a point has nothing to do with how it was played. */
export const nextPoint: Credit = (opening) => {
  const ended = endAtRewards({ rewards: opening.rewards, terminated: new Uint8Array(opening.rewards.length) });
  return toGo(opening, 0.99, ended);
};

/** The score, told after the last step. */
export const finalScore: Credit = ({ rewards, scores, games }) => rewards.map((_, i) => scores[i % games]!);

function toGo({ steps, games, rewards }: Opening, gamma: number, terminated: Uint8Array): Float64Array {
  const nothing = new Float64Array(rewards.length);
  const transitions = { steps, envs: games, rewards, terminated };
  return rewardToGo({ ...transitions, truncated: new Uint8Array(rewards.length), nextValues: nothing }, { gamma });
}
