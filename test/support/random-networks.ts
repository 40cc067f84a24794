/** Networks put together at random from every kind of layer: for what must hold of all of them. */
import type fc from "fast-check";
import { integer as draw } from "fast-check";
import { Key } from "../../src/random/index.ts";
import type { FloatType, Tensor } from "../../src/tensor/index.ts";
import * as t from "../../src/tensor/index.ts";
import { indices, uniform } from "./gradients.ts";
import type { SampleModel } from "./per-sample.ts";

export interface RandomNetwork extends SampleModel {
  /** `[N, D]` and int32 `[N, 2]`. */
  readonly data: { readonly x: Tensor; readonly index: Tensor };
  /** What was put together, for the message of a failure. */
  readonly layers: readonly string[];
}

type Layer = (y: Tensor, index: Tensor) => Tensor;

export function randomNetwork(g: fc.GeneratorValue, dtype: FloatType): RandomNetwork {
  const integer = (min: number, max: number) => g(draw, { min, max });
  const random = Key.fromSeed(integer(0, 1_000_000)).stream();
  const parameters: Tensor[] = [];
  const names: string[] = [];
  const weight = (...shape: number[]) => {
    const made = t.parameter(uniform(random, shape, -0.8, 0.8).toArray(), shape, dtype);
    parameters.push(made);
    return made;
  };
  const batch = integer(2, 5);
  let width = integer(1, 5);
  const x = t.noGrad(() => t.cast(uniform(random, [batch, width]), dtype));
  const index = indices(random, [batch, 2], 3);

  const kinds: Record<string, () => Layer> = {
    linear: () => {
      const [w, b] = [weight(integer(1, 5), width), undefined];
      width = w.shape[0]!;
      const bias = integer(0, 1) ? weight(width) : b;
      return (y) => t.linear(y, w, bias);
    },
    "linear twice": () => {
      const w = weight(width, width);
      return (y) => t.linear(t.tanh(t.linear(y, w)), w);
    },
    tanh: () => t.tanh,
    silu: () => t.silu,
    "layer norm": () => {
      const [gain, bias] = [weight(width), weight(width)];
      return (y) => t.layerNorm(y, gain, bias, 0.1);
    },
    scale: () => {
      const logScale = weight(...(integer(0, 1) ? [width] : [1, 1]));
      return (y) => t.mul(y, t.exp(logScale));
    },
    residual: () => {
      const [w, b] = [weight(width, width), weight(width)];
      return (y) => t.add(y, t.tanh(t.linear(y, w, b)));
    },
    embedding: () => {
      const table = weight(3, width);
      return (y, i) => t.add(y, t.sum(t.embedding(table, i), 1));
    },
    convolution: () => {
      const [size, kernel] = [width, Math.min(width, 2)];
      const [w, b] = [weight(2, 1, 1, kernel), weight(2)];
      width = 2 * (size - kernel + 1);
      return (y) => t.reshape(t.conv2d(t.reshape(y, [-1, 1, 1, size]), w, b), [y.shape[0]!, -1]);
    },
    gru: () => {
      const [u, b] = [weight(3 * width, width), weight(3 * width)];
      return (y) => {
        const h = t.gruCell(t.linear(y, u, b), t.linear(t.tanh(y), u), y);
        return t.gruCell(t.linear(h, u, b), t.linear(y, u), h);
      };
    },
    lstm: () => {
      const [u, b] = [weight(4 * width, width), weight(4 * width)];
      return (y) => {
        const { h, c } = t.lstmCell(t.linear(y, u, b), y);
        return t.add(t.lstmCell(t.linear(h, u), c).h, c);
      };
    },
    "rows of each sample": () => {
      const w = weight(2, 1);
      const own = width;
      width = 2 * own;
      return (y) => t.reshape(t.tanh(t.linear(t.reshape(y, [-1, own, 1]), w)), [y.shape[0]!, 2 * own]);
    },
  };
  const choices = Object.keys(kinds);
  const layers: Layer[] = [];
  const depth = integer(1, 5);
  while (layers.length < depth || parameters.length === 0) {
    const name = choices[integer(0, choices.length - 1)]!;
    names.push(name);
    layers.push(kinds[name]!());
  }
  return {
    parameters,
    batch,
    data: { x, index },
    layers: names,
    losses: (rows) => {
      const y = layers.reduce((value, layer) => layer(value, rows(index)), rows(x));
      return t.mean(t.square(t.affine(y, 1, -0.5)), 1);
    },
  };
}
