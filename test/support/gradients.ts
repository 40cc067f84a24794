/**
 * Gradient checks over random shapes, from a table. A case draws its shapes from `draw`, its values from `random`, and
 * names the function; the harness runs it for a fixed sequence of seeds and shrinks what fails.
 */
import fc from "fast-check";
import { expect } from "vitest";
import { Key, type Random } from "../../src/random/index.ts";
import {
  type GradcheckOptions,
  gradcheck,
  pullBack,
  pushForward,
  type Shape,
  step,
  type Tensor,
  tensor,
} from "../../src/tensor/index.ts";

export interface Draw {
  /** An integer in low … high. */
  integer(low: number, high: number): number;
  /** A shape of low … high axes of 1 … 4. */
  shape(low: number, high: number): number[];
  /** Two or more shapes that broadcast together. */
  broadcastable(count?: number): number[][];
  readonly random: Random;
}

export interface Subject {
  readonly fn: (...inputs: Tensor[]) => Tensor;
  readonly inputs: readonly Tensor[];
}

export type GradientCase = (draw: Draw) => Subject;

/**
 * Throws with the shrunk counterexample unless every gradient of the case is right for every seed, and the operands are
 * left as they were.
 */
export function checkCase(make: GradientCase, options: GradcheckOptions & { numRuns?: number } = {}): void {
  const { numRuns = 25, ...rest } = options;
  const property = fc.property(fc.gen(), (g) => {
    const { fn, inputs } = make(drawFrom(g));
    const before = inputs.map((x) => x.toArray());
    const result = gradcheck(fn, inputs, rest);
    expect(inputs.map((x) => x.toArray())).toEqual(before);
    if (!result.ok) {
      const shapes = inputs.map((x) => `[${x.shape}]`).join(", ");
      throw new Error(`inputs ${shapes}: ${JSON.stringify(result)}`);
    }
  });
  fc.assert(property, { seed: 1, numRuns, includeErrorInReport: true });
}

/**
 * Throws unless forward mode is the transpose of reverse mode: uᵀ(J·v) = (Jᵀu)ᵀv for random u and v, with every input moving
 * alone and all together. Where gradients equal differences (`checkCase`), tangents are then right too.
 */
export function checkTangents(make: GradientCase, { numRuns = 25 }: { numRuns?: number } = {}): void {
  const property = fc.property(fc.gen(), (g) => {
    const draw = drawFrom(g);
    const { fn, inputs } = make(draw);
    for (const x of inputs) x.requiresGrad = true;
    step(() => {
      const y = fn(...inputs);
      const u = uniform(draw.random, y.shape);
      const gradients = pullBack(y, u);
      const directions = inputs.map((x) => uniform(draw.random, x.shape));
      const expected = inputs.map((x, i) => (gradients.has(x) ? dot(gradients.of(x), directions[i]!) : 0));
      const moved = (chosen: readonly number[]) =>
        dot(u, pushForward(y, new Map(chosen.map((i) => [inputs[i]!, directions[i]!]))));
      for (const i of inputs.keys()) expectAlmost(moved([i]), expected[i]!);
      const total = expected.reduce((sum, part) => sum + part, 0);
      expectAlmost(moved([...inputs.keys()]), total);
    });
  });
  fc.assert(property, { seed: 1, numRuns, includeErrorInReport: true });
}

/** Σ a·b. */
export function dot(a: Tensor, b: Tensor): number {
  const [x, y] = [Float64Array.from(a.toArray()), b.toArray()];
  return x.reduce((sum, value, i) => sum + value * y[i]!, 0);
}

function expectAlmost(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-11 * (1 + Math.abs(expected)));
}

function drawFrom(g: fc.GeneratorValue): Draw {
  const integer = (min: number, max: number) => g(fc.integer, { min, max });
  const shape = (low: number, high: number) => Array.from({ length: integer(low, high) }, () => integer(1, 4));
  return {
    integer,
    shape,
    broadcastable(count = 2) {
      const whole = shape(0, 3);
      return Array.from({ length: count }, () => {
        const cut = whole.slice(integer(0, whole.length));
        return cut.map((d) => (integer(0, 3) === 0 ? 1 : d));
      });
    },
    random: Key.fromSeed(integer(0, 1_000_000)).stream(),
  };
}

const size = (shape: Shape) => shape.reduce((product, d) => product * d, 1);

/** Uniform values on [low, high). */
export function uniform(random: Random, shape: Shape, low = -2, high = 2): Tensor {
  const values = new Float64Array(size(shape));
  random.fillUniform(values, low, high);
  return tensor(values, shape, "float64");
}

/** Values at `offset` + multiples of 0.1 within ±2: away from kinks at other places by construction. */
export function grid(random: Random, shape: Shape, offset = 0.05): Tensor {
  const values = Float64Array.from({ length: size(shape) }, () => offset + 0.1 * (random.integer(40) - 20));
  return tensor(values, shape, "float64");
}

/** Values of which no two are closer than 0.1. */
export function distinct(random: Random, shape: Shape): Tensor {
  const order = random.permutation(new Int32Array(size(shape)));
  return tensor(
    Float64Array.from(order, (i) => 0.1 * i - 1),
    shape,
    "float64",
  );
}

/** Indices (int32) in 0 … bound − 1. */
export function indices(random: Random, shape: Shape, bound: number): Tensor {
  const values = new Int32Array(size(shape));
  random.fillInteger(values, bound);
  return tensor(values, shape, "int32");
}
