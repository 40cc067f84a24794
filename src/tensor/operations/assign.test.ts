import { describe, expect, it } from "vitest";
import { add, assign, persistent, plan, tensor } from "../index.ts";

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
