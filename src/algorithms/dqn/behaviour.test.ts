import { describe, expect, it } from "vitest";
import { exp } from "../../math/index.ts";
import { tensor } from "../../tensor/index.ts";
import { behaviourIn } from "./behaviour.ts";
import { expectedValueHead } from "./heads/expected-value.ts";

const q = [
  [3, 1, 2, 0],
  [0, 1, 2, 3],
];
const observations = tensor([[0], [0]]);
const actions = [0, 1, 2, 3];

/** Probabilities of all actions in both states, and the best ones. */
function behaviour(exploration: "greedy" | "epsilon-greedy" | "boltzmann", amount: number, masks?: number[]) {
  const policy = {
    network: { outputs: () => tensor(q.map((row) => row.map((value) => [value]))) },
    head: expectedValueHead("mse"),
    explorer: { exploration, amount: tensor([amount]) },
  };
  const batch = { observations, masks: masks && tensor(masks, [2, 4], "uint8") };
  const found = behaviourIn(batch, policy as never);
  const columns = actions.map((a) =>
    found
      .policy()
      .logProb(tensor([a, a], [2], "int32"))
      .toArray(),
  );
  return {
    best: [...found.greedy().toArray()],
    probabilities: q.map((_, state) => columns.map((logProbs) => exp(logProbs[state]!))),
  };
}

const MASKS = [0, 1, 1, 0, 1, 1, 1, 1];

describe("the behaviour of a Q-network", () => {
  it("is ε/n for every action and the rest for the best one, n being those that are allowed", () => {
    const all = behaviour("epsilon-greedy", 0.4);
    expect(all.best).toEqual([0, 3]);
    const masked = behaviour("epsilon-greedy", 0.4, MASKS);
    expect(masked.best).toEqual([2, 3]);
    const expected = [
      [all.probabilities[0]!, [0.7, 0.1, 0.1, 0.1]],
      [masked.probabilities[0]!, [0, 0.2, 0.8, 0]],
      [masked.probabilities[1]!, [0.1, 0.1, 0.1, 0.7]],
    ] as const;
    for (const [found, right] of expected) {
      for (const a of actions) expect(found[a]).toBeCloseTo(right[a]!, 5);
    }
  });

  it("weighs by exp(Q/τ), and is the best one alone where it is greedy", () => {
    const [boltzmann] = behaviour("boltzmann", 0.5, MASKS).probabilities;
    expect(boltzmann![2]! / boltzmann![1]!).toBeCloseTo(exp(2), 4);
    expect([boltzmann![0], boltzmann![3]]).toEqual([0, 0]);
    const [greedy] = behaviour("greedy", 0, MASKS).probabilities;
    expect(greedy![2]).toBeCloseTo(1, 6);
    expect([greedy![0], greedy![3]]).toEqual([0, 0]);
  });
});
