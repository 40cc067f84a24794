import { describe, expect, it } from "vitest";
import { makeBatch } from "../../envs/index.ts";
import { Key } from "../../random/index.ts";
import { randomStream } from "../../tensor/index.ts";
import { evaluate, resumeRun, train } from "../../training/index.ts";
import { ActorCritic } from "../actor-critic.ts";
import { Opponents } from "./opponents.ts";

const small = {
  ...{ algorithm: "self-play-ppo", env: "Pong-v0", steps: 4096, nEnvs: 4, nSteps: 64, batchSize: 128 },
  ...{ nEpochs: 2, hidden: [8], opponents: 2, snapshotInterval: 3, poolSize: 2, seed: 1, preset: "none" as const },
};

describe("opponents", () => {
  const env = makeBatch("Pong-v0", 6);
  const makeNetwork = (seed: number) =>
    new ActorCritic({
      ...{ observationSize: 9, actionSpace: env.actionSpace, hidden: [8], activation: "tanh", critic: "none" },
      ...{ orthogonalInit: false, logStdInit: 0, key: Key.fromSeed(seed) },
    });

  it("play equal shares of the games, each by what it observes itself", () => {
    const networks = [makeNetwork(1), makeNetwork(2), makeNetwork(3)];
    // Heads that are sure of one action each.
    for (const [k, network] of networks.entries()) {
      const { "policy.head.bias": bias } = network.parameters();
      bias!.set([0, 1, 2].map((action) => (action === k ? 1000 : 0)));
    }
    const opponents = new Opponents(env, networks, randomStream(Key.fromSeed(0)));
    const actions = new Float32Array(6);
    opponents.choose(new Float32Array(6 * 9), actions);
    expect([...actions]).toEqual([0, 0, 1, 1, 2, 2]);
    expect([0, 1, 2, 3, 4, 5].map((n) => opponents.ofEnv(n))).toEqual([0, 0, 1, 1, 2, 2]);
  });
});

describe("self-play", () => {
  it("never meets the opponent of the environment: equal players win as often", () => {
    // A learning rate of 0: both sides stay what they are at first.
    const score = (algorithm: "self-play-ppo" | "ppo") => {
      const { opponents, snapshotInterval, poolSize, ...others } = small;
      const own = algorithm === "ppo" ? others : small;
      const config = { ...own, algorithm, nEnvs: 16, steps: 40_960, nSteps: 512, batchSize: 8192, learningRate: 0 };
      return [...train(config)].at(-1)!.metrics["episode/return"]!;
    };
    expect(Math.abs(score("self-play-ppo"))).toBeLessThan(6);
    // Control: against that one the same policy loses nearly every point.
    expect(score("ppo")).toBeLessThan(-15);
  });

  it("goes on from a checkpoint with the same bits, opponents, pool and rating included", () => {
    const whole = train(small);
    const half = train(small);
    for (let i = 0; i < 7; i++) half.iterate();
    const resumed = resumeRun(half.checkpoint());
    for (let i = 0; i < 7; i++) whole.iterate();
    for (const { metrics } of whole) expect(resumed.iterate().metrics).toEqual(metrics);
    expect(resumed.parametersSha256()).toBe(whole.parametersSha256());
  });

  it("keeps the last past selves", () => {
    const pools = [...train(small)].map(({ metrics }) => metrics["selfPlay/pool"]);
    expect(pools.slice(0, 8)).toEqual([1, 1, 1, 2, 2, 2, 2, 2]);
  });

  it("rises in rating, and takes a third of the points from the opponent that it never met", () => {
    const run = train({ algorithm: "self-play-ppo", env: "Pong-v0", seed: 3, steps: 250_000 });
    const ratings = [...run].map(({ metrics }) => metrics["selfPlay/elo"]!);
    expect(ratings.at(-1)).toBeGreaterThan(300);
    expect(evaluate(run.policy, { env: "Pong-v0", episodes: 5 }).mean).toBeGreaterThan(-10);
  });

  it("refuses what it cannot share out, and environments for one", () => {
    expect(() => train({ ...small, nEnvs: 5 })).toThrow(/nEnvs must be a multiple of opponents \(2\).*got 5/);
    expect(() => train({ ...small, env: "CartPole-v1" })).toThrow(
      /env must be an environment with two sides, of which self-play-ppo plays both.*CartPole-v1 has none/,
    );
  });
});
