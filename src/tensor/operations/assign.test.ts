import { describe, expect, it } from "vitest";
import { add, assign, moveTowards, persistent, plan, tensor } from "../index.ts";

describe("assign", () => {
  it("lets a plan move its own state on", () => {
    const state = persistent([2], "float32").set([1, 2]);
    const double = plan({}, () => {
      const next = add(state, state);
      assign(state, next);
      return next;
    });
    expect([...state.data]).toEqual([1, 2]);
    double.run();
    double.run();
    expect([...state.data]).toEqual([4, 8]);
  });

  it("refuses another shape, which would write beyond the target", () => {
    expect(() => assign(persistent([2], "float32"), tensor([1, 2, 3]))).toThrow(
      /source must be of the target's shape \[2\]/,
    );
    expect(() => assign(persistent([2], "float64"), tensor([1, 2]))).toThrow(/differ in dtype/);
  });
});

describe("moveTowards", () => {
  it("goes the share of the way, in float32 and float64, ragged ends included", () => {
    for (const dtype of ["float32", "float64"] as const) {
      const target = persistent([7], dtype).set([0, 1, 2, 3, 4, 5, 6]);
      moveTowards(target, persistent([7], dtype).set([4, 4, 4, 4, 4, 4, 4]), 0.25);
      expect([...target.data]).toEqual([1, 1.75, 2.5, 3.25, 4, 4.75, 5.5]);
    }
  });

  it("copies for 1, whatever was there, and moves nothing for 0", () => {
    const target = persistent([5], "float32").set([NaN, NaN, NaN, NaN, NaN]);
    const source = persistent([5], "float32").set([1, 2, 3, 4, 0.1]);
    moveTowards(target, source, 1);
    expect([...target.data]).toEqual([...source.data]);
    moveTowards(target, persistent([5], "float32"), 0);
    expect([...target.data]).toEqual([...source.data]);
  });

  it("refuses another shape", () => {
    expect(() => moveTowards(persistent([2], "float32"), tensor([1, 2, 3]), 1)).toThrow(
      /source must be of the target's/,
    );
  });
});
