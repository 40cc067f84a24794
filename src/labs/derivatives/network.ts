/** A network small enough to differentiate it by every means: 3 inputs, two hidden layers of 4, one output. */
import { type ActivationName, activationFunction } from "../../nn/index.ts";
import type { Key } from "../../random/index.ts";
import { add, backward, type FloatType, linear, noGrad, parameter, step, type Tensor } from "../../tensor/index.ts";
import type { DerivativeRule } from "./rules.ts";

const WIDTHS = [3, 4, 4, 1];

export interface SmallNetwork {
  readonly activation: ActivationName;
  /** `[1, 3]` */
  readonly input: Tensor;
  readonly weights: readonly Tensor[];
  readonly biases: readonly Tensor[];
  /** `[1, 4]` for each hidden layer: 0, and added to what its neurons give, so that a limit can move a neuron. */
  readonly nudges: readonly Tensor[];
}

/** Normal numbers over √inputs, rounded to float32, so that a network has the same ones in both precisions. */
export function smallNetwork(activation: ActivationName, key: Key, dtype: FloatType = "float64"): SmallNetwork {
  const drawn = (name: string, i: number, size: number, scale: number) => {
    const values = new Float64Array(size);
    key.split(name, i).stream().fillNormal(values, 0, scale);
    return values.map((value) => Math.fround(value));
  };
  const layers = WIDTHS.slice(1).map((outputs, i) => ({ inputs: WIDTHS[i]!, outputs }));
  return {
    activation,
    input: parameter(drawn("input", 0, 3, 1), [1, 3], dtype),
    weights: layers.map(({ inputs, outputs }, i) => {
      return parameter(drawn("weight", i, inputs * outputs, 1 / Math.sqrt(inputs)), [outputs, inputs], dtype);
    }),
    biases: layers.map(({ outputs }, i) => parameter(drawn("bias", i, outputs, 0.5), [outputs], dtype)),
    nudges: layers.slice(0, -1).map(({ outputs }) => parameter(new Float64Array(outputs), [1, outputs], dtype)),
  };
}

interface Forward {
  /** z of each hidden layer. */
  readonly sums: readonly Tensor[];
  /** f(z) of each. */
  readonly activations: readonly Tensor[];
  readonly output: Tensor;
}

function forward({ activation, input, weights, biases, nudges }: SmallNetwork): Forward {
  const f = activationFunction(activation);
  const sums: Tensor[] = [];
  const activations: Tensor[] = [];
  let x = input;
  nudges.forEach((nudge, i) => {
    sums.push(linear(x, weights[i]!, biases[i]));
    activations.push(f(sums[i]!));
    x = add(activations[i]!, nudge);
  });
  return { sums, activations, output: linear(x, weights.at(-1)!, biases.at(-1)) };
}

/** The network's value. */
export function networkValue(network: SmallNetwork): number {
  return noGrad(() => step(() => forward(network).output.toArray()[0]!));
}

/** z of the first neuron of the first layer. */
export function firstSum(network: SmallNetwork): number {
  return noGrad(() => step(() => forward(network).sums[0]!.toArray()[0]!));
}

/** Derivatives of the network's value by each weight and bias, and by what each hidden neuron gives. */
export interface Derivatives {
  readonly weights: readonly number[];
  readonly neurons: readonly number[];
}

const weightTensors = ({ weights, biases }: SmallNetwork) => weights.flatMap((weight, i) => [weight, biases[i]!]);

/** One walk back over the tape. */
export function byTape(network: SmallNetwork): Derivatives {
  return step(() => {
    const { activations, output } = forward(network);
    const gradients = backward(output);
    const of = (tensors: readonly Tensor[]) => tensors.flatMap((one) => Array.from(gradients.of(one).toArray()));
    return { weights: of(weightTensors(network)), neurons: of(activations) };
  });
}

/** The chain rule with pencil and paper: ∂/∂z = f′(z) ∂/∂f(z), ∂/∂W = ∂/∂z xᵀ, ∂/∂x = Wᵀ ∂/∂z, from the last layer to the first. */
export function byRule(network: SmallNetwork, rule: DerivativeRule): Derivatives {
  const { sums, activations } = noGrad(() =>
    step(() => {
      const { sums, activations } = forward(network);
      return { sums: sums.map((z) => z.toArray()), activations: activations.map((y) => y.toArray()) };
    }),
  );
  const inputs = [network.input.toArray(), ...activations];
  let weights: number[] = [];
  let neurons: number[] = [];
  let deltas = [1];
  for (let layer = inputs.length - 1; layer >= 0; layer--) {
    const x = inputs[layer]!;
    weights = [...deltas.flatMap((delta) => Array.from(x, (value) => delta * value)), ...deltas, ...weights];
    if (layer === 0) break;
    const matrix = network.weights[layer]!.toArray();
    const below = Array.from(x, (_, j) => deltas.reduce((sum, delta, i) => sum + delta * matrix[i * x.length + j]!, 0));
    neurons = [...below, ...neurons];
    const z = sums[layer - 1]!;
    deltas = below.map((value, j) => value * rule(z[j]!, x[j]!));
  }
  return { weights, neurons };
}

export type Difference = "forward" | "central";

/** The definition of a derivative, one number at a time: (NN(w + h) − NN(w)) / h, or from w − h to w + h. */
export function byLimit(network: SmallNetwork, h: number, difference: Difference = "central"): Derivatives {
  const start = networkValue(network);
  const along = (one: Tensor) =>
    Array.from({ length: one.size }, (_, i) => {
      const original = one.data[i]!;
      const at = (value: number) => {
        one.data[i] = value;
        return { w: one.data[i]!, value: networkValue(network) };
      };
      const up = at(original + h);
      const down = difference === "central" ? at(original - h) : { w: original, value: start };
      one.data[i] = original;
      // By the distance that rounding left, not by the one that was asked for.
      return (up.value - down.value) / (up.w - down.w);
    });
  return { weights: weightTensors(network).flatMap(along), neurons: network.nudges.flatMap(along) };
}

/** The largest difference, relative to the largest derivative; NaN where a step was too small to be one. */
export function distance(found: readonly number[], truth: readonly number[]): number {
  const largest = truth.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return truth.reduce((most, value, i) => Math.max(most, Math.abs(found[i]! - value)), 0) / largest;
}

/** f, and its derivative by the tape, at z. */
export function activationAt(name: ActivationName, z: number): { value: number; slope: number } {
  return step(() => {
    const at = parameter([z], [1], "float64");
    const y = activationFunction(name)(at);
    const slope = y === at ? 1 : backward(y).of(at).toArray()[0]!;
    return { value: y.toArray()[0]!, slope };
  });
}
