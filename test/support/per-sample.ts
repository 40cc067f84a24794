/** Per-sample gradients against the honest way: one sample at a time through backpropagation. */
import { expect } from "vitest";
import { backward, mean, noGrad, perSample, slice, step, type Tensor } from "../../src/tensor/index.ts";

export interface SampleModel {
  readonly parameters: readonly Tensor[];
  readonly batch: number;
  /** Rows of each sample in a data tensor, given in the order of the samples; default 1. */
  readonly rowsPerSample?: number;
  /** One loss per sample, `[n]`; `rows` cuts the data to the samples that are asked for. */
  losses(rows: (data: Tensor) => Tensor): Tensor;
}

/** |a − b| within tolerance·(1 + the largest |b|). */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  expect(actual.length, what).toBe(expected.length);
  const scale = 1 + Math.max(0, ...Array.from(expected, Math.abs));
  for (let i = 0; i < expected.length; i++) {
    const gap = Math.abs(actual[i]! - expected[i]!) / scale;
    if (!(gap <= tolerance))
      expect.fail(`${what}[${i}]: ${actual[i]} is not ${expected[i]} within ${tolerance}·${scale}`);
  }
}

/** The gradients of the loss of each sample alone: `[sample][parameter]`. */
export function oneAtATime(model: SampleModel): Float64Array[][] {
  const k = model.rowsPerSample ?? 1;
  return Array.from({ length: model.batch }, (_, i) =>
    step(() => {
      const rows = (data: Tensor) => {
        const own = data.shape[0] === model.batch ? 1 : k;
        return noGrad(() => slice(data, 0, i * own, (i + 1) * own));
      };
      const gradients = backward(mean(model.losses(rows)));
      return model.parameters.map((p) => Float64Array.from(gradients.of(p).toArray()));
    }),
  );
}

/** What `perSample` says, each g_i being the gradient of sample i's loss alone. */
export function allAtOnce(model: SampleModel): {
  each: Float64Array[];
  squaredNorms: Float64Array;
  inner: Float64Array;
  batch: Float64Array[];
} {
  return step(() => {
    const gradients = backward(mean(model.losses((data) => data)));
    const samples = perSample(gradients, model.parameters, { batch: model.batch, scale: model.batch });
    return {
      each: model.parameters.map((p) => Float64Array.from(samples.of(p).toArray())),
      squaredNorms: Float64Array.from(samples.squaredNorms().toArray()),
      inner: Float64Array.from(samples.inner().toArray()),
      batch: model.parameters.map((p) => Float64Array.from(gradients.of(p).toArray())),
    };
  });
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0);
const total = (terms: number[]) => terms.reduce((a, b) => a + b, 0);

/** Gradients, norms and inner products with the batch gradient, all against one sample at a time. */
export function checkPerSample(model: SampleModel, tolerance = 1e-9): void {
  const alone = oneAtATime(model);
  const { each, squaredNorms, inner, batch } = allAtOnce(model);
  model.parameters.forEach((p, j) => {
    alone.forEach((gradients, i) => {
      const own = each[j]!.subarray(i * p.size, (i + 1) * p.size);
      expectClose(own, gradients[j]!, tolerance, `gradient of sample ${i}, parameter ${j} [${p.shape}]`);
    });
  });
  const norms = alone.map((gradients) => total(gradients.map((g) => dot(g, g))));
  expectClose(squaredNorms, norms, tolerance, "squared norms");
  const products = alone.map((gradients) => total(gradients.map((g, j) => dot(g, batch[j]!))));
  expectClose(inner, products, tolerance, "inner products");
}
