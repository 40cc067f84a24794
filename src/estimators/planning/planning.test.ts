import { describe, expect, it } from "vitest";
import { exactValues, storedMdp } from "../../../test/support/toy-text.ts";
import type { FiniteMdp } from "../../envs/index.ts";
import { ConfigError, RunError, ShapeError } from "../../errors.ts";
import {
  actionValues,
  bestValues,
  evaluatePolicy,
  expectedValues,
  finiteHorizon,
  greedyActions,
  greedyPolicy,
  policyIteration,
  residual,
  softened,
  uniformPolicy,
  valueAtStart,
  valueIteration,
} from "./index.ts";

/** |a − b| ≤ 1e-9 (1 + |b|), as the fixtures ask. */
function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < actual.length; i++) {
    expect(Math.abs(actual[i] - expected[i]), `entry ${i}`).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(expected[i])));
  }
}

it("V at the start is the mean over first states alone, whatever the values of the others", () => {
  const initial = [0.25, 0, 0.75];
  expect(valueAtStart({ initial }, [8, Number.NEGATIVE_INFINITY, 4])).toBe(5);
});

describe.each(
  exactValues.map((exact) => ({ name: `${exact.envId} ${JSON.stringify(exact.kwargs)}, γ ${exact.gamma}`, exact })),
)("$name", ({ exact }) => {
  const mdp = storedMdp(exact.envId, exact.kwargs);
  const { gamma } = exact;

  it.each([
    ["value iteration", valueIteration],
    ["policy iteration", policyIteration],
  ])("%s finds V*, Q*, the tied greedy actions and a policy of that value", (_method, plan) => {
    const { values, q, policy } = plan(mdp, { gamma });
    expectClose(values, exact.optimalV);
    expectClose(q, exact.optimalQ.flat());
    expect(greedyActions(q, mdp.actions)).toEqual(exact.greedyActions);
    const start = valueAtStart(mdp, evaluatePolicy(mdp, policy, { gamma }));
    expectClose([start], [exact.optimalValueAtStart]);
  });

  it("the greedy policy of Q* takes the lowest of tied actions, and has the value that it should", () => {
    const policy = greedyPolicy(exact.optimalQ.flat(), mdp.actions);
    exact.greedyActions.forEach(([lowest], s) => {
      expect(policy[s * mdp.actions + lowest]).toBe(1);
    });
    const start = valueAtStart(mdp, evaluatePolicy(mdp, policy, { gamma }));
    expectClose([start], [exact.greedyPolicyValueAtStart]);
  });

  it("the uniform random policy has the value that it should", () => {
    const values = evaluatePolicy(mdp, uniformPolicy(mdp), { gamma });
    expectClose(values, exact.uniformRandomPolicyV);
    expectClose([valueAtStart(mdp, values)], [exact.uniformRandomPolicyValueAtStart]);
  });

  it("control: with a discount that is a little smaller the values differ", () => {
    const { values } = valueIteration(mdp, { gamma: gamma - 0.01 });
    expect(() => expectClose(values, exact.optimalV)).toThrow();
  });
});

it("control: with values behind the end of an episode, V of CliffWalking and Taxi differs", () => {
  for (const envId of ["CliffWalking-v1", "Taxi-v4"]) {
    const mdp = storedMdp(envId, {});
    const endless: FiniteMdp = {
      ...mdp,
      outcomes: (s, a) => mdp.outcomes(s, a).map((outcome) => ({ ...outcome, terminated: false })),
    };
    const exact = exactValues.find((found) => found.envId === envId && found.gamma === 0.99)!;
    expect(() => expectClose(valueIteration(endless, { gamma: 0.99 }).values, exact.optimalV)).toThrow();
  }
});

/** State 0: action 0 stays for 1 with probability 0.9 or ends; action 1 ends for 5. State 1: ends for 2, whatever is done. */
const tiny: FiniteMdp = {
  states: 2,
  actions: 2,
  initial: [1, 0],
  outcomes: (state, action) => {
    if (state === 1) return [{ probability: 1, state: 1, reward: 2, terminated: true }];
    if (action === 1) return [{ probability: 1, state: 1, reward: 5, terminated: true }];
    return [
      { probability: 0.9, state: 0, reward: 1, terminated: false },
      { probability: 0.1, state: 1, reward: 0, terminated: false },
    ];
  },
};

