import { describe, expect, it } from "vitest";
import { mlp } from "../../../nn/index.ts";
import { Key } from "../../../random/index.ts";
import { gradcheck, randomStream, tensor } from "../../../tensor/index.ts";
import { makeQNetwork } from "./q-network.ts";

const key = Key.fromSeed(2);
const sizes = { observationSize: 3, actions: 4, size: 2, hidden: [6, 5], activation: "tanh", key } as const;
const observations = [
  [1, 2, -1],
  [0.5, 0, 0.25],
];

describe("a network of Q", () => {
  it("is a multilayer perceptron, in the shape of actions and numbers", () => {
    const network = makeQNetwork({ ...sizes, dueling: false });
    const outputs = network.outputs(tensor(observations));
    const same = mlp({ inputs: 3, hidden: [6, 5], outputs: 8, activation: "tanh", key });
    expect(outputs.shape).toEqual([2, 4, 2]);
    expect(outputs.toArray()).toEqual(same.forward(tensor(observations)).toArray());
    expect(Object.keys(network.parameters())).toEqual(Object.keys(same.parameters()));
  });

  it("of two streams has values as the mean over actions, whatever all advantages have in common", () => {
    const network = makeQNetwork({ ...sizes, dueling: true, dtype: "float64" });
    const parameters = network.parameters();
    const outputs = () => [...network.outputs(tensor(observations, undefined, "float64")).toArray()];
    const before = outputs();
    const bias = parameters["advantage.2.bias"]!;
    bias.set(Array.from(bias.toArray(), (value) => value + 7));
    for (const [i, value] of outputs().entries()) expect(value).toBeCloseTo(before[i]!, 12);
    // Control: what the values have in common counts.
    const valueBias = parameters["value.2.bias"]!;
    valueBias.set(Array.from(valueBias.toArray(), (value) => value + 7));
    for (const [i, value] of outputs().entries()) expect(value).toBeCloseTo(before[i]! + 7, 12);
    // Without advantages all actions are worth V.
    for (const [name, tensor] of Object.entries(parameters)) {
      if (name.startsWith("advantage")) tensor.set(new Float64Array(tensor.size));
    }
    const values = outputs();
    for (let i = 0; i < values.length; i++) expect(values[i]).toBe(values[8 * Math.floor(i / 8) + (i % 2)]);
  });

  it.each([true, false])("has the gradients that differences find, noisy too: dueling %s", (dueling) => {
    const network = makeQNetwork({ ...sizes, dueling, sigma0: 0.5, dtype: "float64" });
    const noise = randomStream(key.split("noise"));
    const start = noise.toArray();
    const outputs = () => {
      noise.set(start);
      return network.outputs(tensor(observations, undefined, "float64"), noise);
    };
    expect(gradcheck(outputs, Object.values(network.parameters())).ok).toBe(true);
  });

  it.each([[[]], [[8]]])("of two streams takes any hidden layers: %j", (hidden) => {
    const network = makeQNetwork({ ...sizes, hidden, dueling: true });
    expect(network.outputs(tensor(observations)).shape).toEqual([2, 4, 2]);
  });
});
