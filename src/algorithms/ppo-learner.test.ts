import { describe, expect, it } from "vitest";
import { IdentityEnv } from "../../test/support/identity-env.ts";
import { makeEnv } from "../envs/index.ts";
import { Key } from "../random/index.ts";
import { Box, Discrete } from "../spaces/index.ts";
import { parseConfig, train } from "../training/index.ts";
import { makeTrainingEnv, normalizerOf } from "../training/training-env.ts";
import { toEnvActions } from "./env-actions.ts";
import { type PpoConfig, ppo } from "./ppo.ts";

function metricsOf(config: Record<string, unknown>): Record<string, number>[] {
  return [...train({ algorithm: "ppo", env: "CartPole-v1", preset: "none", seed: 1, ...config })].map((i) => i.metrics);
}

describe("PPO", () => {
  it("follows schedules: progress is that after the rollout, as in Stable-Baselines3", () => {
    const all = metricsOf({
      steps: 1024,
      nSteps: 256,
      learningRate: "lin_0.004",
      entCoef: "lin_0.02",
      clipRange: { schedule: "linear", from: 0.3, to: 0.1 },
    });
    const expected = [0.75, 0.5, 0.25, 0];
    expect(all.map((m) => m["schedule/learningRate"])).toEqual(expected.map((progress) => 0.004 * progress));
    expect(all.map((m) => m["schedule/entCoef"])).toEqual(expected.map((progress) => 0.02 * progress));
    for (const [i, progress] of expected.entries()) {
      expect(all[i]!["schedule/clipRange"]).toBeCloseTo(0.1 + 0.2 * progress, 12);
    }
  });

  it.each(["CartPole-v1", "MountainCarContinuous-v0"])("a learning rate of 0 moves nothing: %s", (env) => {
    const run = train({ algorithm: "ppo", env, steps: 512, learningRate: 0 });
    const before = run.parametersSha256();
    // Probabilities at collection and in the update agree bit for bit, in batches of whatever size.
    for (const { metrics } of run) expect(metrics).toMatchObject({ "policy/approxKl": 0, "policy/clipFraction": 0 });
    expect(run.parametersSha256()).toBe(before);
  });

  it("the entropy's weight of the present iteration is in force, in the recorded update too", () => {
    const steps = { steps: 1024, nSteps: 512 };
    const falling = metricsOf({ ...steps, entCoef: { schedule: "linear", from: 0.04, to: 0 } });
    const fixed = metricsOf({ ...steps, entCoef: 0.02 });
    expect(falling[0]!["loss/total"]).toBe(fixed[0]!["loss/total"]);
    expect(falling[1]!["loss/total"]).not.toBe(fixed[1]!["loss/total"]);
  });

  it("the clip range of the present iteration is in force, in the recorded update too", () => {
    const steps = { steps: 1024, nSteps: 512 };
    const closing = metricsOf({ ...steps, clipRange: { schedule: "linear", from: 0, to: 0.5 } });
    const fixed = metricsOf({ ...steps, clipRange: 0.25 });
    expect(closing[0]!["loss/policy"]).toBe(fixed[0]!["loss/policy"]);
    expect(closing[1]!["loss/policy"]).not.toBe(fixed[1]!["loss/policy"]);
  });

  it("learns the same from bytes, skipping what is 0 or not, and with two networks or one", () => {
    for (const sharedNetwork of [false, true]) {
      const learned = (sparseInput: boolean) => {
        const small = {
          preset: "none" as const,
          steps: 128,
          nEnvs: 2,
          nSteps: 32,
          batchSize: 32,
          nEpochs: 1,
          hidden: [8],
        };
        const run = train({ algorithm: "ppo", env: "PongFrames-v0", seed: 1, ...small, sharedNetwork, sparseInput });
        for (const _ of run);
        return run.policy.parameters();
      };
      const [dense, sparse] = [learned(false), learned(true)];
      // Up to rounding: the norm that gradients are shortened by is a sum in another order.
      for (const name of ["policy.head.weight", "value.head.weight"]) {
        const [a, b] = [dense[name]!.data as Float32Array, sparse[name]!.data as Float32Array];
        for (const [i, value] of a.entries()) expect(b[i]).toBeCloseTo(value, 6);
      }
    }
  });

  it("pools images before its first layers, and refuses what is none", () => {
    const first = (pooling: number, sharedNetwork: boolean) =>
      train({ algorithm: "ppo", env: "PongFrames-v0", preset: "none", hidden: [8], pooling, sharedNetwork });
    expect(first(4, true).policy.parameters()["trunk.0.weight"]!.shape).toEqual([8, 4 * 22 * 22]);
    expect(first(2, false).policy.parameters()["value.trunk.0.weight"]!.shape).toEqual([8, 4 * 43 * 43]);
    expect(() => first(5, true)).toThrow(/pooling must be a divisor .* \[4,84,84\]; got 5/);
    expect(() => train({ algorithm: "ppo", env: "CartPole-v1", pooling: 2 })).toThrow(/pooling must be a divisor/);
  });

  it("targetKl ends an update early", () => {
    const steps = { steps: 256, nSteps: 256, learningRate: 1e-2 };
    const free = metricsOf(steps)[0]!;
    expect(free["update/epochs"]).toBe(10);
    expect(free["update/count"]).toBe(40);
    expect(free["policy/approxKl"]).toBeGreaterThan(0.005);
    const held = metricsOf({ ...steps, targetKl: 0.002 })[0]!;
    expect(held["update/epochs"]).toBeLessThan(5);
    expect(held["update/count"]).toBeLessThan(20);
    expect(held["policy/approxKl"]).toBeLessThan(0.003);
  });

  it("learns from the last, smaller minibatch too", () => {
    const all = metricsOf({ steps: 100, nSteps: 50, batchSize: 20, nEpochs: 4 });
    expect(all.map((m) => m["update/count"])).toEqual([12, 24]);
  });

  it("value clipping limits how far the critic moves in one update", () => {
    const steps = { steps: 512, nSteps: 512, learningRate: 3e-3 };
    const free = metricsOf(steps)[0]!["loss/value"]!;
    const clipped = metricsOf({ ...steps, clipRangeVf: 0.01 })[0]!["loss/value"]!;
    expect(clipped).toBeGreaterThan(1.2 * free);
    expect(metricsOf({ ...steps, clipRangeVf: 1e6 })[0]!["loss/value"]).toBeCloseTo(free, 1);
  });

  it("one trunk for both heads halves the hidden layers", () => {
    const names = (sharedNetwork: boolean) =>
      Object.keys(train({ algorithm: "ppo", env: "CartPole-v1", sharedNetwork }).policy.parameters());
    expect(names(true)).toEqual([
      ...["trunk.0.weight", "trunk.0.bias", "trunk.2.weight", "trunk.2.bias"],
      ...["policy.head.weight", "policy.head.bias", "value.head.weight", "value.head.bias"],
    ]);
    expect(names(false)).toHaveLength(12);
  });
});

