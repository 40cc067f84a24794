import { describe, expect, it } from "vitest";
import { ReplayBuffer } from "../../data/index.ts";
import { readSafetensors } from "../../nn/index.ts";
import { evaluate, type Run, type RunInput, resumeRun, train } from "../../training/index.ts";
import { NewestSampler } from "./newest-sampler.ts";

const small = {
  ...{ algorithm: "dqn", env: "CartPole-v1", preset: "none", seed: 1, steps: 400, hidden: [8] },
  ...{ learningStarts: 20, batchSize: 8, trainFreq: 1 },
} satisfies RunInput;

const started = (config: Record<string, unknown>) => train({ ...small, ...config });

/** Of the network and of the target network, the first weights. */
function weights(run: Run) {
  const { tensors } = readSafetensors(run.checkpoint());
  const learner = Object.keys(tensors).find((name) => /target\/.*0\.weight$/.test(name));
  const own = [...(run.policy.parameters()["0.weight"]!.data as Float32Array)];
  return { own, target: learner === undefined ? undefined : [...(tensors[learner]!.data as Float32Array)] };
}

describe("the target network", () => {
  it("is copied after every targetUpdateInterval steps, and stands still between", () => {
    // An iteration has 100 steps.
    const run = started({ targetUpdateInterval: 200 });
    const first = weights(run);
    run.iterate();
    const before = weights(run);
    expect(before.target).not.toEqual(before.own);
    expect(before.target).toEqual(first.target);
    run.iterate();
    const after = weights(run);
    expect(after.target).not.toEqual(before.target);
    // The gradient step that follows the copy has moved the network on already.
    const moved = after.own.map((value, i) => Math.abs(value - after.target![i]!));
    expect(Math.max(...moved)).toBeLessThan(3e-4);
  });

  it("counts steps of each environment", () => {
    const run = started({ targetUpdateInterval: 400, nEnvs: 4, trainFreq: 25, gradientSteps: 1 });
    const before = weights(run);
    run.iterate();
    expect(weights(run).target).toEqual(before.target);
    for (let i = 0; i < 3; i++) run.iterate();
    expect(weights(run).target).not.toEqual(before.target);
  });

  it("follows as a moving average by tau at each gradient step", () => {
    const run = started({ targetNetwork: "average", tau: 0.25, learningStarts: 99 });
    const before = weights(run);
    run.iterate();
    const after = weights(run);
    // One gradient step.
    after.target!.forEach((value, i) => {
      expect(value).toBeCloseTo(before.target![i]! + 0.25 * (after.own[i]! - before.target![i]!), 6);
    });
    expect(after.own).not.toEqual(before.own);
  });

  it("is none: nothing of it is saved", () => {
    expect(weights(started({ targetNetwork: "none" })).target).toBeUndefined();
  });
});

describe("exploration", () => {
  const epsilons = (config: Record<string, unknown>) =>
    [...started({ steps: 1000, ...config })].map(({ metrics }) => metrics["schedule/epsilon"]!);

  it("falls in a straight line over explorationFraction of the run, as in Stable-Baselines3", () => {
    const found = epsilons({ explorationFraction: 0.5, explorationInitialEps: 0.9, explorationFinalEps: 0.1 });
    const expected = [0.74, 0.58, 0.42, 0.26, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1];
    expect(found).toHaveLength(expected.length);
    for (const [i, epsilon] of expected.entries()) expect(found[i]).toBeCloseTo(epsilon, 6);
  });

  it("follows a schedule of its own", () => {
    const found = epsilons({ epsilon: "lin_0.5" });
    for (const [i, epsilon] of found.entries()) expect(epsilon).toBeCloseTo(0.5 * (0.9 - i / 10), 6);
  });

  it("of uniform behaviour leaves the learned policy greedy", () => {
    const run = started({ behavior: "uniform", exploration: "greedy" });
    for (const _ of run);
    const observation = [0.01, 0.02, -0.01, 0.03];
    const best = run.policy.act(observation, { deterministic: true });
    for (let i = 0; i < 20; i++) expect(run.policy.act(observation)).toBe(best);
  });

  it("by Boltzmann or noise is what the policy does where it may", () => {
    for (const config of [
      { exploration: "boltzmann", temperature: 10 },
      { exploration: "greedy", noisyNets: true, sigma0: 5 },
    ]) {
      const { policy } = started(config);
      const observation = [0.01, 0.02, -0.01, 0.03];
      const actions = Array.from({ length: 60 }, () => policy.act(observation));
      expect(new Set(actions).size).toBe(2);
      const best = policy.act(observation, { deterministic: true });
      for (let i = 0; i < 10; i++) expect(policy.act(observation, { deterministic: true })).toBe(best);
      const evaluated = () =>
        evaluate(policy, { env: "CartPole-v1", episodes: 3, seed: 5, deterministic: false }).returns;
      expect(evaluated()).toEqual(evaluated());
    }
  });
});

describe("without replay", () => {
  it("the newest transitions are learned from, each once", () => {
    const sizes = { envs: 2, observationSize: 1, actionShape: [], actionType: "int32", maskSize: 0 } as const;
    const buffer = new ReplayBuffer({ ...sizes, capacity: 6 });
    const sampler = new NewestSampler(buffer);
    const outcome = {
      observations: new Float32Array(2),
      finalObservations: new Float32Array(2),
      rewards: [0, 0],
      terminated: new Uint8Array(2),
      truncated: new Uint8Array(2),
    };
    const rows = new Int32Array(4);
    const drawn = () => {
      sampler.draw(rows, buffer.size, new Float32Array(4));
      return [...rows];
    };
    const add = () => {
      buffer.observe(outcome);
      buffer.record([0, 0], outcome);
    };
    add();
    expect(drawn()).toEqual([1, 0, 1, 0]);
    add();
    expect(drawn()).toEqual([3, 2, 1, 0]);
    add();
    expect(drawn()).toEqual([5, 4, 3, 2]);
    add();
    expect(drawn()).toEqual([1, 0, 5, 4]);
  });
});

it.each([false, true])("goes on for longer than the run was made for, prioritised %s", (prioritizedReplay) => {
  const run = started({ steps: 200, prioritizedReplay });
  for (const _ of run);
  const longer = resumeRun(run.checkpoint(), { steps: 400 });
  expect(longer.parametersSha256()).toBe(run.parametersSha256());
  for (const _ of longer);
  expect(longer.step).toBe(400);
  expect(longer.parametersSha256()).not.toBe(run.parametersSha256());
});

it("metrics are those of the iteration", () => {
  const run = started({ learningRate: 0, explorationFraction: 0 });
  const counts = [...run].map(({ metrics }) => metrics["update/count"]);
  expect(counts).toEqual([80, 180, 280, 380]);
});
