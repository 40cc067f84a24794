import { describe, expect, it } from "vitest";
import { ShapeError } from "../errors.ts";
import {
  add,
  affine,
  backward,
  full,
  mul,
  parameter,
  persistent,
  square,
  step,
  sum,
  type Tensor,
  tensor,
} from "./index.ts";

describe("step", () => {
  it("copies tensors out of its result, in arrays and plain objects too", () => {
    const { pair, name, deep } = step(() => {
      const x = tensor([1, 2]);
      return { pair: [add(x, 1), mul(x, 3)], name: "x", deep: { x, list: [1, x] as const } };
    });
    step(() => full([64], 7));
    expect([...pair[0]!.toArray()]).toEqual([2, 3]);
    expect([...pair[1]!.toArray()]).toEqual([3, 6]);
    expect(name).toBe("x");
    expect([...deep.x.toArray()]).toEqual([1, 2]);
    expect([...(deep.list[1] as Tensor).toArray()]).toEqual([1, 2]);
    expect(deep.x.isTemporary).toBe(false);
  });

  it("hands out what was there before unchanged: no copies of parameters", () => {
    const w = parameter([1, 2], [2]);
    expect(step(() => w)).toBe(w);
  });

  it("makes tensors that stay behind unusable, with a clear error", () => {
    let left: Tensor | undefined;
    step(() => {
      left = tensor([1, 2, 3]);
    });
    for (const use of [() => left!.toArray(), () => left!.data, () => add(left!, 1), () => left!.view([3, 1])]) {
      expect(use).toThrow(ShapeError);
      expect(use).toThrow(/shape \[3\] was made in a step that has ended; return it from step\(\)/);
    }
  });

  it("makes views of them unusable as well", () => {
    const views: Tensor[] = [];
    step(() => {
      views.push(tensor([1, 2, 3, 4]).view([2, 2]));
    });
    expect(() => views[0]!.toArray()).toThrow(/was made in a step that has ended/);
  });

  it("nests: inner results belong to the outer step", () => {
    let inner: Tensor | undefined;
    let abandoned: Tensor | undefined;
    const total = step(() => {
      const outer = tensor([10, 20]);
      inner = step(() => {
        abandoned = affine(outer, 1, 1);
        return affine(abandoned, 1, 1);
      });
      expect(() => abandoned!.toArray()).toThrow(/has ended/);
      step(() => full([1000], 3));
      expect(inner.isTemporary).toBe(true);
      return add(outer, inner);
    });
    expect([...total.toArray()]).toEqual([22, 42]);
    expect(() => inner!.toArray()).toThrow(/has ended/);
  });

  it("ends when its function throws, and the next one works", () => {
    let left: Tensor | undefined;
    const failing = () =>
      step(() => {
        left = tensor([1]);
        throw new Error("broken");
      });
    expect(failing).toThrow("broken");
    expect(() => left!.item()).toThrow(/has ended/);
    expect(step(() => tensor([5]).item())).toBe(5);
    expect(tensor([1]).isTemporary).toBe(false);
  });

  it("lets parameters learn", () => {
    const w = parameter([3], [1], "float64");
    for (let i = 0; i < 50; i++) {
      step(() => {
        const gradient = backward(sum(square(w))).of(w);
        w.set(
          affine(gradient, -0.1, 0)
            .toArray()
            .map((d, k) => d + w.data[k]!),
        );
      });
    }
    expect(Math.abs(w.item())).toBeLessThan(1e-4);
  });
});

describe("persistent", () => {
  it("outlives steps and begins at zero, wherever it is made", () => {
    const made = step(() => ({ buffer: persistent([2], "float32") }));
    step(() => full([512], 9));
    expect([...made.buffer.toArray()]).toEqual([0, 0]);
  });
});