describe("the policy", () => {
  it("normalises raw observations as the batch does that it was trained in", () => {
    const resolved = parseConfig({ algorithm: "ppo", env: "MountainCar-v0", steps: 1024, nEnvs: 4 });
    const config = resolved as unknown as PpoConfig;
    const { env, statistics, normalized, ...spaces } = makeTrainingEnv(resolved);
    const key = Key.fromSeed(1);
    const { statistics: moments, epsilon, clip } = normalized!;
    const normalizer = normalizerOf(moments, epsilon, clip);
    env.reset(key);
    const learner = ppo.create({ config, key, env, normalizer, ...spaces });
    for (let i = 0; i < 3; i++) learner.iterate();
    const trained = ppo.createPolicy({ config, key, ...spaces });
    trained.load(learner.policy.parameters());
    for (let n = 0; n < env.count; n++) {
      const raw = normalized!.rawObservations.slice(2 * n, 2 * n + 2);
      const scaled = env.observations.slice(2 * n, 2 * n + 2);
      expect(scaled).not.toEqual(raw);
      expect(learner.policy.act(raw, { deterministic: true })).toBe(trained.act(scaled, { deterministic: true }));
    }
    const differs = Array.from({ length: 50 }, (_, i) => {
      const raw = [-1.2 + 0.03 * i, 0.001 * (i % 7) - 0.003];
      return learner.policy.act(raw, { deterministic: true }) !== trained.act(raw, { deterministic: true });
    });
    expect(differs).toContain(true);
    expect(statistics.completedEpisodes).toBe(0);
  });

  it("limits actions to the bounds on their way to the environment, and only there", () => {
    const space = new Box([-1, 0], [1, Infinity], [2]);
    const sampled = Float32Array.from([-3, -1, 3, 1e6]);
    const out = new Float32Array(4);
    toEnvActions(space, sampled, out);
    expect([...out]).toEqual([-1, 0, 1, 1e6]);
    expect([...sampled]).toEqual([-3, -1, 3, 1e6]);
    const { policy } = train({ algorithm: "ppo", env: "Pendulum-v1", logStdInit: 3 });
    const env = makeEnv("Pendulum-v1");
    const { observation } = env.reset({ seed: 1 });
    const actions = Array.from({ length: 100 }, () => (policy.act(observation) as Float32Array)[0]!);
    expect(Math.max(...actions)).toBe(2);
    expect(Math.min(...actions)).toBe(-2);
  });

  it("has state-dependent noise for continuous actions only", () => {
    const config = { algorithm: "ppo", env: "CartPole-v1", useSde: true };
    expect(() => train(config)).toThrow(/useSde must be false where actions are discrete; got true/);
  });

  it("samples the same actions after the same reseed", () => {
    for (const env of ["CartPole-v1", "MountainCarContinuous-v0"]) {
      const { policy } = train({ algorithm: "ppo", env });
      const { observation } = makeEnv(env).reset({ seed: 1 });
      const draw = () => {
        policy.reseed(Key.fromSeed(5));
        return Array.from({ length: 30 }, () => policy.act(observation));
      };
      const first = draw();
      expect(draw()).toEqual(first);
      expect(new Set(first.map(String)).size).toBeGreaterThan(1);
    }
  });

  it("keeps state-dependent noise for 4 actions, as the preset does in training", () => {
    const config = { algorithm: "ppo", env: "Pendulum-v1", logStdInit: -2 };
    const { policy } = train(config);
    const { observation } = makeEnv("Pendulum-v1").reset({ seed: 1 });
    policy.reseed(Key.fromSeed(1));
    const actions = Array.from({ length: 12 }, () => (policy.act(observation) as Float32Array)[0]!);
    for (const start of [0, 4, 8]) expect(new Set(actions.slice(start, start + 4)).size).toBe(1);
    expect(new Set(actions).size).toBe(3);
  });

  it("says what is wrong with an observation", () => {
    const { policy } = train({ algorithm: "ppo", env: "CartPole-v1" });
    expect(() => policy.act([1, 2, 3])).toThrow(/observation must be a flat array of 4 numbers/);
    expect(() => policy.act([1, 2, 3, NaN])).toThrow(/observation\[3\] must be a finite number; got NaN/);
  });
});

describe("an environment of one's own", () => {
  it("may say from step to step which actions there are", () => {
    const made = new IdentityEnv(new Discrete(5), { allowed: 2 });
    const run = train({ algorithm: "ppo", steps: 512, nSteps: 128 }, { makeEnv: () => made });
    for (const _ of run);
    expect(made.invalidActions).toBe(0);
  });
});
