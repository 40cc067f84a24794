import { describe, expect, it } from "vitest";
import { nStepReturn, rewardToGo } from "../../estimators/index.ts";
import { BestActions } from "../../exploration/index.ts";
import { doubleQLearningUpdate } from "./double-q-learning.ts";
import { expectedSarsaUpdate } from "./expected-sarsa.ts";
import { mcControlUpdate } from "./mc-control.ts";
import { mcPredictionUpdate } from "./mc-prediction.ts";
import { makeWaiting, nStepTdUpdate } from "./n-step-td.ts";
import { offPolicyEvaluationUpdate } from "./off-policy-evaluation.ts";
import { qLearningUpdate } from "./q-learning.ts";
import { RunningEpisodes } from "./running-episodes.ts";
import { sarsaUpdate } from "./sarsa.ts";
import { makeTable } from "./tables.ts";
import type { TabularStep } from "./tabular-learner.ts";
import { tdUpdate } from "./td.ts";
import { tdLambdaUpdate } from "./td-lambda.ts";
import { ValueTable } from "./value-table.ts";

interface Transition {
  readonly state: number;
  readonly action?: number;
  readonly reward: number;
  readonly next: number;
  readonly end?: "terminated" | "truncated";
}

/** One transition in each of some environments. */
function stepOf(...transitions: Transition[]): TabularStep {
  const flags = (end: Transition["end"]) => Uint8Array.from(transitions, (transition) => +(transition.end === end));
  return {
    count: transitions.length,
    states: Int32Array.from(transitions, ({ state }) => state),
    actions: Float32Array.from(transitions, ({ action = 0 }) => action),
    rewards: Float64Array.from(transitions, ({ reward }) => reward),
    nextStates: Int32Array.from(transitions, ({ next }) => next),
    terminated: flags("terminated"),
    truncated: flags("truncated"),
    observed: Int32Array.from(transitions, ({ next }) => next),
  };
}

function tableOf(shape: number[], values: number[], visitsToHalve: number | null = null): ValueTable {
  const table = new ValueTable(shape, { visitsToHalve, initialValue: 0 });
  table.data.set(values);
  table.learningRate = 0.5;
  return table;
}

/** Two states, two actions: Q = [[1, 4], [10, 2]]. */
const q = () => tableOf([2, 2], [1, 4, 10, 2]);
const going: Transition = { state: 0, action: 1, reward: 2, next: 1 };
const ending: Transition = { ...going, end: "terminated" };
const cut: Transition = { ...going, end: "truncated" };

describe("the table", () => {
  it("moves an estimate towards its target, by α of the way", () => {
    const table = tableOf([1], [10]);
    table.update(0, 20);
    expect(table.data[0]).toBe(15);
    table.update(0, 15);
    expect(table.takeError()).toBe(5);
    expect(table.takeError()).toBeNaN();
  });

  it("is the plain average with α = 1 that halves after one visit", () => {
    const table = tableOf([1], [100], 1);
    table.learningRate = 1;
    for (const target of [3, 5, 10, 6]) table.update(0, target);
    expect(table.data[0]).toBeCloseTo(6, 12);
  });

  it("lets α fall to a half after k visits more", () => {
    const table = tableOf([1], [0], 10);
    for (let n = 0; n < 11; n++) table.visit(0);
    expect(table.stepSize(0)).toBe(0.25);
  });

  it("control: with the sign that course notes sometimes print, V ← V + α (V − r − γ V′) explodes", () => {
    const right = tableOf([1], [0]);
    let wrong = 0;
    for (let i = 0; i < 100; i++) {
      tdUpdate(right, stepOf({ state: 0, reward: 1, next: 0 }), 0.5);
      wrong += 0.5 * (wrong - (1 + 0.5 * wrong));
    }
    expect(right.data[0]).toBeCloseTo(2, 6);
    expect(Math.abs(wrong)).toBeGreaterThan(1e6);
  });
});

