import { describe, expect, it } from "vitest";
import { ConfigError, ShapeError } from "../../errors.ts";
import { backward, parameter, type Tensor, tensor } from "../index.ts";
import { crossEntropyLoss, huberLoss, l1Loss, mseLoss } from "./index.ts";

const prediction = tensor(
  [
    [1, 4],
    [0, -3],
    [2, 2],
  ],
  undefined,
  "float64",
);
const target = tensor(
  [
    [1, 2],
    [0.5, 0],
    [0, 4],
  ],
  undefined,
  "float64",
);
const values = (t: Tensor) => [...t.toArray()];

describe("losses by hand", () => {
  // Differences: 0, 2 | −0.5, −3 | 2, −2
  it("mean squared error", () => {
    expect(values(mseLoss(prediction, target, "none"))).toEqual([2, 4.625, 4]);
    expect(mseLoss(prediction, target).item()).toBeCloseTo(21.25 / 6, 14);
  });

  it("mean absolute error", () => {
    expect(values(l1Loss(prediction, target, "none"))).toEqual([1, 1.75, 2]);
    expect(l1Loss(prediction, target).item()).toBeCloseTo(9.5 / 6, 14);
  });

  it("Huber's", () => {
    expect(values(huberLoss(prediction, target, { reduction: "none" }))).toEqual([0.75, (0.125 + 2.5) / 2, 1.5]);
    expect(values(huberLoss(prediction, target, { delta: 2, reduction: "none" }))).toEqual([1, (0.125 + 4) / 2, 2]);
    expect(huberLoss(prediction, target, { delta: 10 }).item()).toBeCloseTo(mseLoss(prediction, target).item() / 2, 14);
  });

  it("Huber's has the gradient d, limited to ±delta, the edge included", () => {
    const p = parameter([-2, -0.7, -0.25, 0, 0.25, 0.7, 3], [7], "float64");
    const gradient = backward(huberLoss(p, tensor(new Array(7).fill(0), [7], "float64"), { delta: 0.7 })).of(p);
    const expected = [-0.7, -0.7, -0.25, 0, 0.25, 0.7, 0.7];
    for (const [i, g] of values(gradient).entries()) expect(g * 7).toBeCloseTo(expected[i]!, 14);
  });

  it("cross entropy", () => {
    const logits = tensor(
      [
        [0, 0],
        [0, Math.log(3)],
        [500, 0],
      ],
      undefined,
      "float64",
    );
    const each = values(crossEntropyLoss(logits, tensor([0, 1, 1], [3], "int32"), "none"));
    expect(each[0]).toBeCloseTo(Math.log(2), 14);
    expect(each[1]).toBeCloseTo(Math.log(4 / 3), 14);
    expect(each[2]).toBeCloseTo(500, 12);
    const sequences = tensor(new Array(12).fill(0), [2, 3, 2], "float64");
    const perSample = crossEntropyLoss(sequences, tensor(new Array(6).fill(1), [2, 3], "int32"), "none");
    expect(perSample.shape).toEqual([2]);
  });
});

describe("losses refuse", () => {
  it("targets that would only broadcast", () => {
    const column = tensor([[1], [2], [3]]);
    for (const loss of [mseLoss, l1Loss, huberLoss] as ((p: Tensor, t: Tensor) => Tensor)[]) {
      expect(() => loss(column, tensor([1, 2, 3]))).toThrow(ShapeError);
      expect(() => loss(column, tensor([1, 2, 3]))).toThrow(
        /target must be of the prediction's shape \[3,1\]; got \[3\]/,
      );
    }
  });

  it("classes that are not there, and a delta that is none", () => {
    expect(() => crossEntropyLoss(prediction, tensor([0, 1, 2], [3], "int32"))).toThrow(
      /index\[2\] must be between 0 and 1/,
    );
    expect(() => crossEntropyLoss(prediction, tensor([0, 1], [2], "int32"))).toThrow(/index must be of shape \[3\]/);
    expect(() => huberLoss(prediction, target, { delta: 0 })).toThrow(ConfigError);
  });
});
