/** Shapes at the edge: axes of length 0, and shapes, orders and types that must be refused instead of read as memory. */
import { describe, expect, it } from "vitest";
import { ConfigError, ShapeError } from "../../errors.ts";
import { Key } from "../../random/index.ts";
import {
  add,
  backward,
  conv2d,
  div,
  layerNorm,
  linear,
  matmul,
  ones,
  parameter,
  pullBack,
  randomPermutation,
  randomStream,
  reshape,
  softmax,
  step,
  sum,
  type Tensor,
  tensor,
  transpose,
  zeros,
} from "../index.ts";
import { batchedProduct } from "./gemm.ts";

const read = (t: Tensor) => ({ shape: [...t.shape], values: [...t.toArray()] });

describe("axes of length 0", () => {
  it("a layer without inputs gives its bias for every row", () => {
    const bias = parameter([5, 6], [2]);
    const y = linear(zeros([3, 0]), zeros([2, 0]), bias);
    expect(read(y)).toEqual({ shape: [3, 2], values: [5, 6, 5, 6, 5, 6] });
    expect(read(backward(sum(y)).of(bias)).values).toEqual([3, 3]);
    expect(read(linear(zeros([0, 3]), zeros([2, 3]), bias))).toEqual({ shape: [0, 2], values: [] });
  });

  it("a product over nothing is 0", () => {
    expect(read(matmul(zeros([2, 0]), zeros([0, 3])))).toEqual({ shape: [2, 3], values: [0, 0, 0, 0, 0, 0] });
  });

  it("a convolution of no images is no product at all", () => {
    const weight = parameter(new Float32Array(8).fill(1), [2, 1, 2, 2]);
    const images = conv2d(zeros([0, 1, 3, 3]), weight, parameter([1, 2], [2]));
    expect(read(images)).toEqual({ shape: [0, 2, 2, 2], values: [] });
    expect(read(backward(sum(images)).of(weight)).values).toEqual(new Array(8).fill(0));
    // One matrix that serves all of none: a product made nevertheless would write past the result.
    expect(batchedProduct(ones([1, 2, 3]), zeros([0, 3, 4]), {}).shape).toEqual([0, 2, 4]);
    expect(batchedProduct(ones([0, 2, 3]), zeros([1, 3, 4]), {}).shape).toEqual([0, 2, 4]);
  });

  it("rows, norms and broadcasts pass through", () => {
    const gain = parameter([1, 1, 1], [3]);
    expect(read(softmax(zeros([0, 3])))).toEqual({ shape: [0, 3], values: [] });
    expect(read(layerNorm(zeros([0, 3]), gain, zeros([3]))).shape).toEqual([0, 3]);
    expect(read(add(zeros([0, 1]), ones([1, 3]))).shape).toEqual([0, 3]);
    expect(read(backward(sum(add(zeros([0, 3]), gain))).of(gain)).values).toEqual([0, 0, 0]);
  });
});

describe("what is refused", () => {
  it("reshape to negative or broken sizes, though their product fits", () => {
    const x = tensor([1, 2, 3, 4, 5, 6]);
    for (const shape of [[-2, -3], [1.5, 4], [-1, -1], [-6], [4, -1], [0, -1]]) {
      expect(() => reshape(x, shape)).toThrow(ShapeError);
    }
    expect(reshape(x, [2, -1]).shape).toEqual([2, 3]);
  });

  it("orders that are no permutation", () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    for (const order of [[0, 0], [0.5, 1], [0, 2], [1], [-1, 0], [0, 1, 0]]) {
      expect(() => transpose(x, order)).toThrow(ShapeError);
    }
    expect(() => randomPermutation(randomStream(Key.fromSeed(1)), -1)).toThrow(ConfigError);
  });

  it("a gradient of another dtype than the result's", () => {
    const w = parameter([1, 2], [2]);
    const y = add(w, w);
    expect(() => pullBack(y, tensor([1, 1], [2], "float64"))).toThrow(/dy must be of y's shape and dtype/);
    expect(read(pullBack(y, tensor([1, 1])).of(w)).values).toEqual([2, 2]);
  });

  it("an async step, whose tensors would be gone after the first await", () => {
    const wait = async () => tensor([1]);
    expect(() => step(wait)).toThrow(ConfigError);
  });
});

describe("the gradient of a quotient", () => {
  it("neither vanishes nor overflows where the square of the divisor does", () => {
    for (const size of [1e-30, 1e30]) {
      const [a, b] = [parameter([size], [1]), parameter([size], [1])];
      const gradients = backward(div(a, b));
      expect(gradients.of(a).item() * Math.fround(size)).toBeCloseTo(1, 6);
      expect(gradients.of(b).item() * Math.fround(size)).toBeCloseTo(-1, 6);
    }
  });
});
