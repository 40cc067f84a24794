import { describe, it } from "vitest";
import { indices, uniform } from "../../../test/support/gradients.ts";
import { checkPerSample, type SampleModel } from "../../../test/support/per-sample.ts";
import { Key, type Random } from "../../random/index.ts";
import type { FloatType, Tensor } from "../index.ts";
import * as t from "../index.ts";

type Make = (
  random: Random,
  weight: (...shape: number[]) => Tensor,
  data: (...shape: number[]) => Tensor,
) => SampleModel;

const N = 5;
const perRow = (y: Tensor) =>
  y.shape.length === 1 ? t.square(y) : t.mean(t.square(y), y.shape.map((_, i) => i).slice(1));

const models: Record<string, Make> = {
  "linear layers": (_r, weight, data) => {
    const [w1, b1, w2, x] = [weight(7, 3), weight(7), weight(2, 7), data(N, 3)];
    return {
      parameters: [w1, b1, w2],
      batch: N,
      losses: (rows) => perRow(t.linear(t.tanh(t.linear(rows(x), w1, b1)), w2)),
    };
  },
  "a linear layer on few rows": (_r, weight, data) => {
    const [w, b, x] = [weight(6, 5), weight(6), data(N, 2, 5)];
    return { parameters: [w, b], batch: N, losses: (rows) => perRow(t.sin(t.linear(rows(x), w, b))) };
  },
  "a linear layer on many rows": (_r, weight, data) => {
    const [w, b, x] = [weight(2, 2), weight(2), data(N, 2, 4, 2)];
    return { parameters: [w, b], batch: N, losses: (rows) => perRow(t.sin(t.linear(rows(x), w, b))) };
  },
  "a weight used three times": (_r, weight, data) => {
    const [w, b, x] = [weight(4, 4), weight(4), data(N, 4)];
    const layer = (y: Tensor) => t.tanh(t.linear(y, w, b));
    return { parameters: [w, b], batch: N, losses: (rows) => perRow(layer(layer(layer(rows(x))))) };
  },
  "products with matrices": (_r, weight, data) => {
    const [a, b, x] = [weight(3, 4), weight(2, 4), data(N, 3)];
    return {
      parameters: [a, b],
      batch: N,
      losses: (rows) => perRow(t.matmul(t.tanh(t.matmul(rows(x), a)), b, { transposeB: true })),
    };
  },
  convolutions: (_r, weight, data) => {
    const [w1, b1, w2, head] = [weight(3, 2, 3, 3), weight(3), weight(2, 3, 2, 2), weight(2, 8)];
    const x = data(N, 2, 7, 7);
    return {
      parameters: [w1, b1, w2, head],
      batch: N,
      losses: (rows) => {
        const hidden = t.tanh(t.conv2d(rows(x), w1, b1, { stride: 2, padding: 1 }));
        const image = t.tanh(t.conv2d(hidden, w2, undefined, { stride: 2 }));
        return perRow(t.linear(t.reshape(image, [image.shape[0]!, -1]), head));
      },
    };
  },
  "a convolution with few positions": (_r, weight, data) => {
    const [w, b, x] = [weight(6, 3, 3, 3), weight(6), data(N, 3, 3, 4)];
    return { parameters: [w, b], batch: N, losses: (rows) => perRow(t.sin(t.conv2d(rows(x), w, b))) };
  },
  "a convolution used twice": (_r, weight, data) => {
    const [w, x] = [weight(2, 2, 3, 3), data(N, 2, 5, 5)];
    const layer = (y: Tensor) => t.tanh(t.conv2d(y, w, undefined, { padding: 1 }));
    return { parameters: [w], batch: N, losses: (rows) => perRow(layer(layer(rows(x)))) };
  },
  "a convolution on several frames of each sample": (_r, weight, data) => {
    const [w, b, head, x] = [weight(2, 1, 2, 2), weight(2), weight(1, 24), data(N * 3, 1, 3, 3)];
    return {
      parameters: [w, b, head],
      batch: N,
      rowsPerSample: 3,
      losses: (rows) => {
        const frames = t.tanh(t.conv2d(rows(x), w, b));
        return perRow(t.linear(t.reshape(frames, [frames.shape[0]! / 3, 24]), head));
      },
    };
  },
  "layer norm": (_r, weight, data) => {
    const [w1, gain, bias, w2, x] = [weight(6, 3), weight(6), weight(6), weight(1, 6), data(N, 3)];
    return {
      parameters: [w1, gain, bias, w2],
      batch: N,
      losses: (rows) => perRow(t.linear(t.tanh(t.layerNorm(t.linear(rows(x), w1), gain, bias)), w2)),
    };
  },
  "layer norm over sequences": (_r, weight, data) => {
    const [gain, bias, x] = [weight(4), weight(4), data(N, 3, 4)];
    return { parameters: [gain, bias], batch: N, losses: (rows) => perRow(t.sin(t.layerNorm(rows(x), gain, bias))) };
  },
  "an embedding, one entry for each sample": (random, weight) => {
    const [table, head, index] = [weight(4, 3), weight(1, 3), indices(random, [N], 4)];
    return {
      parameters: [table, head],
      batch: N,
      losses: (rows) => perRow(t.linear(t.tanh(t.embedding(table, rows(index))), head)),
    };
  },
  "an embedding, entries repeated within a sample": (random, weight) => {
    const [table, head, index] = [weight(3, 2), weight(1, 2), indices(random, [N, 6], 3)];
    return {
      parameters: [table, head],
      batch: N,
      losses: (rows) => perRow(t.linear(t.tanh(t.sum(t.embedding(table, rows(index)), 1)), head)),
    };
  },
  "an embedding used twice": (random, weight) => {
    const [table, a, b] = [weight(3, 2), indices(random, [N, 2], 3), indices(random, [N, 3], 3)];
    return {
      parameters: [table],
      batch: N,
      losses: (rows) => perRow(t.mul(t.sum(t.embedding(table, rows(a)), 1), t.sum(t.embedding(table, rows(b)), 1))),
    };
  },
  "a table that is embedding and output weight": (random, weight) => {
    const [table, index, target] = [weight(4, 3), indices(random, [N, 2], 4), indices(random, [N], 4)];
    return {
      parameters: [table],
      batch: N,
      losses: (rows) =>
        t.crossEntropyLoss(t.linear(t.tanh(t.sum(t.embedding(table, rows(index)), 1)), table), rows(target), "none"),
    };
  },
  "an LSTM over time": (_r, weight, data) => {
    const [wx, wh, b, head] = [weight(12, 2), weight(12, 3), weight(12), weight(1, 3)];
    const x = data(N, 4, 2);
    return {
      parameters: [wx, wh, b, head],
      batch: N,
      losses: (rows) => {
        const input = t.linear(rows(x), wx, b);
        const n = input.shape[0]!;
        let [h, c] = [t.zeros([n, 3], wx.dtype), t.zeros([n, 3], wx.dtype)];
        for (let step = 0; step < 4; step++) {
          const gates = t.reshape(t.slice(input, 1, step, step + 1), [n, 12]);
          ({ h, c } = t.lstmCell(t.add(gates, t.linear(h, wh)), c));
        }
        return perRow(t.linear(t.concat([h, c], 1), t.concat([head, head], 1)));
      },
    };
  },
  "a GRU over time": (_r, weight, data) => {
    const [wx, bx, wh, bh, head] = [weight(9, 2), weight(9), weight(9, 3), weight(9), weight(2, 3)];
    const [x, start] = [data(N, 3, 2), data(N, 3)];
    return {
      parameters: [wx, bx, wh, bh, head],
      batch: N,
      losses: (rows) => {
        let h = rows(start);
        const n = h.shape[0]!;
        const outputs: Tensor[] = [];
        for (let step = 0; step < 3; step++) {
          const input = t.reshape(t.slice(rows(x), 1, step, step + 1), [n, 2]);
          h = t.gruCell(t.linear(input, wx, bx), t.linear(h, wh, bh), h);
          outputs.push(h);
        }
        return perRow(t.linear(t.stack(outputs, 1), head));
      },
    };
  },
  "a Gaussian policy with a log-standard-deviation of its own": (_r, weight, data) => {
    const [w, logStd, x, action, advantage] = [weight(2, 3), weight(2), data(N, 3), data(N, 2), data(N)];
    return {
      parameters: [w, logStd],
      batch: N,
      losses: (rows) => {
        const z = t.div(t.sub(rows(action), t.linear(rows(x), w)), t.exp(logStd));
        const logProb = t.sum(t.sub(t.mul(t.square(z), -0.5), logStd), 1);
        return t.mul(t.neg(logProb), rows(advantage));
      },
    };
  },
  "scalars and rows that broadcast": (_r, weight, data) => {
    const [scalar, row, column, x] = [weight(), weight(1, 3), weight(2, 1), data(N, 2, 3)];
    return {
      parameters: [scalar, row, column],
      batch: N,
      losses: (rows) => {
        const y = t.maximum(t.mul(rows(x), t.exp(scalar)), row);
        return perRow(t.minimum(t.sub(column, y), t.broadcastTo(t.square(row), y.shape)));
      },
    };
  },
  "weights computed from parameters": (random, weight, data) => {
    const [w, gain, x] = [weight(4, 3), weight(4, 1), data(N, 3)];
    const mask = t.cast(indices(random, [4, 3], 2), w.dtype);
    return {
      parameters: [w, gain],
      batch: N,
      losses: (rows) => {
        const length = t.sqrt(t.sum(t.square(w), 1, true));
        return perRow(t.linear(rows(x), t.add(t.mul(gain, t.div(w, length)), t.mul(w, mask))));
      },
    };
  },
  "a network that makes weights": (_r, weight, data) => {
    const [code, maker, x] = [weight(1, 2), weight(6, 2), data(N, 3)];
    return {
      parameters: [code, maker],
      batch: N,
      losses: (rows) => perRow(t.linear(rows(x), t.reshape(t.tanh(t.linear(code, maker)), [2, 3]))),
    };
  },
  "branches that meet": (_r, weight, data) => {
    const [a, b, gates, x, y] = [weight(3, 2), weight(2, 4), weight(3, 3), data(N, 2), data(N, 4)];
    return {
      parameters: [a, b, gates],
      batch: N,
      losses: (rows) => {
        const both = t.concat([t.tanh(t.linear(rows(x), a)), t.linear(rows(y), b)], 1);
        const gate = t.softmax(t.linear(t.slice(both, 1, 2, 5), gates));
        const gated = t.transpose(t.reshape(t.mul(t.slice(both, 1, 0, 3), gate), [-1, 3, 1]));
        return perRow(t.logSumExp(gated));
      },
    };
  },
};

function build(make: Make, name: string, dtype: FloatType = "float64"): SampleModel {
  const random = Key.fromSeed(11).split(name).stream();
  const values = (shape: number[], size: number) => t.noGrad(() => t.cast(uniform(random, shape, -size, size), dtype));
  return make(
    random,
    (...shape) => t.parameter(values(shape, 1).toArray(), shape, dtype),
    (...shape) => values(shape, 1.5),
  );
}

describe("per-sample gradients equal one-sample-at-a-time backpropagation", () => {
  for (const [name, make] of Object.entries(models)) {
    it(`${name}, float64`, () => checkPerSample(build(make, name), 1e-9));
    it(`${name}, float32`, () => checkPerSample(build(make, name, "float32"), 1e-4));
  }
});