describe.each([
  ["goes on", going, 1],
  ["was cut off, with the estimate of its last state", cut, 1],
  ["terminated, with nothing", ending, 0],
] as const)("an episode that %s: one update, by hand", (_name, transition, factor) => {
  const step = stepOf(transition);
  /** Q(0, 1) = 4 goes half of the way to 2 + 0.5 · `bootstrap`. */
  const moved = (bootstrap: number) => 4 + 0.5 * (2 + 0.5 * factor * bootstrap - 4);
  const even = { expectedValue: () => 7 };

  it("Q-learning: the best next action", () => {
    const table = q();
    qLearningUpdate(table, new BestActions(table.data, 2), step, 0.5);
    expect([...table.data]).toEqual([1, moved(10), 10, 2]);
  });

  it("SARSA: the next action; where there is none, what the policy expects", () => {
    const table = q();
    sarsaUpdate(table, step, [1], even, 0.5);
    expect([...table.data]).toEqual([1, moved(transition === cut ? 7 : 2), 10, 2]);
  });

  it("expected SARSA: what the policy expects", () => {
    const table = q();
    expectedSarsaUpdate(table, step, even, 0.5);
    expect([...table.data]).toEqual([1, moved(7), 10, 2]);
  });

  it("off-policy evaluation: what the other policy expects", () => {
    const table = q();
    offPolicyEvaluationUpdate(table, { shape: [2, 2], data: Float64Array.of(0, 1, 0.25, 0.75) }, step, 0.5);
    expect([...table.data]).toEqual([1, moved(4), 10, 2]);
  });

  it("double Q-learning: one table's best next action, as the other rates it", () => {
    const tables = { q1: q(), q2: tableOf([2, 2], [0, 0, 3, 30]), q: makeTable([2, 2]) };
    doubleQLearningUpdate(tables, step, 0.5, [0.4]);
    expect([...tables.q1.data]).toEqual([1, moved(3), 10, 2]);
    expect([...tables.q2.data]).toEqual([0, 0, 3, 30]);
    expect(tables.q.data[1]).toBe(moved(3) / 2);
    doubleQLearningUpdate(tables, step, 0.5, [9, 0.6], 1);
    // The second table's best next action is 1, which the first rates 2.
    expect(tables.q2.data[1]).toBe(0.5 * (2 + 0.5 * factor * 2));
  });

  it("TD(0)", () => {
    const values = tableOf([2], [4, 10]);
    tdUpdate(values, step, 0.5);
    expect([...values.data]).toEqual([moved(10), 10]);
  });

  it("Monte Carlo: the return", () => {
    const options = { gamma: 0.5, visits: "first", maxEpisodeSteps: 100 } as const;
    const values = tableOf([2], [4, 10]);
    mcPredictionUpdate(values, new RunningEpisodes(1, 2), step, options);
    // Nothing is learned before the end.
    expect([...values.data]).toEqual([transition === going ? 4 : moved(10), 10]);
    const table = q();
    mcControlUpdate(table, new RunningEpisodes(1, 4), step, even, options);
    expect([...table.data]).toEqual([1, transition === going ? 4 : moved(7), 10, 2]);
  });
});

it("transitions of one step are learned from one after the other", () => {
  const values = tableOf([2], [0, 10]);
  tdUpdate(values, stepOf({ state: 0, reward: 0, next: 1 }, { state: 1, reward: 0, next: 0 }), 1);
  expect([...values.data]).toEqual([5, 7.5]);
});

/** Two environments, states 0 to 4; the second one's episode ends earlier, once cut off. */
const episodes: Transition[][] = [
  [
    { state: 0, reward: 1, next: 1 },
    { state: 3, reward: 5, next: 4 },
  ],
  [
    { state: 1, reward: 2, next: 0 },
    { state: 4, reward: 6, next: 2, end: "truncated" },
  ],
  [
    { state: 0, reward: 3, next: 2 },
    { state: 3, reward: 7, next: 3 },
  ],
  [
    { state: 2, reward: 4, next: 1, end: "terminated" },
    { state: 3, reward: 8, next: 0, end: "truncated" },
  ],
];
const V = [0.5, 1.5, 2.5, 3.5, 4.5];

