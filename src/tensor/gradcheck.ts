/** Gradients against central differences, in float64: how a gradient rule proves itself. */
import { RunError, ShapeError } from "../errors.ts";
import { Key } from "../random/index.ts";
import { allocate, step } from "./scope.ts";
import { noGrad, pullBack } from "./tape.ts";
import { sameShape, type Tensor } from "./tensor.ts";

export interface GradcheckOptions {
  /** Half the distance of the two points of a difference; default 1e-6. */
  readonly eps?: number;
  /** Allowed error relative to the numeric derivative; default 1e-6. */
  readonly rtol?: number;
  /** Allowed absolute error; default `rtol`. Differences carry a rounding noise of about 1e-10 times the size of the result. */
  readonly atol?: number;
  /** Where the random weights of the result's elements come from. */
  readonly key?: Key;
}

export interface GradcheckResult {
  /** Are all derivatives within the tolerance? */
  readonly ok: boolean;
  /** The largest |analytic − numeric| / (atol + rtol·|numeric|); at most 1 where `ok`, infinite where one is not a number. */
  readonly maxError: number;
  /** Where it is: element `index` (row-major) of input `input`. Undefined where the inputs have no element. */
  readonly worst: { input: number; index: number; analytic: number; numeric: number } | undefined;
}

/**
 * Compares the gradients of Σ r·fn(…inputs), with fixed random weights r, with the differences
 * (f(x + eps) − f(x − eps)) / 2 eps for every element of every input.
 *
 * @param fn gives a float64 tensor of any shape, and the same values when it is called again. It gets the inputs, or reads
 *   them itself: `gradcheck(() => layer.forward(x), Object.values(layer.parameters()))`.
 * @param inputs float64 tensors; they are changed while it runs and restored at the end. Keep them farther than `eps` from
 *   kinks (0 for relu, equal operands of minimum): there a derivative is a choice, and the difference sees both sides.
 *
 * A wrong gradient is a result, not an exception: see `assertGradients`. ShapeError for inputs or results that are not
 * float64, where differences have too few digits to tell anything.
 */
export function gradcheck(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  { eps = 1e-6, rtol = 1e-6, atol = rtol, key = Key.fromSeed(0) }: GradcheckOptions = {},
): GradcheckResult {
  inputs.forEach((x, i) => {
    requireFloat64(`input ${i}`, x);
  });
  const before = inputs.map((x) => x.requiresGrad);
  for (const x of inputs) x.requiresGrad = true;
  try {
    const weights = new Float64Array(step(() => fn(...inputs).size));
    key.stream().fillNormal(weights);
    const analytic = analyticGradients(fn, inputs, weights);
    let maxError = 0;
    let worst: GradcheckResult["worst"];
    inputs.forEach((x, input) => {
      for (let index = 0; index < x.size; index++) {
        const numeric = difference(() => fn(...inputs), x, index, eps, weights);
        const gap = Math.abs(analytic[input]![index]! - numeric) / (atol + rtol * Math.abs(numeric));
        const error = Number.isNaN(gap) ? Number.POSITIVE_INFINITY : gap;
        if (worst !== undefined && error <= maxError) continue;
        maxError = error;
        worst = { input, index, analytic: analytic[input]![index]!, numeric };
      }
    });
    return { ok: maxError <= 1, maxError, worst };
  } finally {
    inputs.forEach((x, i) => {
      x.requiresGrad = before[i]!;
    });
  }
}

/** `gradcheck`, with a RunError that names the worst element where a gradient is wrong. */
export function assertGradients(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  options?: GradcheckOptions,
): void {
  const { ok, maxError, worst } = gradcheck(fn, inputs, options);
  if (ok) return;
  const { input, index, analytic, numeric } = worst!;
  throw new RunError(
    `the gradient of input ${input} [${inputs[input]!.shape}] is wrong at element ${index}: ${analytic} by backpropagation, ${numeric} by differences (${maxError} times the tolerance)`,
  );
}

function requireFloat64(field: string, x: Tensor): void {
  if (x.dtype !== "float64") {
    throw new ShapeError({ field: `gradcheck ${field}`, value: x.dtype, allowed: "float64; convert with cast()" });
  }
}

function analyticGradients(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  weights: Float64Array,
): ArrayLike<number>[] {
  return step(() => {
    const y = fn(...inputs);
    requireFloat64("result", y);
    const gradients = pullBack(y, allocate(y.shape, y.dtype).set(weights));
    return inputs.map((x) => {
      if (!gradients.has(x)) return new Float64Array(x.size);
      const gradient = gradients.of(x);
      return sameShape(gradient.shape, x.shape) ? gradient.toArray() : new Float64Array(x.size).fill(Number.NaN);
    });
  });
}

function difference(fn: () => Tensor, x: Tensor, index: number, eps: number, weights: Float64Array): number {
  const original = x.data[index]!;
  const at = (value: number) => {
    // `data` is read anew each time: fn may have made the memory grow.
    x.data[index] = value;
    return noGrad(() => step(() => fn().toArray()));
  };
  try {
    const up = at(original + eps);
    const down = at(original - eps);
    let sum = 0;
    // Differences first: elements that do not depend on x cancel exactly, however large they are.
    for (let i = 0; i < weights.length; i++) sum += weights[i]! * (up[i]! - down[i]!);
    return sum / (original + eps - (original - eps));
  } finally {
    x.data[index] = original;
  }
}
