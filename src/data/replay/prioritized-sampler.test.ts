import { describe, expect, it } from "vitest";
import { Key } from "../../random/index.ts";
import { PrioritizedSampler, type PriorityOptions } from "./prioritized-sampler.ts";
import { SumTree } from "./sum-tree.ts";

const options: PriorityOptions = { priorityAlpha: 0.6, priorityBeta: 0.4, priorityEps: 1e-6 };
const errors = [0.5, -3, 0, 1, 0.01, 2, -2, 8, 0.3, 0.3, 4];
const random = (seed = 7) => Key.fromSeed(seed).split("replay").stream();

/** A sampler of as many rows as there are errors, each found as wrong as that. */
function withErrors(given: Partial<PriorityOptions> = {}): PrioritizedSampler {
  const sampler = new PrioritizedSampler(random(), errors.length, { ...options, ...given });
  sampler.added(0, errors.length);
  sampler.found(Int32Array.from(errors.keys()), errors);
  return sampler;
}

/** P(i) of the paper, straight from its equation. */
function exact({ priorityAlpha, priorityEps }: PriorityOptions = options): number[] {
  const priorities = errors.map((error) => (Math.abs(error) + priorityEps) ** priorityAlpha);
  const sum = priorities.reduce((a, b) => a + b);
  return priorities.map((priority) => priority / sum);
}

/** χ² of 40 000 draws in minibatches of 8 against the given probabilities; 10 degrees of freedom, 45.1 at 2e-6. */
function chiSquare(sampler: PrioritizedSampler, probabilities: readonly number[]): number {
  const [rows, weights] = [new Int32Array(8), new Float32Array(8)];
  const counts = new Float64Array(errors.length);
  for (let i = 0; i < 5000; i++) {
    sampler.draw(rows, errors.length, weights);
    for (const row of rows) counts[row]!++;
  }
  return counts.reduce(
    (sum, count, i) => sum + (count - 40_000 * probabilities[i]!) ** 2 / (40_000 * probabilities[i]!),
    0,
  );
}
const LIMIT = 45;

