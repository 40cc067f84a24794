import { describe, expect, it } from "vitest";
import { stepAlong } from "../../test/support/gradient-step.ts";
import { uniform } from "../../test/support/gradients.ts";
import { expectClose } from "../../test/support/per-sample.ts";
import { mlp, sgd } from "../nn/index.ts";
import { Key } from "../random/index.ts";
import {
  backward,
  huberLoss,
  l1Loss,
  mseLoss,
  reshape,
  slice,
  square,
  step,
  sub,
  type Tensor,
} from "../tensor/index.ts";
import { errorNames, measureErrors } from "./value-errors.ts";

const key = Key.fromSeed(5);
const N = 6;
const losses = {
  mse: (v: Tensor, y: Tensor) => mseLoss(v, y),
  l1: (v: Tensor, y: Tensor) => l1Loss(v, y),
  huber: (v: Tensor, y: Tensor) => huberLoss(v, y),
};

function critic() {
  const network = mlp({ inputs: 2, hidden: [5], outputs: 1, key, dtype: "float64" });
  const random = key.split("data").stream();
  const [x, targets] = [uniform(random, [N, 2]), uniform(random, [N], -4, 4)];
  const values = (rows: Tensor) => reshape(network.forward(rows), [-1]);
  let found: Tensor;
  const taken = stepAlong(
    () => {
      found = values(x);
      return { value: square(sub(found, targets)) };
    },
    { value: 0.5 },
    sgd(network),
  );
  return { network, x, targets, values, step: { ...taken, values: found!, targets } };
}

const flat = (network: { parameters(): Record<string, Tensor> }, loss: Tensor) => {
  const gradients = backward(loss);
  return Object.values(network.parameters()).flatMap((p) => Array.from(gradients.of(p).toArray()));
};
const dot = (a: number[], b: number[]) => a.reduce((all, x, i) => all + x * b[i]!, 0);

describe("a critic's samples under each measure of its errors", () => {
  const { network, x, targets, values, step: taken } = critic();
  const found = measureErrors(taken)!();

  it.each(errorNames)("%s: as backpropagation of each sample alone", (name) => {
    const loss = losses[name];
    const own = Array.from({ length: N }, (_, i) =>
      step(() => {
        const error = loss(values(slice(x, 0, i, i + 1)), slice(targets, 0, i, i + 1));
        return { loss: error.item(), gradient: flat(network, error) };
      }),
    );
    const whole = step(() => flat(network, loss(values(x), targets)));
    const squared = dot(whole, whole);
    expectClose(
      found[name].loss,
      own.map(({ loss }) => loss),
      1e-9,
      "losses",
    );
    expectClose(
      found[name].norm,
      own.map(({ gradient: g }) => Math.sqrt(dot(g, g))),
      1e-9,
      "norms",
    );
    expectClose(
      found[name].share,
      own.map(({ gradient: g }) => dot(g, whole) / N / squared),
      1e-9,
      "shares",
    );
  });

  it("differ: an error of 3 pulls six times, once and once", () => {
    const far = Array.from(taken.values.data, (v, i) => Math.abs(v - targets.data[i]!)).findIndex((e) => e > 2);
    const error = Math.abs(taken.values.data[far]! - targets.data[far]!);
    expect(found.mse.norm[far]! / found.l1.norm[far]!).toBeCloseTo(2 * error, 9);
    expect(found.huber.norm[far]! / found.l1.norm[far]!).toBeCloseTo(1, 9);
  });

  it("leave out rows that only fill up", () => {
    const few = measureErrors({ ...taken, count: () => 3 })!();
    for (const name of errorNames) {
      expect(few[name].norm).toEqual(found[name].norm.slice(0, 3));
      expect(few[name].share.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
    }
  });
});
