import { describe, expect, it } from "vitest";

import { dot, uniform } from "../../test/support/gradients.ts";
import { expectClose } from "../../test/support/transitions.ts";
import { type ActivationName, activationNames, mlp } from "../nn/index.ts";
import { Key } from "../random/index.ts";
import {
  add,
  mul,
  noGrad,
  parameter,
  plan,
  pullBack,
  pushForward,
  square,
  step,
  type Tensor,
  tensor,
} from "./index.ts";
import { differentiable } from "./tape.ts";

const random = Key.fromSeed(5).stream();

/** A network, a batch, and one direction for every parameter. */
function network(activation: ActivationName) {
  const layers = mlp({ inputs: 3, hidden: [5, 4], outputs: 2, activation, key: Key.fromSeed(1), dtype: "float64" });
  const parameters = Object.values(layers.parameters());
  const x = uniform(random, [6, 3]);
  const directions = new Map(parameters.map((p) => [p, uniform(random, p.shape)]));
  return { forward: () => layers.forward(x), parameters, directions };
}

describe("pushForward", () => {
  it.each(activationNames)("equals differences along the direction for a network of %s", (activation) => {
    const { forward, parameters, directions } = network(activation);
    const moved = (eps: number) => {
      const before = parameters.map((p) => p.toArray());
      for (const p of parameters) {
        const v = directions.get(p)!.toArray();
        p.set(p.toArray().map((value, i) => value + eps * v[i]!));
      }
      const y = step(() => noGrad(() => forward().toArray()));
      for (const [i, p] of parameters.entries()) p.set(before[i]!);
      return y;
    };
    const eps = 1e-6;
    const [up, down] = [moved(eps), moved(-eps)];
    const numeric = up.map((value, i) => (value - down[i]!) / (2 * eps));
    expectClose(
      step(() => pushForward(forward(), directions).toArray()),
      numeric,
      1e-7,
    );
  });

  it.each(activationNames)("is the transpose of pullBack for a network of %s", (activation) => {
    const { forward, parameters, directions } = network(activation);
    step(() => {
      const y = forward();
      const u = uniform(random, y.shape);
      const gradients = pullBack(y, u);
      const expected = parameters.reduce((sum, p) => sum + dot(gradients.of(p), directions.get(p)!), 0);
      expect(dot(u, pushForward(y, directions))).toBeCloseTo(expected, 10);
    });
  });

  it("has the same bits in a plan", () => {
    const { forward, directions } = network("tanh");
    const eager = step(() => pushForward(forward(), directions)).toArray();
    expect(
      plan({}, () => pushForward(forward(), directions))
        .run()
        .toArray(),
    ).toEqual(eager);
  });

  it("moves along several paths at once: d(x² + xy) = 2x·dx + y·dx + x·dy", () => {
    const [x, y] = [parameter([3], [1], "float64"), parameter([5], [1], "float64")];
    const move = (entries: [Tensor, number][]) =>
      step(() => {
        const directions = new Map(entries.map(([t, v]) => [t, tensor([v], [1], "float64")]));
        return pushForward(add(square(x), mul(x, y)), directions).item();
      });
    expect(move([[x, 1]])).toBe(11);
    expect(move([[y, 1]])).toBe(3);
    expect(
      move([
        [x, 2],
        [y, -1],
      ]),
    ).toBe(19);
    expect(move([])).toBe(0);
  });

  it("begins at hidden values, and at the result itself", () => {
    const x = parameter([3], [1], "float64");
    const one = tensor([1], [1], "float64");
    step(() => {
      const hidden = square(x);
      const y = mul(hidden, 4);
      expect(pushForward(y, new Map([[hidden, one]])).item()).toBe(4);
      expect(pushForward(y, new Map([[y, one]])).item()).toBe(1);
    });
  });

  it("catches a wrong tangent rule by the identity", () => {
    const x = parameter([3], [1], "float64");
    const one = tensor([1], [1], "float64");
    const wrong = () =>
      differentiable(
        noGrad(() => square(x)),
        [[x, (dy) => mul(dy, 6), (dx) => mul(dx, 3)]],
      );
    step(() => {
      const y = wrong();
      expect(pushForward(y, new Map([[x, one]])).item()).not.toBe(pullBack(y, one).of(x).item());
    });
  });

  it("refuses a direction of another shape or dtype", () => {
    const x = parameter([3, 4]);
    const move = (direction: Tensor) => () => pushForward(square(x), new Map([[x, direction]]));
    expect(move(tensor([1]))).toThrow(/direction must be of its tensor's shape and dtype, \[2\] float32/);
    expect(move(tensor([1, 2], [2], "float64"))).toThrow(/got "\[2\] float64"/);
  });
});