describe("backups, by hand", () => {
  it("Q from V", () => {
    expectClose(actionValues(tiny, [10, 4], 0.5), [0.9 * (1 + 5) + 0.1 * 2, 5, 2, 2]);
  });

  it("V from Q, expected, best and best among ε-soft policies", () => {
    expectClose(expectedValues([1, 3, 4, 8], Float64Array.of(0.25, 0.75, 1, 0), 2), [2.5, 4]);
    expectClose(bestValues([1, 3, 4, 8], 2), [3, 8]);
    expectClose(bestValues([1, 3, 4, 8], 2, 0.5), [2.5, 7]);
  });

  it("the residual is the largest difference", () => {
    expect(residual([1, 2, 3], [1, 5, 2])).toBe(3);
  });
});

describe("the finite horizon", () => {
  // By hand, from the end: V_3 = 0; Q_2 = [0.9, 5, 2, 2]; Q_1(0, 0) = 0.9 (1 + 5) + 0.1 · 2; Q_0(0, 0) from V_1(0) = 5.6.
  const best = finiteHorizon(tiny, { horizon: 3 });

  it("gives V_t and Q_t of the optimum", () => {
    expect(best.values.map((table) => table.length)).toEqual([2, 2, 2, 2]);
    expectClose(best.q[2], [0.9, 5, 2, 2]);
    expectClose(best.values[2], [5, 2]);
    expectClose(best.q[1], [5.6, 5, 2, 2]);
    expectClose(best.q[0], [0.9 * 6.6 + 0.2, 5, 2, 2]);
    expectClose(best.values[3], [0, 0]);
  });

  it("gives a policy that changes when few steps are left", () => {
    expect(best.policy.map((table) => greedyActions(table, 2)[0])).toEqual([[0], [0], [1]]);
  });

  it("gives V_t of a policy", () => {
    const { values } = finiteHorizon(tiny, { horizon: 2, policy: uniformPolicy(tiny) });
    expectClose(values[1], [(0.9 + 5) / 2, 2]);
    expectClose(values[0], [(0.9 * (1 + 2.95) + 0.2 + 5) / 2, 2]);
  });

  it("comes to the discounted values when it is long", () => {
    const mdp = storedMdp("FrozenLake-v1", { map_name: "4x4", is_slippery: true });
    const { values } = finiteHorizon(mdp, { horizon: 2500, gamma: 0.99 });
    expectClose(values[0], exactValues[0].optimalV);
    // Control: a hundred steps are not enough.
    expect(residual(values[2400], exactValues[0].optimalV)).toBeGreaterThan(1e-3);
  });
});

describe("the best ε-soft policy", () => {
  const mdp = storedMdp("CliffWalking-v1", {});
  const { values, policy } = valueIteration(mdp, { gamma: 0.99, epsilon: 0.1 });

  it("has the value that its evaluation finds", () => {
    expectClose(evaluatePolicy(mdp, softened(policy, mdp.actions, 0.1), { gamma: 0.99 }), values);
  });

  it("is better than the best policy with ε added: it keeps away from the cliff", () => {
    const brink = softened(valueIteration(mdp, { gamma: 0.99 }).policy, mdp.actions, 0.1);
    const onTheBrink = valueAtStart(mdp, evaluatePolicy(mdp, brink, { gamma: 0.99 }));
    expect(valueAtStart(mdp, values)).toBeGreaterThan(onTheBrink + 10);
  });
});

describe("what cannot be", () => {
  const circle: FiniteMdp = {
    states: 1,
    actions: 1,
    initial: [1],
    outcomes: () => [{ probability: 1, state: 0, reward: 1, terminated: false }],
  };

  it("a value without discount where nothing ever ends", () => {
    expect(() => evaluatePolicy(circle, uniformPolicy(circle), { gamma: 1 })).toThrow(ConfigError);
    expect(() => policyIteration(circle, { gamma: 1 })).toThrow(/^gamma must be below 1, because/);
    expect(() => valueIteration(circle, { gamma: 1, maxSweeps: 1000 })).toThrow(RunError);
    expectClose(evaluatePolicy(circle, uniformPolicy(circle), { gamma: 0.98 }), [50]);
  });

  it("tables of another size, and numbers out of range", () => {
    expect(() => actionValues(tiny, [1], 0.9)).toThrow(ShapeError);
    expect(() => evaluatePolicy(tiny, new Float64Array(3), { gamma: 0.9 })).toThrow(/^policy must be 4 numbers long/);
    expect(() => valueIteration(tiny, { gamma: 1.1 })).toThrow(ConfigError);
    expect(() => softened(uniformPolicy(tiny), 2, -1)).toThrow(ConfigError);
    expect(() => finiteHorizon(tiny, { horizon: 0 })).toThrow(/^horizon must be a positive integer; got 0$/);
  });
});
