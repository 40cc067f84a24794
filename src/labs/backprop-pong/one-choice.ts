/**
 * Games of one choice, as operations that can be differentiated as far as the game can, with the exact gradient of the expected
 * reward: left or right (LeftRight-v0), the threshold (Threshold-v0) and the smooth threshold (SmoothThreshold-v0).
 */
import { Categorical, DiagonalGaussian, type Distribution } from "../../distributions/index.ts";
import { exp, tanh } from "../../math/index.ts";
import * as op from "../../tensor/index.ts";
import { parameter, type Tensor } from "../../tensor/index.ts";

export interface OneChoice {
  readonly name: string;
  /** What is learned; one tensor of two numbers. */
  readonly parameters: Tensor;
  /** The policy, a row for each of N choices. */
  readonly policy: (rows: number) => Distribution;
  /** `[N]` rewards of the choices. A gradient flows back to them where the game has one. */
  readonly rewards: (choices: Tensor) => Tensor;
  /** E[reward] and its gradient with the present parameters. */
  readonly exact: () => { readonly value: number; readonly gradient: readonly number[] };
}

/** Parameters: the logits of left and right. Reward 1 for left, −1 for right. */
export function leftOrRight(logits: readonly [number, number] = [-0.5, 0.5]): OneChoice {
  const parameters = parameter(logits, [2], "float64");
  return {
    name: "left or right",
    parameters,
    policy: (rows) => new Categorical(op.broadcastTo(parameters, [rows, 2])),
    rewards: (choices) => op.affine(op.cast(choices, "float64"), -2, 1),
    exact() {
      const [left, right] = parameters.toArray() as Float64Array;
      const p = 1 / (1 + exp(right! - left!));
      return { value: 2 * p - 1, gradient: [2 * p * (1 - p), -2 * p * (1 - p)] };
    },
  };
}

/** Mean and log σ of the number that is chosen. */
const CHOSEN = { mean: 0.4, logStd: -2 };

/** Reward 1 above ½, −1 below. P(above) = Φ(z), z = (mean − ½) / σ. */
export function threshold({ mean, logStd } = CHOSEN): OneChoice {
  const parameters = parameter([mean, logStd], [2], "float64");
  return {
    ...aNumber(parameters),
    name: "threshold",
    rewards: (choices) => op.reshape(op.sign(op.affine(choices, 1, -0.5)), [-1]),
    exact() {
      const [mean, logStd] = parameters.toArray() as Float64Array;
      const std = exp(logStd!);
      const z = (mean! - 0.5) / std;
      const slope = 2 * density(z);
      const { value } = byQuadrature((a) => (a > 0.5 ? 1 : -1), mean!, std);
      return { value, gradient: [slope / std, -slope * z] };
    },
  };
}

/** Reward tanh(k (a − ½)) of a within 0 and 1, k being the steepness. */
export function smoothThreshold(steepness: number, { mean, logStd } = CHOSEN): OneChoice {
  const parameters = parameter([mean, logStd], [2], "float64");
  return {
    ...aNumber(parameters),
    name: `smooth threshold (${steepness})`,
    rewards: (choices) => op.reshape(op.tanh(op.affine(op.clip(choices, 0, 1), steepness, -0.5 * steepness)), [-1]),
    exact() {
      const [mean, logStd] = parameters.toArray() as Float64Array;
      const reward = (a: number) => tanh(steepness * (Math.min(Math.max(a, 0), 1) - 0.5));
      return byQuadrature(reward, mean!, exp(logStd!));
    },
  };
}

/** A normal number, of mean and log σ. */
function aNumber(parameters: Tensor): Pick<OneChoice, "parameters" | "policy"> {
  return {
    parameters,
    policy: (rows) =>
      new DiagonalGaussian(
        op.broadcastTo(op.slice(parameters, 0, 0, 1), [rows, 1]),
        op.broadcastTo(op.slice(parameters, 0, 1, 2), [rows, 1]),
      ),
  };
}

/** The standard normal density. */
const density = (z: number) => exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** E[r(a)] and its derivatives by mean and log σ, which are E[r z / σ] and E[r (z² − 1)], with the trapezoidal rule from −8 σ to 8 σ. */
function byQuadrature(reward: (a: number) => number, mean: number, std: number) {
  const width = 1 / 2000;
  let [value, byMean, byLogStd] = [0, 0, 0];
  for (let i = -16_000; i <= 16_000; i++) {
    const z = i * width;
    const weighed = width * density(z) * reward(mean + std * z);
    value += weighed;
    byMean += (weighed * z) / std;
    byLogStd += weighed * (z * z - 1);
  }
  return { value, gradient: [byMean, byLogStd] };
}
