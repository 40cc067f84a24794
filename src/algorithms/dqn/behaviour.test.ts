import { expect, it } from "vitest";
import type { Categorical } from "../../distributions/index.ts";
import { exp, noGrad, reshape, type Tensor, tensor } from "../../tensor/index.ts";
import { behaviourIn } from "./behaviour.ts";
import { Explorer } from "./explorer.ts";
import { expectedValueHead } from "./heads/expected-value.ts";

/** Q = (1, 3, 2, 0) in both states; the second forbids the best action, and the last. */
const network = {
  outputs: (observations: Tensor) => reshape(observations, [2, 4, 1]),
  parameters: () => ({}),
};
const observations = tensor([
  [1, 3, 2, 0],
  [1, 3, 2, 0],
]);
const masks = tensor(
  [
    [1, 1, 1, 1],
    [1, 0, 1, 0],
  ],
  undefined,
  "uint8",
);

function behaviour(exploration: "epsilon-greedy" | "boltzmann" | "greedy", given: Tensor | undefined) {
  const none = { explorationFraction: 0, explorationInitialEps: 0, explorationFinalEps: 0 };
  const explorer = new Explorer({ ...none, exploration, epsilon: 0.4, temperature: 0.5 }, 4);
  const { policy, greedy } = behaviourIn(
    { observations, masks: given },
    { network, head: expectedValueHead("mse"), explorer },
  );
  const probabilities = noGrad(() => exp((policy() as Categorical).logProbabilities)).toArray();
  return { best: [...greedy().toArray()], probabilities: Array.from(probabilities, Number) };
}

const boltzmann = (values: number[]) => {
  const weights = values.map((value) => Math.exp(value / 0.5));
  const total = weights.reduce((sum, weight) => sum + weight);
  return weights.map((weight) => weight / total);
};

it.each([
  ["epsilon-greedy", [0.1, 0.7, 0.1, 0.1], [0.2, 0, 0.8, 0]],
  ["greedy", [0, 1, 0, 0], [0, 0, 1, 0]],
  ["boltzmann", boltzmann([1, 3, 2, 0]), boltzmann([1, -999, 2, -999])],
] as const)("acts as it explores, %s, among the actions that are allowed", (exploration, free, masked) => {
  const expectClose = (found: number[], expected: readonly number[]) => {
    for (const [i, p] of expected.entries()) expect(found[i]).toBeCloseTo(p, 6);
  };
  const { best, probabilities } = behaviour(exploration, masks);
  expect(best).toEqual([1, 2]);
  expectClose(probabilities, [...free, ...masked]);
  const blind = behaviour(exploration, undefined);
  expect(blind.best).toEqual([1, 1]);
  expectClose(blind.probabilities, [...free, ...free]);
});
