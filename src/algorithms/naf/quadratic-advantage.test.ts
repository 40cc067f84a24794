import { describe, expect, it } from "vitest";
import { exp } from "../../math/index.ts";
import { Key } from "../../random/index.ts";
import { gradcheck, noGrad, parameter, step, sum, type Tensor, tensor } from "../../tensor/index.ts";
import { NafNetwork } from "./naf-network.ts";
import { quadraticAdvantage, triangularSize } from "./quadratic-advantage.ts";

const random = Key.fromSeed(5).stream();

function normal(...shape: number[]): Float64Array {
  const values = new Float64Array(shape.reduce((product, size) => product * size, 1));
  random.fillNormal(values);
  return values;
}

/** −½ dᵀ L Lᵀ d by the definition, of one row. */
function byDefinition(d: number[], entries: number[]): number {
  const size = d.length;
  const L = d.map(() => new Array<number>(size).fill(0));
  let at = 0;
  for (let k = 0; k < size; k++) {
    for (let j = 0; j + k < size; j++) L[j + k]![j] = k === 0 ? exp(entries[at++]!) : entries[at++]!;
  }
  let total = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const p = L[i]!.reduce((dot, value, k) => dot + value * L[j]![k]!, 0);
      total += d[i]! * p * d[j]!;
    }
  }
  return -0.5 * total;
}

describe.each([1, 2, 3, 4])("the quadratic advantage of %d entries", (size) => {
  const rows = 5;
  const given = {
    actions: normal(rows, size),
    means: normal(rows, size),
    entries: normal(rows, triangularSize(size)),
  };
  const tensors = () => [
    parameter(given.actions, [rows, size], "float64"),
    parameter(given.means, [rows, size], "float64"),
    parameter(given.entries, [rows, triangularSize(size)], "float64"),
  ];

  it("is −½ (a − μ)ᵀ L Lᵀ (a − μ)", () => {
    const [actions, means, entries] = tensors() as [Tensor, Tensor, Tensor];
    const found = quadraticAdvantage(actions, means, entries).data;
    const width = triangularSize(size);
    for (let i = 0; i < rows; i++) {
      const d = Array.from({ length: size }, (_, j) => given.actions[i * size + j]! - given.means[i * size + j]!);
      const expected = byDefinition(d, [...given.entries.subarray(i * width, (i + 1) * width)]);
      expect(found[i]).toBeCloseTo(expected, 10);
      expect(found[i]).toBeLessThan(0);
    }
  });

  it("has the gradients that differences give", () => {
    const result = gradcheck(
      (...inputs) => sum(quadraticAdvantage(...(inputs as [Tensor, Tensor, Tensor]))),
      tensors(),
    );
    expect(result.ok, JSON.stringify(result)).toBe(true);
  });

  it("is 0 at μ", () => {
    const [, means, entries] = tensors() as [Tensor, Tensor, Tensor];
    expect(quadraticAdvantage(means, means, entries).data.every((value) => Number(value) === 0)).toBe(true);
  });
});

describe.each([1, 3])("Q of %d entries", (actionSize) => {
  const network = new NafNetwork({
    ...{ observationSize: 2, actionSize, hidden: [8], activation: "tanh", key: Key.fromSeed(3), dtype: "float64" },
  });
  const observations = () => tensor([0.3, -1, 2, 0.5], [2, 2], "float64");

  it("has its maximum V at μ, among many actions", () => {
    step(() =>
      noGrad(() => {
        const [best, values] = [network.best(observations()), network.values(observations())];
        const atBest = network.judge(observations(), best).values;
        const slack = 1e-12;
        for (let i = 0; i < 2; i++) expect(atBest.data[i]).toBeCloseTo(Number(values.data[i]), 12);
        for (let k = 0; k < 200; k++) {
          const actions = tensor(normal(2, actionSize), [2, actionSize], "float64");
          const others = network.judge(observations(), actions).values.data;
          for (let i = 0; i < 2; i++) expect(others[i]).toBeLessThanOrEqual(Number(values.data[i]) + slack);
        }
        expect(Array.from(best.data, (value) => Math.abs(Number(value)) < 1)).not.toContain(false);
      }),
    );
  });
});
