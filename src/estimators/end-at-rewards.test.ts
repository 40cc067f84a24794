import { describe, expect, it } from "vitest";
import { endAtRewards } from "./end-at-rewards.ts";
import { rewardToGo } from "./returns.ts";

describe("rewards that end what is summed", () => {
  // Two environments: −1 and 1 with steps of 0 between them; the second terminates without a reward.
  const transitions = {
    ...{ steps: 5, envs: 2, nextValues: new Float64Array(10), truncated: new Uint8Array(10) },
    rewards: Float64Array.of(0, 0, -1, 0, 0, 0, 1, 1, 0, 0),
    terminated: Uint8Array.of(0, 0, 0, 0, 0, 1, 0, 0, 1, 1),
  };

  it("by hand: each step is credited with the next reward alone", () => {
    const terminated = endAtRewards(transitions);
    expect([...terminated]).toEqual([0, 0, 1, 0, 0, 1, 1, 1, 1, 1]);
    const returns = rewardToGo({ ...transitions, terminated }, { gamma: 0.5 });
    expect([...returns]).toEqual([-0.5, 0, -1, 0, 0.5, 0, 1, 1, 0, 0]);
    // Control: without it the second point counts for the first.
    expect(rewardToGo(transitions, { gamma: 0.5 })[0]).toBe(-0.5 + 0.125);
    expect([...transitions.terminated]).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 1, 1]);
  });
});
