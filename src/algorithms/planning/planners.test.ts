import { describe, expect, it } from "vitest";
import { exactValues, storedMdp } from "../../../test/support/toy-text.ts";
import { DynamicsEnv } from "../../envs/dynamics-env.ts";
import { type AnyEnv, type FiniteMdp, finiteDynamics, makeEnv as makeRegistered } from "../../envs/index.ts";
import { finiteHorizon, valueAtStart } from "../../estimators/index.ts";
import { evaluate, loadPolicy, metricDefinition, type RunInput, resumeRun, train } from "../../training/index.ts";

/** Whole runs: the tables that they end with. */
function planned(config: RunInput, mdp?: FiniteMdp) {
  const makeEnv =
    mdp &&
    (() =>
      new DynamicsEnv(
        "Stored",
        finiteDynamics(mdp, () => undefined),
      ) as AnyEnv);
  const run = train(config, { makeEnv });
  let last: Readonly<Record<string, number>> = {};
  for (const { metrics } of run) last = metrics;
  const { values, q, policy } = run.policy.parameters();
  return { run, last, values: [...values!.data].map(Number), q: [...q!.data].map(Number), policy: policy!.data };
}

function expectClose(actual: readonly number[], expected: readonly number[], tolerance = 1e-9): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!), `entry ${i}`).toBeLessThanOrEqual(tolerance * (1 + Math.abs(expected[i]!)));
  });
}

const cases = exactValues.map((exact) => ({
  name: `${exact.envId} ${JSON.stringify(exact.kwargs)} ${exact.gamma}`,
  exact,
}));

describe.each(cases)("$name", ({ exact }) => {
  const mdp = storedMdp(exact.envId, exact.kwargs);
  const tight = { gamma: exact.gamma, tolerance: 1e-13 };

  it("value iteration and policy iteration end with V*, Q* and the greedy policy", () => {
    for (const config of [
      { algorithm: "value-iteration", ...tight },
      { algorithm: "policy-iteration", gamma: exact.gamma },
    ]) {
      const { run, values, q, policy } = planned(config, mdp);
      expect(run.done).toBe(true);
      expectClose(values, exact.optimalV);
      expectClose(q, exact.optimalQ.flat());
      exact.greedyActions.forEach((best, state) => {
        const chosen = best.filter((action) => policy[state * mdp.actions + action] === 1);
        expect(chosen.length, `state ${state}`).toBe(1);
        const action = run.policy.act(state, { deterministic: true });
        expect(best).toContain(action);
        if (config.algorithm === "value-iteration") expect(action).toBe(best[0]);
      });
    }
  });
});

// Without discount the uniform policy takes some hundred thousand sweeps.
describe.each(cases.filter(({ exact }) => exact.gamma < 1))("$name", ({ exact }) => {
  it("policy evaluation ends with V of the uniform policy", () => {
    const { gamma, envId, kwargs } = exact;
    const config = { algorithm: "policy-evaluation", policy: "uniform", gamma, tolerance: 1e-13 } as const;
    const { values } = planned(config, storedMdp(envId, kwargs));
    expectClose(values, exact.uniformRandomPolicyV, 1e-8);
  });
});

describe("planning over a finite horizon", () => {
  const horizon = 20;
  const common = { env: "FrozenLake-v1", gamma: 1, horizon };
  const mdp = storedMdp("FrozenLake-v1", { map_name: "4x4", is_slippery: true });

  it("gives V_t and Q_t of the optimum and of a policy, one step in each sweep", () => {
    for (const [config, policy] of [
      [{ algorithm: "value-iteration", ...common }, undefined],
      [{ algorithm: "policy-evaluation", ...common, policy: "uniform" }, new Float64Array(64).fill(0.25)],
    ] as const) {
      const { run, values, q } = planned(config);
      const exact = finiteHorizon(mdp, { horizon, policy });
      expect(run.step).toBe(horizon);
      expectClose(
        values,
        exact.values.slice(0, horizon).flatMap((table) => [...table]),
      );
      expectClose(
        q,
        exact.q.flatMap((table) => [...table]),
      );
    }
  });

  it("gives a policy that counts the steps of an episode", () => {
    const { run } = planned({ algorithm: "value-iteration", ...common });
    const exact = finiteHorizon(mdp, { horizon });
    const best = (t: number, state: number) => exact.policy[t]!.subarray(4 * state, 4 * state + 4).indexOf(1);
    const changing = [...Array(16).keys()].find((state) => best(0, state) !== best(horizon - 1, state))!;
    for (let episode = 0; episode < 2; episode++) {
      run.policy.reset?.();
      for (let t = 0; t < horizon; t++) {
        expect(run.policy.act(changing, { deterministic: true }), `step ${t}`).toBe(best(t, changing));
      }
    }
  });

  it("needs as many sweeps as steps", () => {
    expect(() => train({ algorithm: "value-iteration", ...common, steps: 19 })).toThrow(
      /^steps must be at least the horizon, 20: one sweep for each; got 19$/,
    );
  });
});

