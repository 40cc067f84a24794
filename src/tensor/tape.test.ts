import { describe, expect, it } from "vitest";
import { ShapeError } from "../errors.ts";
import {
  add,
  backward,
  broadcastTo,
  cast,
  concat,
  linear,
  lstmCell,
  mean,
  mul,
  noGrad,
  parameter,
  pullBack,
  slice,
  square,
  sum,
  type Tensor,
  tanh,
  tensor,
} from "./index.ts";

const values = (t: Tensor) => [...t.toArray()];
const w = parameter([2, 3], [2], "float64");
const x = tensor([5, 7], [2], "float64");

describe("backward", () => {
  it("adds up over all uses of a tensor", () => {
    const y = sum(mul(mul(w, w), x));
    expect(values(backward(y).of(w))).toEqual([20, 42]);
  });

  it("gives the deltas of hidden values", () => {
    const hidden = mul(w, x);
    const gradients = backward(sum(square(hidden)));
    expect(values(gradients.of(hidden))).toEqual([20, 42]);
    expect(gradients.nodes.some((node) => node.results.includes(hidden))).toBe(true);
  });

  it("leaves out the gradients that nobody wants, and gives all others the same", () => {
    const b = parameter([1, -1], [2], "float64");
    const hidden = mul(w, x);
    const y = square(tanh(mul(add(hidden, b), 0.1)));
    const dy = tensor([1, 2], [2], "float64");
    const [all, few] = [pullBack(y, dy), pullBack(y, dy, new Set([w]))];
    expect(few.has(w)).toBe(false);
    for (const t of [hidden, b]) expect(values(few.of(t))).toEqual(values(all.of(t)));
  });

  it("walks the operations latest first, each once", () => {
    const a = tanh(w);
    const { nodes } = backward(sum(mul(a, mul(a, a))));
    expect(nodes.map((node) => node.order)).toEqual(nodes.map((node) => node.order).sort((p, q) => q - p));
    expect(new Set(nodes).size).toBe(nodes.length);
    expect(nodes.length).toBe(4);
  });

  it("may be repeated, and leaves no trace", () => {
    const y = sum(mul(tanh(w), x));
    const [first, second] = [backward(y), backward(y)];
    expect(values(first.of(w))).toEqual(values(second.of(w)));
    expect(first.of(w).requiresGrad).toBe(false);
    expect(backward(sum(mul(w, w))).of(w).node).toBeUndefined();
  });

  it("handles long chains", () => {
    let y = w;
    for (let i = 0; i < 20_000; i++) y = mul(y, 1);
    expect(values(backward(sum(y)).of(w))).toEqual([1, 1]);
  });

  it("reaches operands through each of several results, and through all", () => {
    const gates = parameter([0.1, -0.2, 0.3, 0.4], [1, 4], "float64");
    const c0 = parameter([0.5], [1, 1], "float64");
    const { h, c } = lstmCell(gates, c0);
    const both = values(backward(sum(concat([h, c], 1))).of(gates));
    const alone = [h, c].map((result) => values(backward(sum(result)).of(gates)));
    for (let i = 0; i < 4; i++) expect(both[i]).toBeCloseTo(alone[0]![i]! + alone[1]![i]!, 14);
    // h = σ(o)·tanh(c): gradients of h reach c0 without any of c.
    expect(backward(sum(h)).has(c0)).toBe(true);
  });

  it("passes from float32 to float64 and back", () => {
    const single = parameter([0.5, 1.5], [2]);
    const gradient = backward(sum(square(cast(single, "float64")))).of(single);
    expect(gradient.dtype).toBe("float32");
    expect(values(gradient)).toEqual([1, 3]);
  });

  it("leaves a tensor that already has the shape as it is", () => {
    const y = broadcastTo(w, [2]);
    expect(y).toBe(w);
    expect(values(backward(sum(mul(y, x))).of(w))).toEqual([5, 7]);
  });

  it("refuses losses of several elements, and says where no gradient arrived", () => {
    expect(() => backward(mul(w, x))).toThrow(/loss must be one element.*\[2\]/);
    const gradients = backward(mean(mul(w, x)));
    expect(gradients.has(x)).toBe(false);
    expect(() => gradients.of(x)).toThrow(ShapeError);
    expect(() => gradients.of(x)).toThrow(/no gradient reached this tensor of shape \[2\]/);
  });
});

describe("pullBack", () => {
  it("gives vector-Jacobian products", () => {
    const matrix = parameter([1, 2, 3, 4], [2, 2], "float64");
    const y = linear(x.view([1, 2]), matrix);
    const gradients = pullBack(y, tensor([[1, 10]], undefined, "float64"));
    expect(values(gradients.of(matrix))).toEqual([5, 7, 50, 70]);
    expect(() => pullBack(y, x)).toThrow(/dy must be of y's shape and dtype, \[1,2\] float64; got/);
  });

  it("of a parameter itself is the vector", () => {
    expect(values(pullBack(w, x).of(w))).toEqual([5, 7]);
  });
});

describe("noGrad", () => {
  it("leaves no history, nests, and ends with an exception", () => {
    const y = noGrad(() => noGrad(() => mul(w, x)));
    expect(y.requiresGrad).toBe(false);
    expect(y.node).toBeUndefined();
    expect(() =>
      noGrad(() => {
        throw new Error("broken");
      }),
    ).toThrow("broken");
    expect(mul(w, x).requiresGrad).toBe(true);
  });

  it("cuts a branch off", () => {
    const target = noGrad(() => mul(w, 2));
    expect(values(backward(sum(mul(w, target))).of(w))).toEqual([4, 6]);
  });
});

describe("tensors without a gradient", () => {
  it("leave no nodes", () => {
    expect(slice(mul(x, x), 0, 0, 1).node).toBeUndefined();
  });
});
