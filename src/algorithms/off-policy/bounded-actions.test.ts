import { expect, it } from "vitest";
import { Box } from "../../spaces/index.ts";
import { tensor } from "../../tensor/index.ts";
import { BoundedActions } from "./bounded-actions.ts";

it("scales actions to their bounds and back, and keeps what rounding put beyond them", () => {
  const bounds = new BoundedActions(new Box([-2, 0, 3], [2, 10, 3], [3]), "sac");
  const scaled = bounds.fromEnv([1, 0, 3]);
  expect([...scaled]).toEqual([0.5, -1, 0]);
  expect([...bounds.toEnv(scaled, new Float32Array(3))]).toEqual([1, 0, 3]);
  expect([...bounds.toEnvTensor(tensor([[0.5, -1, 0]])).toArray()]).toEqual([1, 0, 3]);
  expect([...bounds.fromEnv([2.1, -0.1, 3])]).toEqual([1, -1, 0]);
});
