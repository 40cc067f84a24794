import { describe, expect, it } from "vitest";
import { step, tensor } from "../tensor/index.ts";
import { Rollout } from "./rollout.ts";

/** 3 steps of 2 environments; environment 0 is cut off after its second step, environment 1 ends after its first. */
function filled(): Rollout {
  const rollout = new Rollout({
    ...{ steps: 3, envs: 2, observationSize: 2, actionShape: [], actionType: "int32", maskSize: 3 },
  });
  rollout.observations.set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  rollout.actions.set([0, 1, 2, 0, 1, 2]);
  rollout.logProbs.set([-1, -2, -3, -4, -5, -6]);
  rollout.values.set([1, 2, 3, 4, 5, 6]);
  rollout.rewards.set([1, 10, 1, 1, 1, 1]);
  rollout.truncated.set([0, 0, 1, 0, 0, 0]);
  rollout.terminated.set([0, 1, 0, 0, 0, 0]);
  rollout.nextValues.set([99, 99, 7, 99, 99, 99]);
  rollout.masks.set([1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 1]);
  return rollout;
}

describe("Rollout", () => {
  it("bootstraps with the true successor: the next row, the final observation where cut off, the last values at the end", () => {
    const rollout = filled();
    rollout.finish([8, 16], 0.5, 0);
    // r + γ V(s′) − V(s), V(s′) being 3, none, 7, 6, 8 and 16.
    expect([...rollout.advantages.data]).toEqual([1 + 1.5 - 1, 10 - 2, 1 + 3.5 - 3, 1 + 3 - 4, 1 + 4 - 5, 1 + 8 - 6]);
    expect([...rollout.returns.data]).toEqual([2.5, 10, 4.5, 4, 5, 9]);
  });

  it("sums discounted errors within episodes only", () => {
    const [one, all] = [filled(), filled()];
    one.finish([8, 16], 0.5, 0);
    all.finish([8, 16], 0.5, 1);
    const errors = [...one.advantages.data];
    const [a, b, c, d, e, f] = errors as [number, number, number, number, number, number];
    expect([...all.advantages.data]).toEqual([a + 0.5 * c, b, c, d + 0.5 * f, e, f]);
  });

  it("gives rows in the order asked for, masks included", () => {
    const rollout = filled();
    rollout.finish([8, 16], 0.5, 0);
    const rows = Int32Array.from([5, 0, 5]);
    const masks = tensor(new Uint8Array(9), [3, 3], "uint8");
    rollout.gatherMasks(rows, masks);
    expect([...masks.data]).toEqual([1, 0, 1, 1, 0, 0, 1, 0, 1]);
    const batch = step(() => rollout.minibatch(tensor(rows, [3], "int32"), masks));
    expect([...batch.observations.data]).toEqual([10, 11, 0, 1, 10, 11]);
    expect([...batch.actions.data]).toEqual([2, 0, 2]);
    expect([...batch.oldLogProbs.data]).toEqual([-6, -1, -6]);
    expect([...batch.oldValues.data]).toEqual([6, 1, 6]);
    expect([...batch.returns.data]).toEqual([9, 2.5, 9]);
    expect(batch.masks!.shape).toEqual([3, 3]);
  });

  it("has no masks where there are none", () => {
    const rollout = new Rollout({
      ...{ steps: 1, envs: 2, observationSize: 1, actionShape: [2], actionType: "float32", maskSize: 0 },
    });
    const none = tensor([], [1, 0], "uint8");
    rollout.gatherMasks(Int32Array.of(1), none);
    expect(step(() => rollout.minibatch(tensor([1], [1], "int32"), none)).masks).toBeUndefined();
    expect(rollout.actions.shape).toEqual([2, 2]);
  });
});
