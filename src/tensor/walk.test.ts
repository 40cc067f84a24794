import { describe, expect, it } from "vitest";
import { broadcastShape, broadcastStrides, contiguous, walk } from "./walk.ts";

describe("broadcasting", () => {
  it("follows NumPy's rules", () => {
    expect(broadcastShape([3], [2, 3])).toEqual([2, 3]);
    expect(broadcastShape([4, 1], [3])).toEqual([4, 3]);
    expect(broadcastShape([], [2, 1], [1, 5])).toEqual([2, 5]);
    expect(broadcastShape([0], [1])).toEqual([0]);
    expect(() => broadcastShape([0], [2])).toThrow(/do not broadcast/);
    expect(() => broadcastShape([2, 3], [2])).toThrow(/shapes \[2,3\] and \[2\] do not broadcast/);
  });

  it("reads broadcast axes with stride 0", () => {
    expect(broadcastStrides([3], [2, 3])).toEqual([0, 1]);
    expect(broadcastStrides([4, 1, 2], [4, 5, 2])).toEqual([2, 0, 1]);
  });
});

describe("walk", () => {
  it("merges what is contiguous for every operand, and drops axes of one", () => {
    const shape = [2, 3, 1, 4];
    expect(walk(shape, contiguous(shape), contiguous(shape))).toEqual([1, 24, 1, 1]);
    expect(walk(shape, broadcastStrides([4], shape), contiguous(shape))).toEqual([2, 6, 0, 4, 4, 1, 1]);
  });

  it("visits a scalar once and an empty shape never", () => {
    expect(walk([], [], [])).toEqual([1, 1, 1, 1]);
    expect(walk([1, 1], [1, 1], [1, 1])).toEqual([1, 1, 1, 1]);
    expect(walk([3, 0], [0, 1], [0, 1])).toEqual([1, 0, 1, 1]);
  });

  it("refuses more axes than kernels take", () => {
    const shape = new Array(14).fill(2);
    const alternating = shape.map((_, i) => (i % 2 ? 0 : 2));
    expect(() => walk(shape, alternating, contiguous(shape))).toThrow(/at most 6/);
  });
});