/** The same as estimators take them; V does not change, so each target can be read from what one update moved. */
const transitions = {
  steps: 4,
  envs: 2,
  rewards: Float64Array.from(episodes.flat(), ({ reward }) => reward),
  nextValues: Float64Array.from(episodes.flat(), ({ next }) => V[next]!),
  terminated: Uint8Array.from(episodes.flat(), ({ end }) => +(end === "terminated")),
  truncated: Uint8Array.from(episodes.flat(), ({ end }) => +(end === "truncated")),
};

/** A table that notes its targets and stays as it is. */
class Noting extends ValueTable {
  readonly targets: [state: number, target: number][] = [];

  constructor() {
    super([5], { visitsToHalve: null, initialValue: 0 });
    this.data.set(V);
  }

  override update(i: number, target: number): void {
    this.targets.push([i, target]);
  }
}

const expectedTargets = (returns: Float64Array) => episodes.flat().map(({ state }, i) => [state, returns[i]]);
const sorted = (targets: unknown[]) => targets.map((target) => JSON.stringify(target)).sort();

describe("targets that reach over several steps", () => {
  it.each([1, 2, 3, 10])("%d-step TD: those of nStepReturn", (n) => {
    const values = new Noting();
    const waiting = makeWaiting(2, n);
    for (const row of episodes) nStepTdUpdate(values, waiting, stepOf(...row), 0.5);
    const expected = expectedTargets(nStepReturn(transitions, { gamma: 0.5, n }));
    expect(sorted(values.targets)).toEqual(sorted(expected));
  });

  const play = (visits: "first" | "every", maxEpisodeSteps = 100) => {
    const values = new Noting();
    const running = new RunningEpisodes(2, 5);
    for (const row of episodes) {
      mcPredictionUpdate(values, running, stepOf(...row), { gamma: 0.5, visits, maxEpisodeSteps });
    }
    return values.targets;
  };
  const returns = rewardToGo(transitions, { gamma: 0.5 });

  it("every-visit Monte Carlo: those of rewardToGo", () => {
    expect(sorted(play("every"))).toEqual(sorted(expectedTargets(returns)));
  });

  it("first-visit Monte Carlo: those of first visits alone", () => {
    // State 0 is seen again in step 2 of the first environment, state 3 in the last step of the second.
    const first = expectedTargets(returns).filter((_, i) => i !== 4 && i !== 7);
    expect(sorted(play("first"))).toEqual(sorted(first));
  });

  it("Monte Carlo cuts what is longer than maxEpisodeSteps", () => {
    const pieces = play("every", 1);
    expect(sorted(pieces)).toEqual(sorted(expectedTargets(nStepReturn(transitions, { gamma: 0.5, n: 1 }))));
  });

  it("TD(λ): each error reaches what was visited before, by (γλ)^k; replacing traces do not add up", () => {
    const walk: Transition[] = [
      { state: 0, reward: 1, next: 0 },
      { state: 0, reward: 0, next: 1 },
    ];
    const learn = (traces: "accumulating" | "replacing") => {
      const values = tableOf([2], [0, 10]);
      const eligibility = makeTable([1, 2]);
      for (const transition of walk) {
        tdLambdaUpdate(values, eligibility, stepOf(transition), { gamma: 1, lambda: 0.5, traces });
      }
      return values.data[0];
    };
    // δ₁ = 1, V = 0.5; δ₂ = 10 − 0.5 = 9.5, with a trace of 0.5 + 1 or of 1.
    expect(learn("accumulating")).toBe(0.5 + 0.5 * 9.5 * 1.5);
    expect(learn("replacing")).toBe(0.5 + 0.5 * 9.5);
  });

  it("TD(λ) forgets at the end of an episode", () => {
    const values = tableOf([2], [0, 0]);
    const eligibility = makeTable([1, 2]);
    for (const end of ["terminated", "truncated"] as const) {
      tdLambdaUpdate(values, eligibility, stepOf({ state: 0, reward: 0, next: 1, end }), {
        gamma: 1,
        lambda: 1,
        traces: "accumulating",
      });
      expect([...eligibility.data]).toEqual([0, 0]);
    }
  });
});
