import { describe, expect, it } from "vitest";
import { Key } from "../random/index.ts";
import {
  argmax,
  BestActions,
  boltzmannProbabilities,
  epsilonGreedy,
  epsilonGreedyProbabilities,
  maximum,
  selectAction,
} from "./index.ts";

/** Two states of four actions. */
const q = Float64Array.of(9, 9, 9, 9, 1, 3, 3, 2);

/** How often each of four actions is chosen, as a share. */
function shares(choose: (u: number) => number): number[] {
  const draws = new Float64Array(100_000);
  Key.fromSeed(1).stream().fillUniform(draws);
  const counts = [0, 0, 0, 0];
  for (const u of draws) counts[choose(u)]++;
  return counts.map((count) => count / draws.length);
}

function expectShares(actual: number[], expected: ArrayLike<number>): void {
  // Five standard errors of a share at 100 000 draws are at most 0.008.
  actual.forEach((share, i) => {
    expect(Math.abs(share - expected[i]), `action ${i}`).toBeLessThan(0.008);
  });
}

describe("greedy", () => {
  it("takes the lowest of the best actions of its row", () => {
    expect(argmax(q, 4, 4)).toBe(1);
    expect(maximum(q, 4, 4)).toBe(3);
    expect(argmax(q, 0, 4)).toBe(0);
  });

  it("keeps to what a mask allows, however bad", () => {
    expect(argmax(q, 4, 4, [1, 0, 0, 1])).toBe(3);
    expect(argmax([-5, -7], 0, 2, [0, 1])).toBe(1);
  });
});

it("the best actions stay known while values change, ties included", () => {
  const random = Key.fromSeed(3).stream();
  const values = new Float64Array(20);
  const greedy = new BestActions(values, 4);
  for (let i = 0; i < 2000; i++) {
    const [state, action] = [random.integer(5), random.integer(4)];
    values[4 * state + action] = random.integer(4);
    greedy.changed(state, action);
    for (let s = 0; s < 5; s++) expect(greedy.best[s], `change ${i}`).toBe(argmax(values, 4 * s, 4));
  }
  values.set([0, 0, 0, 9]);
  greedy.refresh();
  expect(greedy.best[0]).toBe(3);
});

describe("ε-greedy", () => {
  it("explores with probability ε, uniformly, and says so", () => {
    const probabilities = new Float64Array(4);
    epsilonGreedyProbabilities(q, 4, 4, 0.4, probabilities);
    [0.1, 0.7, 0.1, 0.1].forEach((probability, i) => {
      expect(probabilities[i]).toBeCloseTo(probability, 12);
    });
    const actual = shares((u) => epsilonGreedy(q, 4, 4, 0.4, u));
    expectShares(actual, probabilities);
    // Control: exploring half as often is seen.
    expect(() => expectShares(actual, [0.05, 0.85, 0.05, 0.05])).toThrow();
  });

  it("never explores with ε = 0 and always with ε = 1", () => {
    expectShares(
      shares((u) => epsilonGreedy(q, 4, 4, 0, u)),
      [0, 1, 0, 0],
    );
    expectShares(
      shares((u) => epsilonGreedy(q, 4, 4, 1, u)),
      [0.25, 0.25, 0.25, 0.25],
    );
  });

  it("explores among the allowed actions alone, each as likely as any other", () => {
    const allowedOf = (mask: number[]) => shares((u) => epsilonGreedy(q, 4, 4, 1, u, mask));
    expectShares(allowedOf([1, 0, 0, 1]), [0.5, 0, 0, 0.5]);
    expectShares(allowedOf([0, 1, 1, 1]), [0, 1 / 3, 1 / 3, 1 / 3]);
    expectShares(allowedOf([0, 0, 1, 0]), [0, 0, 1, 0]);
    expectShares(
      shares((u) => epsilonGreedy(q, 4, 4, 0.4, u, [1, 0, 0, 1])),
      [0.2, 0, 0, 0.8],
    );
  });

  it("stays inside the actions where rounding makes u/ε equal to 1", () => {
    const epsilon = 0.1;
    // The double just below.
    expect(epsilonGreedy(q, 4, 4, epsilon, epsilon * (1 - Number.EPSILON / 2))).toBe(3);
  });
});

describe("Boltzmann", () => {
  const probabilities = new Float64Array(4);

  it("weighs actions by exp(Q/τ)", () => {
    boltzmannProbabilities(q, 4, 4, 0.5, probabilities);
    const weights = [1, 3, 3, 2].map((value) => Math.exp(value / 0.5));
    const total = weights.reduce((sum, weight) => sum + weight);
    weights.forEach((weight, i) => {
      expect(probabilities[i]).toBeCloseTo(weight / total, 12);
    });
  });

  it("gives what is not allowed no probability, whatever its value", () => {
    boltzmannProbabilities([1e6, 2, 1, 1e6], 0, 4, 0.5, probabilities, [0, 1, 1, 0]);
    const better = Math.exp(2);
    expect(probabilities[0]).toBe(0);
    expect(probabilities[3]).toBe(0);
    expect(probabilities[1]).toBeCloseTo(better / (1 + better), 12);
    expect(probabilities[2]).toBeCloseTo(1 / (1 + better), 12);
  });

  it("does not overflow for large values", () => {
    boltzmannProbabilities([1e6, -1e6], 0, 2, 1e-3, probabilities);
    expect([...probabilities.subarray(0, 2)]).toEqual([1, 0]);
  });
});

describe("selecting by probability", () => {
  it("hits each action with its probability", () => {
    const table = [9, 9, 0.2, 0, 0.5, 0.3];
    expectShares(
      shares((u) => selectAction(table, 2, 4, u)),
      [0.2, 0, 0.5, 0.3],
    );
  });

  it("never selects what has probability 0, not by rounding either", () => {
    expect(selectAction([0, 0.3, 0.3, 0.3, 0], 0, 5, 0.99)).toBe(3);
    expect(selectAction([0, 1], 0, 2, 0)).toBe(1);
  });
});
