/** Outputs, losses, gradients and per-sample gradient norms against PyTorch's (test/fixtures/torch-grads-*.json). */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  backward,
  crossEntropyLoss,
  type FloatType,
  huberLoss,
  l1Loss,
  logSoftmax,
  mean,
  mseLoss,
  mul,
  neg,
  parameter,
  perSample,
  pick,
  type Reduction,
  step,
  type Tensor,
  tensor,
} from "../src/tensor/index.ts";
import { expectClose } from "./support/per-sample.ts";
import { type Architecture, forward, type Named } from "./support/torch-networks.ts";

interface Stored {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Case extends Architecture {
  readonly batch: number;
  readonly params: Record<string, Stored>;
  readonly inputs: Record<string, Stored>;
  readonly targets: Record<string, Stored>;
  readonly output: Stored;
  readonly losses: Record<
    string,
    {
      readonly loss: number;
      readonly grads: Record<string, Stored>;
      readonly inputGrads: Record<string, Stored>;
      readonly gradNorm: number;
      readonly perSampleLoss: readonly number[];
      readonly perSampleGradNorm: readonly number[];
    }
  >;
}

const load = (name: string): Case[] =>
  JSON.parse(readFileSync(new URL(`./fixtures/torch-grads-${name}.json`, import.meta.url), "utf8")).cases;

const tolerances: Record<FloatType, number> = { float64: 1e-10, float32: 1e-4 };
const named = (stored: Record<string, Stored>, make: (s: Stored) => Tensor): Named =>
  Object.fromEntries(Object.entries(stored).map(([name, s]) => [name, make(s)]));

function losses(name: string, output: Tensor, targets: Record<string, Stored>, reduction: Reduction): Tensor {
  const floats = (key: string) => tensor(targets[key]!.data, targets[key]!.shape, output.dtype);
  const index = (key: string) => tensor(targets[key]!.data, targets[key]!.shape, "int32");
  if (name === "mse") return mseLoss(output, floats("target"), reduction);
  if (name === "l1") return l1Loss(output, floats("target"), reduction);
  if (name === "huber") return huberLoss(output, floats("target"), { reduction });
  if (name === "crossEntropy") return crossEntropyLoss(output, index("labels"), reduction);
  const terms = neg(mul(pick(logSoftmax(output), index("actions")), floats("advantages")));
  return reduction === "mean" ? mean(terms) : terms;
}

function check(test: Case, lossName: string, dtype: FloatType): void {
  const tolerance = tolerances[dtype];
  const expected = test.losses[lossName]!;
  const parameters = named(test.params, (s) => parameter(s.data, s.shape, dtype));
  const inputs = named(test.inputs, (s) => parameter(s.data, s.shape, dtype));
  const weights = Object.values(parameters);
  step(() => {
    const output = forward(test, parameters, inputs);
    expectClose(output.toArray(), test.output.data, tolerance, "output");
    const loss = losses(lossName, output, test.targets, "mean");
    expectClose([loss.item()], [expected.loss], tolerance, "loss");
    const gradients = backward(loss);
    for (const name in parameters) {
      expectClose(gradients.of(parameters[name]!).toArray(), expected.grads[name]!.data, tolerance, name);
    }
    for (const name in inputs) {
      expectClose(gradients.of(inputs[name]!).toArray(), expected.inputGrads[name]!.data, tolerance, name);
    }

    const data = Object.values(inputs);
    const samples = perSample(gradients, weights, { batch: test.batch, scale: test.batch, data });
    const alone = losses(lossName, output, test.targets, "none");
    expectClose(alone.toArray(), expected.perSampleLoss, tolerance, "losses of the samples");
    const norms = Array.from(samples.squaredNorms().toArray(), Math.sqrt);
    expectClose(norms, expected.perSampleGradNorm, tolerance, "gradient norms of the samples");
    const shares = Array.from(samples.inner().toArray());
    const total = shares.reduce((sum, share) => sum + share, 0) / test.batch;
    expectClose([Math.sqrt(total)], [expected.gradNorm], tolerance, "norm of the gradient, by its shares");
  });
}

describe("PyTorch's numbers", () => {
  for (const file of ["mlp-tanh", "mlp-tanh-2", "mlp-relu", "cnn", "layernorm", "rnn"]) {
    for (const [i, test] of load(file).entries()) {
      for (const lossName of Object.keys(test.losses)) {
        for (const dtype of ["float64", "float32"] as const) {
          it(`${file} ${i} (${test.arch}), ${lossName}, ${dtype}`, () => check(test, lossName, dtype));
        }
      }
    }
  }

  it("would not be met by a network that is a little different", () => {
    const [test] = load("layernorm") as [Case];
    const bent = {
      ...test,
      params: { ...test.params, "0.bias": { ...test.params["0.bias"]!, data: [...test.params["0.bias"]!.data] } },
    };
    (bent.params["0.bias"]!.data as number[])[3]! += 1 / 1024;
    expect(() => check(bent, "mse", "float32")).toThrow(/^output\[\d+\]: .* is not/);
  });
});
