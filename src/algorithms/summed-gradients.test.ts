import { describe, expect, it } from "vitest";
import { mlp, sgd } from "../nn/index.ts";
import { Key } from "../random/index.ts";
import { backward, plan, square, sum, tensor } from "../tensor/index.ts";
import { SummedGradients } from "./summed-gradients.ts";

const values = (rows: number) => Array.from({ length: 3 * rows }, (_, i) => ((7 * i) % 11) - 5);

describe("gradients of a batch in parts", () => {
  const network = mlp({ inputs: 3, hidden: [5], outputs: 2, key: Key.fromSeed(1), dtype: "float64" });
  const loss = (rows: number, from = 0) =>
    sum(square(network.forward(tensor(values(12).slice(3 * from, 3 * (from + rows)), [rows, 3], "float64"))));

  it("are that of the whole, anew after each clearing", () => {
    const whole = backward(loss(12));
    const sums = new SummedGradients(network.parameters());
    const parts = [0, 4, 8].map((from) => plan({}, () => sums.add(backward(loss(4, from)))));
    for (let round = 0; round < 2; round++) {
      sums.clear();
      for (const part of parts) part.run();
    }
    for (const parameter of Object.values(network.parameters())) {
      const [summed, expected] = [sums.of(parameter).toArray(), whole.of(parameter).toArray()];
      for (let i = 0; i < summed.length; i++) expect(summed[i]).toBeCloseTo(expected[i]!, 10);
    }
    // Control: what is not cleared is counted twice.
    parts[0]!.run();
    const { "2.bias": bias } = network.parameters();
    expect(Math.abs(sums.of(bias!).toArray()[0]! - whole.of(bias!).toArray()[0]!)).toBeGreaterThan(0.1);
  });

  it("are what an optimiser takes", () => {
    const sums = new SummedGradients(network.parameters());
    const optimiser = sgd(network.parameters(), { learningRate: 0.001 });
    const before = loss(12).item();
    sums.add(backward(loss(12)));
    optimiser.update(sums);
    expect(loss(12).item()).toBeLessThan(before);
  });
});
