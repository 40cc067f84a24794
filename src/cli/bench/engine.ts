import { adam, mlp } from "../../nn/index.ts";
import { Key } from "../../random/index.ts";
import {
  backward,
  linear,
  matmul,
  mean,
  parameter,
  persistent,
  plan,
  sparseLinear,
  square,
  step,
  sub,
  type Tensor,
} from "../../tensor/index.ts";
import type { Figures } from "./figures.ts";
import { filled } from "./filled.ts";
import { secondsPerCall } from "./measure.ts";

const key = Key.fromSeed(0);

/** Products of square float32 matrices, through the public operation, one recorded instruction each. */
export function benchMatrixProducts(): Figures {
  const figures: Figures = {};
  for (const n of [64, 128, 256, 512]) {
    const a = filled("a", [n, n]);
    const b = filled("b", [n, n]);
    const product = plan({}, () => matmul(a, b));
    const seconds = secondsPerCall(() => product.run());
    figures[`gemm${n}Gflops`] = (2 * n ** 3) / seconds / 1e9;
  }
  return figures;
}

/**
 * A first layer of 200 units on 256 difference frames, 80 of whose 6400 numbers at most are not 0: how many times as long as the product
 * that skips zeros takes one of frames without any, forward; and what `sparseInput` spares on the same frames, where `Linear` skips
 * some too: forward, and the gradient of the weight.
 */
export function benchSparseInput(): Figures {
  const [rows, inputs, outputs, nonzero] = [256, 6400, 200, 80];
  const full = filled("full", [rows, inputs]);
  const frames = persistent([rows, inputs], "float32");
  const random = key.split("pixels").stream();
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < nonzero; i++) frames.data[row * inputs + random.integer(inputs)] = i % 2 === 0 ? 1 : -1;
  }
  const seconds = (result: () => Tensor) => {
    const recorded = plan({}, result);
    return secondsPerCall(() => recorded.run());
  };
  const weight = parameter(filled("weight", [outputs, inputs]).data, [outputs, inputs]);
  const turned = parameter(filled("turned", [inputs, outputs]).data, [inputs, outputs]);
  const gradient = (output: Tensor, of: Tensor) => backward(mean(square(output))).of(of);
  return {
    sparseForwardRatio: seconds(() => linear(full, weight)) / seconds(() => sparseLinear(frames, turned)),
    sparseInputRatio:
      seconds(() => gradient(linear(frames, weight), weight)) /
      seconds(() => gradient(sparseLinear(frames, turned), turned)),
  };
}

const NETWORKS = [
  { name: "mlp64Batch64", sizes: [4, 64, 64, 2], batch: 64 },
  { name: "mlp256Batch64", sizes: [4, 256, 256, 2], batch: 64 },
  { name: "mlp256Batch256", sizes: [4, 256, 256, 2], batch: 256 },
];

/** One training step of a tanh network: forward, mean squared error, backward, Adam; inputs are written every step. */
export function benchTrainingSteps(): Figures {
  const figures: Figures = {};
  for (const { name, sizes, batch } of NETWORKS) {
    const [inputs, ...rest] = sizes as [number, ...number[]];
    const outputs = rest.at(-1)!;
    const network = mlp({ inputs, hidden: rest.slice(0, -1), outputs, key });
    const optimiser = adam(network.parameters());
    const loss = (x: Tensor, y: Tensor) => mean(square(sub(network.forward(x), y)));
    const train = plan({ x: { shape: [batch, inputs] }, y: { shape: [batch, outputs] } }, ({ x, y }) => {
      const value = loss(x, y);
      optimiser.update(backward(value));
      return value;
    });
    const x = filled("x", [batch, inputs]).toArray();
    const y = filled("y", [batch, outputs]).toArray();
    figures[`${name}Microseconds`] =
      1e6 *
      secondsPerCall(() => {
        train.inputs.x.set(x);
        train.inputs.y.set(y);
        train.run().item();
      });
    if (batch !== 64) continue;
    const [xs, ys] = [filled("x", [batch, inputs]), filled("y", [batch, outputs])];
    figures[`${name}EagerMicroseconds`] =
      1e6 * secondsPerCall(() => void step(() => optimiser.update(backward(loss(xs, ys)))));
  }
  return figures;
}

/**
 * Adam on parameters whose gradients are 0 for ever, against the same on living ones: without flushing, its moments sink
 * into denormal numbers and the ratio becomes about 30.
 */
export function benchDenormals(): Figures {
  const run = (gradient: number) => {
    const parameters = { weight: filled("weight", [128, 128]) };
    const optimiser = adam(parameters);
    const gradients = persistent([128, 128], "float32").set(new Float32Array(128 * 128).fill(1e-3));
    const update = plan({}, () => optimiser.update({ of: () => gradients }));
    update.run();
    gradients.set(new Float32Array(128 * 128).fill(gradient));
    // 0.9^900 and 0.999^40000 are below the smallest normal number of float32 (1.2e-38) times the first moments.
    for (let i = 0; i < 60_000; i++) update.run();
    return secondsPerCall(() => update.run());
  };
  return { adamDeadUnitsRatio: run(0) / run(1e-3) };
}
