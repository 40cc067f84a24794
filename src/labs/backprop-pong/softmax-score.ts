/** One weight of a softmax network that plays Pong, and what the score does when it is moved. */
import { Categorical } from "../../distributions/index.ts";
import { scoreFunctionGradient } from "../../estimators/index.ts";
import type { Layer } from "../../nn/index.ts";
import type { Key } from "../../random/index.ts";
import { matmul, mul, parameter, persistent, step, tensor } from "../../tensor/index.ts";
import { ACTIONS, BALL, type Credit, INPUTS, type Opening, openingOf, PADDLE, type Play } from "./opening.ts";

const [UP, DOWN] = [1, 2];

export interface OneWeight {
  /** Plays with that weight. */
  readonly play: (weight: number, luck: Key) => Opening;
  /** The score-function estimate of ∂E[score]/∂weight, from an opening that was played with it. */
  readonly scoreFunction: (weight: number, opening: Opening, credit: Credit) => number;
}

/** How much likelier it is to go up or down, by the way to the ball: the one weight of a network that ends in a softmax. */
export function oneWeight(games: number, steps: number): OneWeight {
  const towards = new Float64Array(INPUTS * ACTIONS);
  for (const [action, sign] of [
    [UP, -1],
    [DOWN, 1],
  ] as const) {
    towards[BALL * ACTIONS + action] = sign;
    towards[PADDLE * ACTIONS + action] = -sign;
  }
  const weight = parameter([0], [1], "float64");
  const fixed = persistent([INPUTS, ACTIONS], "float64").set(towards);
  const network: Layer = {
    forward: (observations) => mul(matmul(observations, fixed), weight),
    parameters: () => ({ weight }),
  };
  const play: Play = openingOf(network, games, steps);
  return {
    play(value, luck) {
      weight.data[0] = value;
      return play(luck);
    },
    scoreFunction(value, opening, credit) {
      weight.data[0] = value;
      const rows = opening.actions.length;
      return step(() => {
        const logits = network.forward(tensor(opening.observations, [rows, INPUTS], "float64"));
        const actions = tensor(opening.actions, [rows], "int32");
        const given = credit(opening);
        const credits = tensor(given, [rows], "float64");
        const baseline = tensor(averageOfOthers(given, opening.games), [rows], "float64");
        const policy = new Categorical(logits);
        // The mean over steps, of which a game has so many.
        return steps * scoreFunctionGradient(policy, actions, credits, { baseline }).of(weight).item();
      });
    },
  };
}

/** What the other games have at that step, on average: it says nothing of the own actions, and so does not bias the estimate. */
function averageOfOthers(credit: Float64Array, games: number): Float64Array {
  const sums = new Float64Array(credit.length / games);
  credit.forEach((value, i) => {
    sums[Math.floor(i / games)]! += value;
  });
  return credit.map((value, i) => (sums[Math.floor(i / games)]! - value) / (games - 1));
}
