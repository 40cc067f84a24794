import { describe, expect, it } from "vitest";
import { Key } from "../../random/index.ts";
import { gradcheck, linear, noGrad, plan, randomStream, step, tensor } from "../../tensor/index.ts";
import { NoisyLinear } from "./noisy-linear.ts";

const key = Key.fromSeed(5);
const stream = () => randomStream(key.split("noise"));

describe("NoisyLinear", () => {
  it("is its mean weights without a stream", () => {
    const layer = new NoisyLinear({ inputs: 3, outputs: 2, key });
    const x = tensor([[1, -2, 0.5]]);
    expect([...layer.forward(x).toArray()]).toEqual([...linear(x, layer.weight, layer.bias).toArray()]);
  });

  it("begins with means uniform on ±1/√inputs and deviations of sigma0/√inputs", () => {
    const layer = new NoisyLinear({ inputs: 16, outputs: 50, key, sigma0: 0.4 });
    for (const sigma of [layer.weightSigma, layer.biasSigma]) {
      for (const value of sigma.toArray()) expect(value).toBeCloseTo(0.1, 7);
    }
    const largest = Math.max(...[...layer.weight.toArray(), ...layer.bias.toArray()].map(Math.abs));
    expect(largest).toBeLessThanOrEqual(0.25);
    expect(largest).toBeGreaterThan(0.24);
  });

  it("has noise of mean 0 and the variance of factorised noise, the same for all rows and new at each call", () => {
    const sigma0 = 0.8;
    const layer = new NoisyLinear({ inputs: 1, outputs: 1, key, sigma0 });
    const noise = stream();
    const drawn = plan({}, () => noGrad(() => layer.forward(tensor([[1], [1]]), noise)));
    const mean = layer.weight.item() + layer.bias.item();
    let [sum, squares] = [0, 0];
    const count = 20_000;
    for (let i = 0; i < count; i++) {
      const [one, other] = drawn.run().data;
      expect(other).toBe(one);
      sum += one! - mean;
      squares += (one! - mean) ** 2;
    }
    // E f(ε)² = E|ε| = √(2/π): once for the bias, twice for the weight, whose product with it has mean 0.
    const variance = sigma0 ** 2 * (2 / Math.PI + Math.sqrt(2 / Math.PI));
    expect(Math.abs(sum / count)).toBeLessThan(0.03);
    expect(Math.abs(squares / count / variance - 1)).toBeLessThan(0.06);
    // Control: independent noise would have another variance.
    expect(Math.abs(squares / count / (2 * sigma0 ** 2) - 1)).toBeGreaterThan(0.2);
  });

  it("has the gradients that differences find, of means and deviations", () => {
    const layer = new NoisyLinear({ inputs: 3, outputs: 2, key, dtype: "float64" });
    const x = tensor([1, -2, 0.5, 0.3, 0.1, -1], [2, 3], "float64");
    const noise = stream();
    const start = noise.toArray();
    const forward = () => {
      noise.set(start);
      return layer.forward(x, noise);
    };
    expect(gradcheck(forward, Object.values(layer.parameters())).ok).toBe(true);
    // Control: with other noise at each call there is nothing to compare.
    expect(gradcheck(() => layer.forward(x, noise), [layer.weightSigma]).ok).toBe(false);
  });

  it("goes on with the same noise from a saved stream", () => {
    const layer = new NoisyLinear({ inputs: 2, outputs: 2, key });
    const noise = stream();
    const forward = () => [...step(() => layer.forward(tensor([[1, 1]]), noise)).toArray()];
    forward();
    const saved = noise.toArray();
    const next = forward();
    expect(forward()).not.toEqual(next);
    noise.set(saved);
    expect(forward()).toEqual(next);
  });
});
