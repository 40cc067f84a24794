import { describe, expect, it } from "vitest";
import { type AnyEnv, makeEnv } from "../envs/index.ts";
import { Key } from "../random/index.ts";
import { Discrete } from "../spaces/index.ts";
import { backward, step, tensor } from "../tensor/index.ts";
import { evaluate, parseConfig, type RunInput, train } from "../training/index.ts";
import { ActorCritic } from "./actor-critic.ts";
import { supervisedLoss } from "./supervised.ts";

/** The last metrics of a run, and the share of right answers on images that it never saw. */
function learn(config: Partial<RunInput>, makeDigits?: () => AnyEnv) {
  const given = { algorithm: "supervised", env: "Digits-v0", ...config };
  const run = train(given, makeDigits && { makeEnv: makeDigits });
  let metrics: Record<string, number> = {};
  for (const iteration of run) metrics = iteration.metrics;
  return { run, metrics, unseen: evaluate(run.policy, { env: "DigitsUnseen-v0", episodes: 1000, seed: 7 }).mean };
}

describe("supervised learning of digits", () => {
  it("recognises at least 96 % of the unseen ones, on five seeds", () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { metrics, unseen } = learn({ seed });
      expect(metrics["heldOut/accuracy"], `seed ${seed}`).toBeGreaterThanOrEqual(0.96);
      // The same images, drawn with replacement: within four standard errors.
      expect(Math.abs(unseen - metrics["heldOut/accuracy"]!)).toBeLessThan(4 * Math.sqrt((0.97 * 0.03) / 1000));
      expect(metrics["episode/return"]).toBeGreaterThanOrEqual(0.95);
    }
  });

  it("learns nothing about them from labels that are shuffled", () => {
    const makeShuffled = () => {
      const env = makeEnv("Digits-v0");
      const random = Key.fromSeed(1).stream();
      const { observationSpace, actionSpace, labels } = env;
      const shuffled = { heldOut: labels!.heldOut!, current: () => random.integer(10) };
      const { reset, step } = { reset: env.reset.bind(env), step: env.step.bind(env) };
      return { observationSpace, actionSpace, labels: shuffled, reset, step };
    };
    const { steps, ...tuned } = parseConfig({ algorithm: "supervised", env: "Digits-v0" });
    const { metrics } = learn({ ...tuned, env: "shuffled", steps: 20_000, seed: 1 }, makeShuffled);
    expect(metrics["heldOut/accuracy"]).toBeLessThan(0.2);
    expect(steps).toBeGreaterThan(20_000);
  });

  it("is told more than who learns from rewards: REINFORCE knows less after the same images", () => {
    const shared = { steps: 20_000, seed: 1, activation: "relu", preset: "none" } as const;
    const taught = learn({ ...shared, nEnvs: 32, nSteps: 32, learningRate: 3e-3 });
    const rewarded = learn({ ...shared, algorithm: "reinforce", nEnvs: 64, learningRate: 3e-3 });
    expect(taught.unseen).toBeGreaterThan(0.94);
    expect(rewarded.unseen).toBeLessThan(taught.unseen);
    expect(rewarded.unseen).toBeGreaterThan(0.15);
  });
});

describe("the supervised loss", () => {
  const network = new ActorCritic({
    observationSize: 3,
    actionSpace: new Discrete(4),
    hidden: [],
    activation: "tanh",
    critic: "none",
    orthogonalInit: false,
    logStdInit: 0,
    key: Key.fromSeed(2),
  });
  const examples = [0.5, -1, 2, 1, 0, -0.5];

  it("is the cross entropy, with the gradient (softmax − label)·input", () => {
    const { "policy.head.weight": weight, "policy.head.bias": bias } = network.parameters();
    const labels = [3, 1];
    const { loss, gradient } = step(() => {
      const total = supervisedLoss(network, tensor(examples, [2, 3]), tensor(labels, [2], "int32"));
      return { loss: total, gradient: backward(total).of(weight!) };
    });
    let expected = 0;
    const slope = new Float64Array(12);
    for (let i = 0; i < 2; i++) {
      const input = examples.slice(3 * i, 3 * i + 3);
      const logits = Array.from({ length: 4 }, (_, k) =>
        input.reduce((sum, x, j) => sum + x * weight!.data[3 * k + j]!, bias!.data[k]!),
      );
      const normaliser = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
      expected -= (logits[labels[i]!]! - Math.log(normaliser)) / 2;
      logits.forEach((logit, k) => {
        input.forEach((x, j) => {
          slope[3 * k + j]! += ((Math.exp(logit) / normaliser - Number(k === labels[i])) * x) / 2;
        });
      });
    }
    expect(loss.item()).toBeCloseTo(expected, 6);
    slope.forEach((value, i) => {
      expect(gradient.data[i]).toBeCloseTo(value, 6);
    });
  });
});

describe("the supervised algorithm", () => {
  it("refuses environments without labels, and what it has no use for", () => {
    expect(() => parseConfig({ algorithm: "supervised", env: "CartPole-v1" })).toThrow(
      "env must be an environment with labels, the right action for every observation, which supervised learns from; got " +
        '"CartPole-v1". CartPole-v1 has none: use ',
    );
    // Else it would learn from the images that it is tested on.
    expect(() => parseConfig({ algorithm: "supervised", env: "DigitsUnseen-v0" })).toThrow(
      /^env must be an environment with labels, .*; got "DigitsUnseen-v0"\. DigitsUnseen-v0 has none: use ppo/,
    );
    const masked = () => Object.assign(makeEnv("Digits-v0"), { actionMask: () => new Uint8Array(10).fill(1) });
    expect(() => train({ algorithm: "supervised" }, { makeEnv: masked })).toThrow(
      /^env must be an environment without action masks, which supervised does not keep to/,
    );
    const refusal = (config: object) => () => parseConfig({ algorithm: "supervised", env: "Digits-v0", ...config });
    expect(refusal({ gamma: 0.9 })).toThrow("gamma must be 0; got 0.9");
    expect(refusal({ normalizeReward: true })).toThrow("normalizeReward must be false; got true");
  });
});
