import type { GradientStep } from "../algorithms/listener.ts";
import { clip, mul, noGrad, ones, perSample, persistent, plan, pullBack, sign, sub } from "../tensor/index.ts";

/** What errors of a value may be measured by: e², |e|, and Huber's ½e² where |e| ≤ 1, else |e| − ½. */
export const errorNames = ["mse", "l1", "huber"] as const;
export type ErrorName = (typeof errorNames)[number];

/** Of N samples: what the critic's loss would be under one measure of its errors, everything else being as it is. */
export interface ErrorMeasures {
  readonly loss: Float64Array;
  /** ‖∂loss_i/∂θ‖ */
  readonly norm: Float64Array;
  /** What the sample would add to the gradient G of the mean loss along its direction, ⟨g_i, G⟩ / (N·‖G‖²). */
  readonly share: Float64Array;
}

const lossOf: Readonly<Record<ErrorName, (e: number) => number>> = {
  mse: (e) => e * e,
  l1: (e) => Math.abs(e),
  huber: (e) => (Math.abs(e) <= 1 ? 0.5 * e * e : Math.abs(e) - 0.5),
};
const slopeOf: Readonly<Record<ErrorName, (e: number) => number>> = {
  mse: (e) => 2 * e,
  l1: Math.sign,
  huber: (e) => Math.max(-1, Math.min(1, e)),
};

/**
 * The same values and targets under squared, absolute and Huber's errors. The gradient of sample i is loss′(e_i)·∂V_i/∂θ, so
 * the norms of all three follow from ‖∂V_i/∂θ‖. Undefined where the step has no values.
 */
export function measureErrors(step: GradientStep): (() => Record<ErrorName, ErrorMeasures>) | undefined {
  const { values, targets, batch, optimiser } = step;
  if (values === undefined || targets === undefined) return undefined;
  const parameters = Object.values(optimiser.parameters);
  /** 1/N for samples, 0 for what fills up. */
  const weights = persistent(values.shape, values.dtype);
  const look = plan({}, () => {
    const found = pullBack(values, ones(values.shape, values.dtype));
    const samples = perSample(
      found,
      parameters.filter((p) => found.has(p)),
      { batch },
    );
    const errors = noGrad(() => sub(values, targets.view(values.shape)));
    const slopes = noGrad(() => ({ mse: mul(errors, 2), l1: sign(errors), huber: clip(errors, -1, 1) }));
    const along = errorNames.map((name) => {
      const gradients = pullBack(
        values,
        noGrad(() => mul(slopes[name], weights)),
      );
      return [name, samples.inner((p) => gradients.of(p))] as const;
    });
    return { squares: samples.squaredNorms(), along: Object.fromEntries(along), errors };
  });
  return () => {
    const count = step.count?.() ?? batch;
    weights.data.fill(0).fill(1 / count, 0, count);
    const { squares, along, errors } = look.run();
    const error = Float64Array.from(errors.data.subarray(0, count));
    const measured = errorNames.map((name) => {
      const slope = error.map(slopeOf[name]);
      const norm = slope.map((s, i) => Math.abs(s) * Math.sqrt(squares.data[i]!));
      const products = slope.map((s, i) => (s * along[name]!.data[i]!) / count);
      const squared = products.reduce((a, b) => a + b, 0);
      return [
        name,
        { loss: error.map(lossOf[name]), norm, share: products.map((x) => (squared > 0 ? x / squared : 0)) },
      ];
    });
    return Object.fromEntries(measured);
  };
}
