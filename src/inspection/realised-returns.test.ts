import { describe, expect, it } from "vitest";
import { stepAlong } from "../../test/support/gradient-step.ts";
import type { BatchEnv } from "../envs/index.ts";
import { sgd } from "../nn/index.ts";
import { parameter, reshape, slice, square, sum, tensor } from "../tensor/index.ts";
import { measureReturns, RealisedReturns } from "./realised-returns.ts";

/** One environment whose states are numbers. */
function at(state: number, reward = 0, end?: "terminated" | "truncated"): BatchEnv {
  return {
    observationSpace: { flatSize: 1 },
    observations: Float32Array.of(state),
    rewards: Float64Array.of(reward),
    terminated: Uint8Array.of(+(end === "terminated")),
    truncated: Uint8Array.of(+(end === "truncated")),
  } as never;
}

describe("realised returns", () => {
  it("are what followed each state, discounted", () => {
    const realised = new RealisedReturns();
    realised.see(at(1), true);
    realised.see(at(2, 4), false);
    realised.see(at(3, 0), false);
    expect(realised.pairs(0.5)).toBeUndefined();
    // The next episode begins in state 9.
    realised.see(at(9, 8, "terminated"), false);
    const { states, returns } = realised.pairs(0.5)!;
    expect(states.map(([state]) => state)).toEqual([1, 2, 3]);
    expect([...returns]).toEqual([6, 4, 8]);
  });

  it("do not exist where an episode was cut off, nor across a reset", () => {
    const realised = new RealisedReturns();
    realised.see(at(1), true);
    realised.see(at(5, 1, "truncated"), false);
    realised.see(at(6, 1), false);
    expect(realised.pairs(1)).toBeUndefined();
    realised.see(at(7), true);
    realised.see(at(8, 3, "terminated"), false);
    expect(realised.pairs(1)!.states.map(([state]) => state)).toEqual([7]);
    expect([...realised.pairs(1)!.returns]).toEqual([3]);
  });

  it("are compared with what the critic says", () => {
    const p = parameter([1], [1, 1]);
    const step = stepAlong(() => ({ all: sum(square(p), 1) }), { all: 1 }, sgd({ p }));
    // Rows of the step need not be as wide as the states that environments show.
    const observations = tensor([[0, 0]]);
    // It says the number of the state.
    const judge = (states: typeof observations) => reshape(slice(states, 1, 0, 1), [-1]);
    const measure = measureReturns({ ...step, observations, judge, gamma: 1 })!;
    const realised = new RealisedReturns();
    expect(measure(realised)).toBeUndefined();
    realised.see(at(5), true);
    realised.see(at(2, 1), false);
    realised.see(at(0, 1, "terminated"), false);
    // V = 5 and 2, returns 2 and 1: errors 3 and 1.
    expect(measure(realised)).toEqual({ bias: 2, error: Math.sqrt(5) });
  });
});
