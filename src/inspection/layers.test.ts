import { describe, expect, it } from "vitest";
import { stepAlong } from "../../test/support/gradient-step.ts";
import { Activation, Conv2d, Flatten, type Layer, Linear, sequential, sgd } from "../nn/index.ts";
import { Key } from "../random/index.ts";
import { square, sum, type Tensor, tensor } from "../tensor/index.ts";
import { hiddenLayers, measureLayer } from "./layers.ts";

const key = Key.fromSeed(3);
const linear = (inputs: number, outputs: number, name: string) =>
  new Linear({ inputs, outputs, key: key.split(name), dtype: "float64" });

function stepOf(network: Layer, x: Tensor) {
  return stepAlong(() => ({ all: sum(square(network.forward(x)), 1) }), { all: 1 }, sgd(network));
}

describe("hidden layers", () => {
  it("are found by what feeds another layer, whatever lies between", () => {
    const network = sequential(
      new Conv2d({ inputs: 1, outputs: 2, kernel: 2, key: key.split("conv"), dtype: "float64" }),
      new Activation("relu"),
      new Flatten(),
      linear(8, 5, "a"),
      new Activation("tanh"),
      linear(5, 4, "b"),
      linear(4, 3, "c"),
      new Activation("tanh"),
    );
    const x = tensor(
      Array.from({ length: 27 }, (_, i) => Math.sqrt(i) - 2),
      [3, 1, 3, 3],
      "float64",
    );
    const found = hiddenLayers(stepOf(network, x));
    // The last layer feeds none, and its activation is an output.
    expect(found.map(({ name, activation }) => [name, activation.shape])).toEqual([
      ["0.weight", [3, 2, 2, 2]],
      ["3.weight", [3, 5]],
      ["5.weight", [3, 4]],
    ]);
    const convolution = measureLayer(found[0]!, 3);
    expect(convolution.neurons).toBe(2);
    expect(convolution.effectiveRank).toBeUndefined();
  });

  it("have statistics that can be worked out by hand, with a dead and a dormant neuron", () => {
    const [first, second] = [linear(1, 4, "first"), linear(4, 1, "second")];
    // h = relu(x·w + b) for x = 1, 2: neurons (1, 2), (2, 4), dead, and 0.02 against a mean activity of (1.5 + 3 + 0 + 0.03)/4.
    first.parameters().weight!.set([1, 2, -1, 0.02]);
    first.parameters().bias!.set([0, 0, 0, 0]);
    second.parameters().weight!.set([1, 1, 1, 1]);
    second.parameters().bias!.set([0]);
    const network = sequential(first, new Activation("relu"), second);
    const [hidden] = hiddenLayers(stepOf(network, tensor([1, 2], [2, 1], "float64")));
    const measured = measureLayer(hidden!, 2);
    expect(measured).toMatchObject({ layer: "0.weight", neurons: 4, dead: 1, dormant: 1, effectiveRank: 1 });
    [1.5, 3, 0, 0.03].forEach((activity, j) => {
      expect(measured.activity[j]).toBeCloseTo(activity, 12);
    });
    expect(measured.mean).toBeCloseTo(4.53 / 4, 12);
    // y = 3.02·x, ∂y²/∂h = 2y: 6.04 and 12.08, for every neuron.
    for (const pull of measured.pull) expect(pull).toBeCloseTo(Math.sqrt((6.04 ** 2 + 12.08 ** 2) / 2), 10);
  });

  it("call a neuron dormant by its share of the layer's activity, not by its size", () => {
    const [first, second] = [linear(1, 3, "first"), linear(3, 1, "second")];
    first.parameters().weight!.set([1e-3, 1e-3, 1e-5]);
    first.parameters().bias!.set([0, 0, 0]);
    const [hidden] = hiddenLayers(stepOf(sequential(first, second), tensor([1, 2], [2, 1], "float64")));
    expect(measureLayer(hidden!, 2).dormant).toBe(1);
  });
});
