import { describe, expect, it } from "vitest";
import { Key } from "../../random/index.ts";
import {
  affine,
  concat,
  noGrad,
  plan,
  randomNormal,
  randomStream,
  randomUniform,
  square,
  step,
  sub,
  sum,
  type Tensor,
  tensor,
} from "../../tensor/index.ts";
import { crossEntropyMaximum } from "./cross-entropy.ts";
import { SearchNetwork } from "./search-network.ts";

interface Search {
  readonly samples?: number;
  readonly elites?: number;
  readonly iterations?: number;
}

/** Searches the best actions of several objectives at once: `targets` `[B, A]` are where each has its maximum. */
function search(targets: number[][], { samples = 32, elites = 4, iterations = 4 }: Search = {}, seed = 1): number[][] {
  const [rows, size] = [targets.length, targets[0]!.length];
  const stream = randomStream(Key.fromSeed(seed));
  const best = step(() =>
    noGrad(() => {
      const wanted = concat(targets.map((target) => tensor(Array.from({ length: samples }, () => target))));
      const values = (actions: Tensor) => affine(sum(square(sub(actions, wanted)), 1), -1, 0);
      const shape = [rows, samples, size];
      const later = Array.from({ length: iterations - 1 }, () => randomNormal(stream, shape));
      return crossEntropyMaximum(rows, values, { first: randomUniform(stream, shape, { low: -1 }), later }, elites);
    }),
  );
  return targets.map((_, i) => Array.from(best.data.slice(i * size, (i + 1) * size), Number));
}

/** The greatest distance of what was found from where the maxima are. */
function errorOf(targets: number[][], options?: Search): number {
  const errors = [1, 2, 3].flatMap((seed) =>
    search(targets, options, seed).flatMap((found, i) => found.map((value, j) => Math.abs(value - targets[i]![j]!))),
  );
  return Math.max(...errors);
}

const ONE = [[0.3], [-0.8], [0]];
const THREE = [
  [0.3, -0.5, 0.9],
  [-0.1, 0.2, -0.7],
];

describe("the search for the best action", () => {
  it("finds the maximum of each row, for actions of one number and of three", () => {
    expect(errorOf(ONE)).toBeLessThan(0.02);
    expect(errorOf(THREE, { samples: 128, elites: 12, iterations: 6 })).toBeLessThan(0.05);
  });

  it("comes closer with every round", () => {
    const errors = [1, 2, 4].map((iterations) => errorOf(THREE, { samples: 64, elites: 6, iterations }));
    expect(errors[0]).toBeGreaterThan(2 * errors[1]!);
    expect(errors[1]).toBeGreaterThan(2 * errors[2]!);
  });

  it("would not, if all actions were taken for the best", () => {
    expect(errorOf(THREE, { samples: 64, elites: 64, iterations: 4 })).toBeGreaterThan(0.2);
  });

  it("reaches bounds, where many actions are equally good", () => {
    for (const target of [1, -1, 7]) {
      const bound = Math.min(Math.max(target, -1), 1);
      expect(Math.abs(search([[target]])[0]![0]! - bound)).toBeLessThan(0.01);
    }
  });

  it("gives an action that was judged best, not a mean of several", () => {
    // Two maxima: between them lies the worst.
    const best = step(() =>
      noGrad(() => {
        const stream = randomStream(Key.fromSeed(1));
        const shape = [1, 64, 1];
        const values = (actions: Tensor) => sum(square(actions), 1);
        const later = [randomNormal(stream, shape)];
        return crossEntropyMaximum(1, values, { first: randomUniform(stream, shape, { low: -1 }), later }, 6);
      }),
    );
    expect(Math.abs(best.item())).toBeGreaterThan(0.95);
  });
});

describe("a network that is searched", () => {
  const network = new SearchNetwork({
    ...{ observationSize: 2, actionSize: 2, count: 2, hidden: [16], activation: "tanh", key: Key.fromSeed(3) },
    ...{ samples: 64, elites: 6, iterations: 3 },
  });

  it("finds actions better than 200 others, the same for the same observation in any batch", () => {
    const observations = [0.5, -1, 2, 0.1];
    const alone = plan({ observations: { shape: [1, 2] } }, (inputs) =>
      noGrad(() => network.best(inputs.observations)),
    );
    const together = step(() => noGrad(() => network.best(tensor(observations, [2, 2]))));
    for (let i = 0; i < 2; i++) {
      alone.inputs.observations.set(observations.slice(2 * i, 2 * i + 2));
      const best = [...alone.run().data].map(Number);
      expect(best).toEqual([...together.data.slice(2 * i, 2 * i + 2)].map(Number));
      const q = (action: number[]) =>
        step(() =>
          noGrad(() =>
            network.critics.values(tensor([observations.slice(2 * i, 2 * i + 2)]), tensor([action]))[0]!.item(),
          ),
        );
      const random = Key.fromSeed(9).stream();
      const others = Array.from({ length: 200 }, () => q([2 * random.uniform() - 1, 2 * random.uniform() - 1]));
      expect(q(best)).toBeGreaterThan(Math.max(...others) - 0.01);
    }
  });

  it("has the worse of two critics as judge", () => {
    step(() =>
      noGrad(() => {
        const [observations, actions] = [tensor([[0.2, 1]]), tensor([[0.4, -0.4]])];
        const values = network.critics.values(observations, actions).map((value) => value.item());
        expect(values[0]).not.toBe(values[1]);
        expect(network.critics.least(observations, actions).item()).toBe(Math.min(...values));
      }),
    );
  });
});
