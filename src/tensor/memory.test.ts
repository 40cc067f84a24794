import { describe, expect, it } from "vitest";
import { RunError, ShapeError } from "../errors.ts";
import { add, full, memoryUse, parameter, persistent, type Tensor, tensor } from "./index.ts";
import { views } from "./memory.ts";

/** Allocates until the memory has grown once more. */
function grow(): void {
  const { generation } = views;
  const kept: Tensor[] = [];
  while (views.generation === generation) kept.push(persistent([1 << 20], "float32"));
}

describe("memory that grows", () => {
  it("keeps values, and gives every tensor a new view", () => {
    const x = tensor([1, 2, 3]);
    const before = x.data;
    grow();
    expect(before).toHaveLength(0);
    expect([...x.data]).toEqual([1, 2, 3]);
    expect([...add(x, x).toArray()]).toEqual([2, 4, 6]);
  });

  it("reads the numbers of a new tensor before they move away, where they are another tensor's view", () => {
    for (const make of [
      (data: ArrayLike<number>) => parameter(data, [1 << 18]),
      (data: ArrayLike<number>) => tensor(data, [1 << 18]),
    ]) {
      const source = full([1 << 18], 7);
      const { generation } = views;
      const made: Tensor[] = [];
      // One of these allocations makes the memory grow while `source.data` is being copied.
      while (views.generation === generation) made.push(make(source.data));
      expect(made.every((t) => t.data.every((v) => v === 7))).toBe(true);
    }
  });

  it("refuses more than there can be in one sentence, and goes on as if nothing had happened", () => {
    const before = memoryUse();
    for (const shape of [[2 ** 31], [2 ** 40], [Number.MAX_SAFE_INTEGER]]) {
      expect(() => persistent(shape, "float64")).toThrow(RunError);
      expect(() => persistent(shape, "float64")).toThrow(/^out of memory: \d+ bytes more/);
    }
    expect(memoryUse()).toEqual(before);
    expect([...tensor([4, 5]).toArray()]).toEqual([4, 5]);
    expect(memoryUse().used).toBeGreaterThan(before.used);
  });
});

describe("Tensor.view", () => {
  it("stays within the tensor", () => {
    const x = tensor([1, 2, 3, 4]);
    expect([...x.view([2], 2).toArray()]).toEqual([3, 4]);
    expect([...x.view([0], 4).toArray()]).toEqual([]);
    for (const [shape, offset] of [
      [[5], 0] as const,
      [[2, 2], 1] as const,
      [[1], -1] as const,
      [[1], Number.NaN] as const,
    ]) {
      expect(() => x.view(shape, offset)).toThrow(ShapeError);
    }
  });
});
