import { describe, expect, it } from "vitest";
import { type AnyEnv, makeEnv } from "../../envs/index.ts";
import { Box } from "../../spaces/index.ts";
import { add, affine, noGrad, reshape, step, tensor } from "../../tensor/index.ts";
import { evaluate, loadPolicy, parseConfig, train } from "../../training/index.ts";
import type { ActorCriticPolicy } from "../actor-critic-policy.ts";
import type { BoundedActorCritic } from "./bounded-actor-critic.ts";

const algorithm = "analytic-policy-gradient";

/** Trains as tuned, and evaluates as `limpid evaluate` does. */
function learn(env: string, seed: number, config: Record<string, unknown> = {}) {
  const run = train({ algorithm, env, seed, ...config });
  for (const _ of run);
  return { run, evaluation: evaluate(run.policy, { env, episodes: 20, seed: 7 }) };
}

describe("the analytic policy gradient on Pendulum-v1", () => {
  it("reaches −200 with a tenth of the samples of PPO's preset", () => {
    const samples = parseConfig({ algorithm: "ppo", env: "Pendulum-v1" }).steps / 10;
    for (const seed of [1, 2, 3, 4, 5]) {
      const { run, evaluation } = learn("Pendulum-v1", seed);
      expect(run.step).toBeLessThanOrEqual(samples);
      expect(evaluation.mean, `seed ${seed}`).toBeGreaterThanOrEqual(-200);
    }
  });

  it("would stay far from it without the gradient that flows through the states", () => {
    const makeBlind = () => {
      const env = makeEnv("Pendulum-v1");
      const { dynamics, state } = env.differentiable!;
      // Where the next state does not depend on the action, only its price is left to learn from.
      const step: typeof dynamics.step = (states, actions) => ({
        ...dynamics.step(states, actions),
        states: dynamics.step(states, affine(actions, 0, 0)).states,
      });
      return { ...withMethodsOf(env), differentiable: { dynamics: { ...dynamics, step }, state } };
    };
    const { steps, ...tuned } = parseConfig({ algorithm, env: "Pendulum-v1" });
    const run = train({ ...tuned, env: "blind", steps, seed: 1 }, { makeEnv: makeBlind });
    for (const _ of run);
    expect(evaluate(run.policy, { env: "Pendulum-v1", episodes: 20, seed: 7 }).mean).toBeLessThan(-800);
  });
});

/** A copy of an environment as a plain object. */
function withMethodsOf(env: AnyEnv): AnyEnv {
  const { observationSpace, actionSpace } = env;
  return { observationSpace, actionSpace, reset: (options) => env.reset(options), step: (action) => env.step(action) };
}

describe("the analytic policy gradient on PointMass-v0", () => {
  /** The best linear policy for an unlimited force, by the Riccati recursion over the 100 steps of one axis, played with limits. */
  function bestLinear(): number {
    const env = makeEnv("PointMass-v0");
    const gains = riccati(100);
    const policy = {
      act: (observation: ArrayLike<number>) => {
        const [forPosition, forVelocity] = gains[0]!;
        const force = (axis: number) => -(forPosition * observation[axis]! + forVelocity * observation[axis + 2]!);
        return [0, 1].map((axis) => Math.min(Math.max(force(axis), -1), 1));
      },
      reseed: () => {},
      observationSpace: env.observationSpace,
      actionSpace: env.actionSpace,
    };
    return evaluate(policy as never, { env: "PointMass-v0", episodes: 20, seed: 7 }).mean;
  }

  it("is within 2 % of the linear regulator that optimal control gives", () => {
    const reference = bestLinear();
    for (const seed of [1, 2, 3]) {
      const { evaluation, run } = learn("PointMass-v0", seed);
      expect(evaluation.mean, `seed ${seed}`).toBeGreaterThan(1.02 * reference);
      expect(evaluate(loadPolicy(run.checkpoint()), { env: "PointMass-v0", episodes: 20, seed: 7 })).toEqual(
        evaluation,
      );
    }
  });
});

/** Gains (for position, for velocity) of the finite-horizon linear quadratic regulator, first step first. */
function riccati(steps: number): [number, number][] {
  const [a, b, q, r] = [[1, 0.1, 0, 1], [0.01, 0.1], [1, 0.1], 0.01] as const;
  let p = [0, 0, 0, 0];
  const gains: [number, number][] = [];
  for (let t = 0; t < steps; t++) {
    const pa = [
      p[0]! * a[0] + p[1]! * a[2],
      p[0]! * a[1] + p[1]! * a[3],
      p[2]! * a[0] + p[3]! * a[2],
      p[2]! * a[1] + p[3]! * a[3],
    ];
    const pb = [p[0]! * b[0] + p[1]! * b[1], p[2]! * b[0] + p[3]! * b[1]];
    const scale = 1 / (r + b[0] * pb[0]! + b[1] * pb[1]!);
    const k: [number, number] = [scale * (b[0] * pa[0]! + b[1] * pa[2]!), scale * (b[0] * pa[1]! + b[1] * pa[3]!)];
    const apb = [a[0] * pb[0]! + a[2] * pb[1]!, a[1] * pb[0]! + a[3] * pb[1]!];
    p = [
      q[0] + a[0] * pa[0]! + a[2] * pa[2]! - apb[0]! * k[0],
      a[0] * pa[1]! + a[2] * pa[3]! - apb[0]! * k[1],
      a[1] * pa[0]! + a[3] * pa[2]! - apb[1]! * k[0],
      q[1] + a[1] * pa[1]! + a[3] * pa[3]! - apb[1]! * k[1],
    ];
    gains.unshift(k);
  }
  return gains;
}