describe("PrioritizedSampler", () => {
  it("draws every row with the probability of the paper's equation 1", () => {
    expect(chiSquare(withErrors(), exact())).toBeLessThan(LIMIT);
    const other = { ...options, priorityAlpha: 1, priorityEps: 0.2 };
    expect(chiSquare(withErrors(other), exact(other))).toBeLessThan(LIMIT);
    const uniform = { ...options, priorityAlpha: 0 };
    expect(chiSquare(withErrors(uniform), exact(uniform))).toBeLessThan(LIMIT);
  });

  it("would be noticed with another α, without ε or with one error unseen", () => {
    expect(chiSquare(withErrors(), exact({ ...options, priorityAlpha: 0.5 }))).toBeGreaterThan(2 * LIMIT);
    expect(chiSquare(withErrors({ priorityEps: 0.05 }), exact())).toBeGreaterThan(2 * LIMIT);
    const sampler = withErrors();
    sampler.found(Int32Array.of(1), [-2]);
    expect(chiSquare(sampler, exact())).toBeGreaterThan(2 * LIMIT);
  });

  it("says the probabilities it draws with", () => {
    const sampler = withErrors();
    for (const [row, probability] of exact().entries()) expect(sampler.probability(row)).toBeCloseTo(probability, 6);
  });

  it("weighs by (N P)^−β over the largest weight of the minibatch", () => {
    const sampler = withErrors();
    const [rows, weights] = [new Int32Array(6), new Float32Array(6)];
    for (const [remaining, beta] of [
      [1, 0.4],
      [0.5, 0.7],
      [0, 1],
    ] as const) {
      sampler.moveTo(remaining);
      expect(sampler.beta).toBeCloseTo(beta, 12);
      sampler.draw(rows, errors.length, weights);
      const unscaled = Array.from(rows, (row) => (errors.length * exact()[row]!) ** -beta);
      const largest = Math.max(...unscaled);
      for (const [i, weight] of unscaled.entries()) expect(weights[i]).toBeCloseTo(weight / largest, 5);
      expect(Math.max(...weights)).toBe(1);
    }
  });

  it("takes the bias back at β = 1: weighted means are those of uniform draws", () => {
    const sampler = withErrors({ priorityEps: 0.1 });
    sampler.moveTo(0);
    const [rows, weights] = [new Int32Array(2000), new Float64Array(2000)];
    const mean = (weigh: (i: number) => number) => {
      let [sum, total] = [0, 0];
      for (let k = 0; k < 50; k++) {
        sampler.draw(rows, errors.length, weights);
        for (let i = 0; i < rows.length; i++) {
          sum += weigh(i) * rows[i]!;
          total += weigh(i);
        }
      }
      return sum / total;
    };
    // Row numbers 0 … 10 average 5.
    expect(Math.abs(mean((i) => weights[i]!) - 5)).toBeLessThan(0.05);
    expect(Math.abs(mean(() => 1) - 5)).toBeGreaterThan(0.5);
  });

  it("gives new rows the largest priority so far, and never a row that was not added", () => {
    const sampler = new PrioritizedSampler(random(), 10, options);
    sampler.added(0, 2);
    expect(sampler.probability(0)).toBe(0.5);
    sampler.found(Int32Array.of(0), [5]);
    sampler.found(Int32Array.of(0), [0.1]);
    sampler.added(2, 2);
    const largest = Math.fround((5 + 1e-6) ** 0.6);
    expect(sampler.probability(2) / sampler.probability(1)).toBeCloseTo(largest, 6);
    const rows = new Int32Array(400);
    sampler.draw(rows, 4, new Float32Array(400));
    expect([...new Set(rows)].sort()).toEqual([0, 1, 2, 3]);
  });

  it("takes one row from each of equal parts of the sum", () => {
    const sampler = new PrioritizedSampler(random(), 64, options);
    sampler.added(0, 64);
    const rows = new Int32Array(32);
    for (let k = 0; k < 20; k++) {
      sampler.draw(rows, 64, new Float32Array(32));
      expect(Array.from(rows, (row) => row >> 1)).toEqual([...rows.keys()]);
    }
  });

  it("goes on bit for bit from what it saved", () => {
    const one = withErrors();
    one.moveTo(0.3);
    const saved = one.save();
    const two = new PrioritizedSampler(random(99), errors.length, options);
    two.load(structuredClone(saved));
    const drawn = [one, two].map((sampler) => {
      const [rows, weights] = [new Int32Array(16), new Float32Array(16)];
      sampler.draw(rows, errors.length, weights);
      sampler.added(3, 2);
      sampler.draw(rows, errors.length, weights);
      return [...rows, ...weights];
    });
    expect(drawn[1]).toEqual(drawn[0]);
    expect(two.save()).toEqual(one.save());
    const priorities = { dtype: "F32", shape: [12], data: new Float32Array(12).fill(1) } as const;
    expect(() => two.load({ ...saved, arrays: { priorities } })).toThrow(/at most 11 rows/);
    expect(() => two.load({ ...saved, arrays: {} })).toThrow(/not float32/);
    const negative = { ...priorities, shape: [1], data: Float32Array.of(-1) };
    expect(() => two.load({ ...saved, arrays: { priorities: negative } })).toThrow(/above 0/);
  });
});

describe("SumTree", () => {
  it("keeps sums that depend on its leaves alone, in whatever way they came there", () => {
    const stream = random(3);
    for (const size of [1, 2, 5, 8, 37]) {
      const [changed, loaded] = [new SumTree(size), new SumTree(size)];
      const values = new Float64Array(size);
      for (let k = 0; k < 200; k++) {
        const first = stream.integer(size);
        const count = 1 + stream.integer(size - first);
        const value = stream.uniform();
        if (k % 2) changed.fill(first, count, value);
        else changed.set(first, value);
        values.fill(value, first, k % 2 ? first + count : first + 1);
      }
      loaded.load(values);
      expect(changed.total).toBe(loaded.total);
      expect(changed.total).toBeCloseTo(
        values.reduce((a, b) => a + b, 0),
        12,
      );
      for (let row = 0; row < size; row++) expect(changed.get(row)).toBe(values[row]);
    }
  });

  it("finds the row in whose share a mark lies, and no empty one at any end", () => {
    const tree = new SumTree(6);
    tree.load([0, 1, 0, 2, 3, 0]);
    expect([0, 0.99, 1, 2.99, 3, 5.99, 6, 7].map((mark) => tree.find(mark))).toEqual([1, 1, 3, 3, 4, 4, 4, 4]);
  });
});
