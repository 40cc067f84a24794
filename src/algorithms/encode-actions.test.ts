import { expect, it } from "vitest";
import { Box, Discrete, MultiBinary, MultiDiscrete } from "../spaces/index.ts";
import { step, tensor } from "../tensor/index.ts";
import { actionEncoder } from "./encode-actions.ts";

it("writes choices as one-hot rows, and switches and numbers as they are", () => {
  const discrete = actionEncoder(new Discrete(3, 5));
  const multi = actionEncoder(new MultiDiscrete([2, 3]), "float64");
  const binary = actionEncoder(new MultiBinary(2));
  const box = actionEncoder(new Box(-1, 1, [2]));
  step(() => {
    const rows = discrete(tensor([2, 0], [2], "int32"));
    expect([rows.shape, [...rows.toArray()]]).toEqual([
      [2, 3],
      [0, 0, 1, 1, 0, 0],
    ]);
    const both = multi(tensor([1, 0, 0, 2], [2, 2], "int32"));
    expect([both.shape, both.dtype, [...both.toArray()]]).toEqual([[2, 5], "float64", [0, 1, 1, 0, 0, 1, 0, 0, 0, 1]]);
    expect([...binary(tensor([1, 0], [1, 2], "int32")).toArray()]).toEqual([1, 0]);
    // An action may lie outside of the bounds: it is what the policy drew that Q is learned of.
    expect([...box(tensor([[-3, 0.5]])).toArray()]).toEqual([-3, 0.5]);
  });
});