/** Reward 1 for ever, cut after 8 steps; `terminates` pretends that the task ends there. */
function rewardForEver(terminates: boolean): AnyEnv {
  let t = 0;
  const result = () => ({ observation: [0], info: {} });
  return {
    observationSpace: new Box(-1, 1),
    actionSpace: new Box(-1, 1),
    differentiable: {
      state: () => [0],
      dynamics: {
        stateSize: 1,
        step: (states, actions) => ({
          states: add(states, affine(actions, 0, 0)),
          rewards: reshape(affine(actions, 0, 1), [-1]),
        }),
        observe: (states) => states,
      },
    },
    reset() {
      t = 0;
      return result();
    },
    step() {
      const isOver = ++t === 8;
      return { ...result(), reward: 1, terminated: isOver && terminates, truncated: isOver && !terminates };
    },
  };
}

describe("the value of the analytic policy gradient", () => {
  function valueAfterTraining(terminates: boolean, seed: number): number {
    const config = { algorithm, gamma: 0.98, nEnvs: 4, nSteps: 8, nCriticUpdates: 64, gaeLambda: 1, seed };
    const run = train(
      { ...config, steps: 8000, learningRate: "lin_0.01" },
      { makeEnv: () => rewardForEver(terminates) },
    );
    for (const _ of run);
    const { network } = run.policy as ActorCriticPolicy<BoundedActorCritic>;
    return step(() => noGrad(() => network.values(tensor([[0]])).item()));
  }

  it("goes on where an episode was cut off: 1 / (1 − 0.98) = 50", () => {
    for (const seed of [1, 2, 3]) {
      expect(Math.abs(valueAfterTraining(false, seed) - 50), `seed ${seed}`).toBeLessThan(1);
    }
  });

  it("would fail there without bootstrapping: the same episodes, said to terminate", () => {
    expect(valueAfterTraining(true, 1)).toBeLessThan(9);
  });
});

describe("the analytic policy gradient", () => {
  const first = (config: Record<string, unknown>) =>
    train({ algorithm, env: "Pendulum-v1", preset: "none", ...config }).iterate();

  it("counts the environments' steps, and apart from them what it computes through the dynamics", () => {
    const { step, metrics } = first({ nEnvs: 3, nSteps: 30, nEpochs: 4 });
    expect(step).toBe(90);
    expect(metrics["dynamics/steps"]).toBe(360);
    expect(metrics["dynamics/mismatch"]).toBeLessThan(1e-4);
  });

  it("ends a window with the first episode in it", () => {
    const run = train({ algorithm, env: "Pendulum-v1", preset: "none", nSteps: 150, steps: 1000 });
    const steps = Array.from({ length: 5 }, () => run.iterate().step);
    expect(steps).toEqual([150, 200, 350, 400, 550]);
  });

  it("has its environments in common with PPO, which learns there from rewards alone, and slower", () => {
    const known = learn("PointMass-v0", 1);
    const run = train({ algorithm: "ppo", env: "PointMass-v0", seed: 1 });
    const untrained = evaluate(run.policy, { env: "PointMass-v0", seed: 7 }).mean;
    while (run.step < 60_000) run.iterate();
    const { mean } = evaluate(run.policy, { env: "PointMass-v0", seed: 7 });
    expect(untrained).toBeLessThan(-50);
    expect(mean).toBeGreaterThan(-8);
    expect(mean).toBeLessThan(known.evaluation.mean - 0.1);
  });

  it("refuses what it cannot learn in, in a sentence", () => {
    const refusal = (config: Record<string, unknown>) => () => parseConfig({ algorithm, ...config });
    expect(refusal({ env: "MountainCarContinuous-v0" })).toThrow(
      "env must be an environment with dynamics that can be differentiated, which analytic-policy-gradient follows the gradient " +
        'through; got "MountainCarContinuous-v0". MountainCarContinuous-v0 has none: use ',
    );
    expect(refusal({ env: "CartPole-v1" })).toThrow(/whose action space analytic-policy-gradient can use \(box\)/);
    expect(refusal({ env: "Pendulum-v1", normalizeObservation: true })).toThrow(
      "normalizeObservation must be false; got true",
    );
    const unbounded = () => {
      const env = makeEnv("PointMass-v0");
      return {
        ...withMethodsOf(env),
        actionSpace: new Box(-Infinity, Infinity, [2]),
        differentiable: env.differentiable,
      };
    };
    expect(() => train({ algorithm }, { makeEnv: unbounded })).toThrow(
      /^action space of custom must be a bounded Box; got /,
    );
  });
});