describe("a planner", () => {
  it("ends where nothing changes any more, reports registered metrics, and acts well", () => {
    for (const algorithm of ["value-iteration", "policy-iteration"]) {
      const { run, last } = planned({ algorithm, env: "Taxi-v4" });
      expect(run.step).toBeLessThan(50);
      expect(Object.keys(last).filter((name) => metricDefinition(name) === undefined)).toEqual([]);
      expect(last["value/start"]).toBeCloseTo(valueAtStart(storedMdp("Taxi-v4", {}), exactValues.at(-1)!.optimalV), 9);
      expect(evaluate(run.policy, { env: "Taxi-v4", episodes: 50 }).min).toBeGreaterThan(0);
      expect(() => run.iterate()).toThrow(/the run is done/);
    }
  });

  it("is saved and loaded, done or not", () => {
    const config = { algorithm: "value-iteration", env: "FrozenLake-v1" } as const;
    const whole = planned(config);
    const first = train(config);
    for (let i = 0; i < 3; i++) first.iterate();
    const second = resumeRun(first.checkpoint());
    for (const _ of second);
    expect(second.step).toBe(whole.run.step);
    expect(second.parametersSha256()).toBe(whole.run.parametersSha256());
    expect(resumeRun(second.checkpoint()).done).toBe(true);
    expect(loadPolicy(second.checkpoint()).act(0, { deterministic: true })).toBe(exactValues[0]!.greedyActions[0]![0]);
  });

  it("takes the best of what a mask allows, where it is asked to", () => {
    const { optimalQ, envId } = exactValues.at(-1)!;
    for (const algorithm of ["value-iteration", "policy-iteration"]) {
      const { policy } = planned({ algorithm, env: envId }).run;
      for (const deterministic of [true, false]) {
        const states = [...optimalQ.keys()].filter((state) => {
          const mask = new Uint8Array(6).fill(1);
          mask[policy.act(state, { deterministic: true }) as number] = 0;
          const rest = optimalQ[state]!.filter((_, action) => mask[action] === 1);
          const chosen = policy.act(state, { deterministic, mask }) as number;
          expect(mask[chosen]).toBe(1);
          expect(optimalQ[state]![chosen]!).toBeCloseTo(Math.max(...rest), 9);
          return Math.max(...rest) > rest[0]! + 1e-9;
        });
        // Control: the lowest action that is allowed would not do.
        expect(states.length).toBeGreaterThan(100);
      }
    }
  });

  it("refuses environments whose action masks it would not keep to", () => {
    const makeEnv = () =>
      Object.assign(makeRegistered("CliffWalking-v1"), { actionMask: () => Uint8Array.of(1, 1, 1, 1) });
    for (const algorithm of ["value-iteration", "policy-iteration", "policy-evaluation"]) {
      expect(() => train({ algorithm }, { makeEnv })).toThrow(
        new RegExp(
          `^env must be an environment without action masks, which ${algorithm} does not keep to; .* has them`,
        ),
      );
    }
  });

  it("refuses what it cannot plan, and says what could learn there", () => {
    expect(() => train({ algorithm: "value-iteration", env: "CartPole-v1" })).toThrow(
      /^env must be an environment whose observation space value-iteration can use \(discrete\); .* use ppo/,
    );
    const { model: _, ...blind } = new DynamicsEnv(
      "Blind",
      finiteDynamics(storedMdp("CliffWalking-v1", {}), () => {}),
    );
    const dynamics = { ...blind, model: undefined, reset: () => ({ observation: 0, info: {} }) } as unknown as AnyEnv;
    const step = () => ({ observation: 0, reward: 0, terminated: true, truncated: false, info: {} });
    const makeEnv = () => ({ ...dynamics, step });
    expect(() => train({ algorithm: "policy-iteration" }, { makeEnv })).toThrow(/with a model.*use ppo.*q-learning/);
    expect(() => train({ algorithm: "td", policy: "optimal" }, { makeEnv })).toThrow(
      /^policy must be "uniform"; got "optimal"\. The best policy is planned with the environment's model/,
    );
  });
});
