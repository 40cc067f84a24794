import { describe, expect, it } from "vitest";
import { probeEnv } from "../../test/support/probe-envs.ts";
import type { Episodes } from "../data/index.ts";
import { type AnyEnv, type BatchEnv, batch, makeBatch } from "../envs/index.ts";
import { Key } from "../random/index.ts";
import { Discrete } from "../spaces/index.ts";
import { backward, mul, neg, randomStream, step, sum, type Tensor, tensor } from "../tensor/index.ts";
import { evaluate, train } from "../training/index.ts";
import { ActorCritic } from "./actor-critic.ts";
import { BatchActor } from "./batch-actor.ts";
import { EpisodeCollector } from "./episode-collector.ts";
import type { GradientStep } from "./listener.ts";
import { type ReinforceConfig, reinforce } from "./reinforce.ts";
import { assignCredit, reinforceLoss, squaredScores } from "./reinforce-loss.ts";

const key = Key.fromSeed(7);

function network(env: { observationSpace: AnyEnv["observationSpace"]; actionSpace: AnyEnv["actionSpace"] }) {
  const observationSize = env.observationSpace.flatSize;
  const { actionSpace } = env;
  const sizes = { observationSize, hidden: [8], activation: "tanh", orthogonalInit: false, logStdInit: 0 } as const;
  return new ActorCritic({ ...sizes, actionSpace, key, dtype: "float32" });
}

function collect(env: BatchEnv, { episodes = 1, maxEpisodeSteps = 10_000 } = {}): Episodes {
  const stream = randomStream(key);
  const actor = new BatchActor({ env, network: network(env), stream });
  return new EpisodeCollector({ env, actor, episodes, maxEpisodeSteps }).collect(key);
}

function configOf(given: Partial<ReinforceConfig>): ReinforceConfig {
  return reinforce.schema.parse({ algorithm: "reinforce", env: "CartPole-v1", ...given });
}

describe("the loss of REINFORCE", () => {
  /** Three steps of two episodes and one row that fills up. */
  const rows = {
    observations: [0.1, 0.5, -0.3, 0.2, 0.9, -0.7, 9, 9],
    actions: [0, 2, 1, 0],
    weights: [0.5, 0.5, 0.5, 0],
    advantages: [2, -1, 0.5, 1e6],
    returns: [3, 1, 2, -1e6],
  };
  const model = new ActorCritic({
    ...{ observationSize: 2, actionSpace: new Discrete(3), hidden: [5], activation: "tanh", orthogonalInit: false },
    ...{ logStdInit: 0, key, dtype: "float64" },
  });
  const float = (values: number[], shape?: number[]) => tensor(values, shape, "float64");
  const batchOf = (count: number) => ({
    observations: float(rows.observations.slice(0, 2 * count), [count, 2]),
    actions: tensor(rows.actions.slice(0, count), [count], "int32"),
    weights: float(rows.weights.slice(0, count)),
    advantages: float(rows.advantages.slice(0, count)),
    returns: float(rows.returns.slice(0, count)),
  });
  const gradients = (loss: () => Tensor) =>
    step(() => {
      const of = backward(loss());
      return Object.entries(model.parameters()).flatMap(([, p]) => (of.has(p) ? [...of.of(p).toArray()] : []));
    });
  const options = { baseline: "none", entCoef: 0, vfCoef: 0.5 } as const;

  it("has the gradient −(1/M) Σ ∇ log π · (G − b), step by step", () => {
    const whole = gradients(() => reinforceLoss(model, batchOf(3), options).total);
    const sums = whole.map(() => 0);
    for (let t = 0; t < 3; t++) {
      const score = gradients(() => {
        const { policy } = model.forward(float(rows.observations.slice(2 * t, 2 * t + 2), [1, 2]));
        return neg(mul(sum(policy.logProb(tensor([rows.actions[t]!], [1], "int32"))), 0.5 * rows.advantages[t]!));
      });
      for (const [i, value] of score.entries()) sums[i]! += value;
    }
    for (const [i, value] of whole.entries()) expect(value).toBeCloseTo(sums[i]!, 12);
    expect(Math.max(...whole.map(Math.abs))).toBeGreaterThan(0.1);
  });

  it("does not see rows of weight 0", () => {
    for (const baseline of ["none", "value"] as const) {
      const loss = (count: number) => reinforceLoss(model, batchOf(count), { ...options, baseline, entCoef: 0.1 });
      const [exact, filled] = [gradients(() => loss(3).total), gradients(() => loss(4).total)];
      for (const [i, value] of exact.entries()) expect(filled[i]).toBeCloseTo(value, 12);
      expect(step(() => loss(4).entropy.item())).toBeCloseTo(
        step(() => loss(3).entropy.item()),
        12,
      );
      expect(step(() => loss(4).valueLoss.item())).toBeCloseTo(
        step(() => loss(3).valueLoss.item()),
        12,
      );
    }
  });

  it("has the mean squared error over all steps as value loss, however long the episodes are", () => {
    const { observations, returns } = batchOf(3);
    const values = Array.from(step(() => model.values(observations).toArray()));
    const errors = values.map((v, t) => (returns.data[t]! - v) ** 2);
    const { valueLoss } = step(() => reinforceLoss(model, batchOf(3), { ...options, baseline: "value" }));
    expect(valueLoss.item()).toBeCloseTo(errors.reduce((a, b) => a + b) / 3, 12);
  });

  it("fits V only where V is the baseline, and rewards entropy", () => {
    const parts = (baseline: "none" | "value", entCoef: number) =>
      step(() => {
        const loss = reinforceLoss(model, batchOf(3), { ...options, baseline, entCoef });
        return [loss.total, loss.policyLoss, loss.valueLoss, loss.entropy].map((x) => x.item());
      });
    const [none, policyLoss, valueLoss, entropy] = parts("none", 0);
    expect(none).toBe(policyLoss);
    expect(parts("value", 0)[0]).toBeCloseTo(policyLoss! + 0.5 * valueLoss!, 12);
    // 3 steps in 2 episodes: the bonus is per episode, as the rewards are.
    expect(parts("none", 0.1)[0]).toBeCloseTo(policyLoss! - 0.1 * 1.5 * entropy!, 12);
  });
});

/** Two kinds of episodes, equally likely: of 1 step and of 20. */
const shortOrLong = (): AnyEnv => {
  const coin = probeEnv({ length: 20, observation: (_t, side) => side, reward: () => 1 });
  const step = coin.step.bind(coin);
  return Object.assign(coin as AnyEnv, {
    step(action: unknown) {
      const result = step(action as number);
      return { ...result, terminated: result.terminated || (result.observation as ArrayLike<number>)[0] === -1 };
    },
  });
};

describe("whole episodes", () => {
  it("are as many in every environment, so that short ones do not crowd out long ones", () => {
    const episodes = collect(batch(shortOrLong, 200), { episodes: 2 });
    expect(episodes.count).toBe(400);
    const ends = episodes.terminated.filter((_, i) => episodes.played[i]).reduce((sum, end) => sum + end, 0);
    expect(ends).toBe(400);
    const share = (episodes.playedRows().length / 400 - 1) / 19;
    expect(Math.abs(share - 0.5)).toBeLessThan(0.075);

    // The control: the first 200 episodes that are complete, whatever environment they come from.
    const env = batch(shortOrLong, 200);
    env.reset(key);
    const lengths: number[] = [];
    const running = new Int32Array(200);
    while (lengths.length < 200) {
      env.step(new Float32Array(200));
      for (let n = 0; n < 200; n++) {
        running[n]!++;
        if (!env.terminated[n]) continue;
        lengths.push(running[n]!);
        running[n] = 0;
      }
    }
    expect(lengths.slice(0, 200).filter((length) => length === 20).length / 200).toBeLessThan(0.1);
  });

  it("wait for the longest; every step of every environment counts", () => {
    const run = train({ algorithm: "reinforce", env: "CartPole-v1", preset: "none", nEnvs: 4, steps: 100, seed: 1 });
    const { step: steps, metrics } = run.iterate();
    expect(steps % 4).toBe(0);
    expect(metrics["rollout/episodes"]).toBe(4);
    const learned = steps * (1 - metrics["rollout/waiting"]!);
    expect(learned).toBeCloseTo(4 * metrics["episode/length"]!, -1);
    expect(learned).toBeLessThan(steps);
  });

  it("start afresh in every update", () => {
    const episodes = collect(makeBatch("CartPole-v1", 3));
    const env = makeBatch("CartPole-v1", 3);
    env.reset(key);
    expect([...episodes.observations.slice(0, 12)]).toEqual([...env.observations]);
    expect(collect(makeBatch("CartPole-v1", 3)).observations).toEqual(episodes.observations);
  });

  it("are cut where they would never end, and go on with V there", () => {
    const endless = () => probeEnv({ length: Number.POSITIVE_INFINITY, observation: () => 0, reward: () => 1 });
    const env = batch(endless as () => AnyEnv, 2);
    const episodes = collect(env, { episodes: 3, maxEpisodeSteps: 5 });
    expect(episodes).toMatchObject({ steps: 5, count: 2 });
    expect([...episodes.truncated.slice(0, 10)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
    const value = step(() =>
      network(env)
        .values(tensor([[0]]))
        .item(),
    );
    expect(value).not.toBe(0);
    expect([...episodes.nextValues.slice(8, 10)]).toEqual([value, value]);
  });

  it("grow as long as they last", () => {
    const episodes = collect(makeBatch("Pendulum-v1", 2));
    expect(episodes).toMatchObject({ steps: 200, size: 400, count: 2 });
    expect(episodes.playedRows()).toHaveLength(400);
    expect([...episodes.truncated.slice(396, 400)]).toEqual([0, 0, 1, 1]);
    expect(episodes.terminated.slice(0, 400)).not.toContain(1);
  });
});

describe("credit", () => {
  /** Environment 0: rewards 1, 2, 4 and the end. Environment 1: reward 8, cut off with V = 16, then waiting. */
  const env = batch(shortOrLong, 2);
  const episodes = collect(env, { maxEpisodeSteps: 3 });
  episodes.clear();
  for (let t = 0; t < 3; t++) episodes.open();
  episodes.played.set([1, 1, 1, 0, 1, 0]);
  episodes.terminated.set([0, 0, 0, 1, 1, 1]);
  episodes.truncated.set([0, 1, 0, 0, 0, 0]);
  episodes.rewards.set([1, 8, 2, 0, 4, 0]);
  episodes.nextValues.set([0, 16, 0, 0, 0, 0]);
  episodes.values.set([0.5, 1, 1.5, 99, 2, 99]);
  const rows = episodes.playedRows();
  const credit = (config: Partial<ReinforceConfig>) =>
    assignCredit(episodes, rows, configOf({ gamma: 0.5, ...config }));

  it("by hand: G − V", () => {
    expect([...rows]).toEqual([0, 1, 2, 4]);
    expect([...credit({}).returns]).toEqual([3, 16, 4, 4]);
    expect([...credit({}).advantages]).toEqual([2.5, 15, 2.5, 2]);
    expect([...credit({ gamma: 1 }).returns]).toEqual([7, 24, 6, 4]);
  });

  it("by hand: full returns, while V is still fitted to the reward-to-go", () => {
    expect([...credit({ returns: "full" }).advantages]).toEqual([2.5, 15, 1.5, 1]);
    expect([...credit({ returns: "full" }).returns]).toEqual([3, 16, 4, 4]);
  });

  it("by hand: reset at each reward, what follows it does not count", () => {
    expect([...credit({ resetAtReward: true }).returns]).toEqual([1, 8, 2, 4]);
    expect([...credit({ resetAtReward: true, returns: "full" }).advantages]).toEqual([0.5, 7, 0.5, 2]);
  });

  it("by hand: the average as baseline, and advantages of deviation 1", () => {
    episodes.values.fill(0);
    expect([...credit({ baseline: "average" }).advantages]).toEqual([3 - 6.75, 16 - 6.75, 4 - 6.75, 4 - 6.75]);
    expect([...credit({ baseline: "none" }).advantages]).toEqual([3, 16, 4, 4]);
    const { advantages } = credit({ baseline: "none", normalizeAdvantage: true });
    expect(advantages.reduce((sum, a) => sum + a, 0)).toBeCloseTo(0, 12);
    expect(advantages.reduce((sum, a) => sum + a * a, 0) / 3).toBeCloseTo(1, 6);
  });
});

describe("the optimal baseline", () => {
  const actorOnly = new ActorCritic({
    ...{ observationSize: 1, actionSpace: new Discrete(3), hidden: [4], activation: "tanh", orthogonalInit: false },
    ...{ logStdInit: 0, critic: "none", key, dtype: "float64" },
  });
  const observations = tensor([0.5, -1, 2], [3, 1], "float64");
  const actions = tensor([0, 2, 1], [3], "int32");
  const scores = step(() => squaredScores(actorOnly, { observations, actions }).toArray());

  it("weighs each step by the exact length of its score", () => {
    for (let t = 0; t < 3; t++) {
      const squares = step(() => {
        const policy = actorOnly.policy(tensor([observations.data[t]!], [1, 1], "float64"));
        const of = backward(sum(policy.logProb(tensor([actions.data[t]!], [1], "int32"))));
        return Object.values(actorOnly.parameters()).flatMap((p) => [...of.of(p).toArray()].map((g) => g * g));
      });
      expect(scores[t]).toBeCloseTo(
        squares.reduce((a, b) => a + b),
        12,
      );
    }
    expect(new Set(scores.map((score) => Math.round(1e6 * score))).size).toBe(3);
  });

  it("by hand: weighted returns, of the episode or to go, discounted or not", () => {
    const env = batch(shortOrLong, 1);
    const episodes = collect(env, { maxEpisodeSteps: 2 });
    episodes.clear();
    for (let t = 0; t < 2; t++) episodes.open();
    episodes.played.set([1, 1]);
    episodes.terminated.set([0, 1]);
    episodes.rewards.set([1, 4]);
    episodes.values.fill(0);
    const credit = (returns: "full" | "rewardToGo", gamma: number) => [
      ...assignCredit(episodes, Int32Array.of(0, 1), configOf({ baseline: "optimal", returns, gamma }), [1, 3])
        .advantages,
    ];
    // Returns 5 and 4, or 3 and 4 discounted; of the whole episode 5, or 3. Weights ¼ and ¾.
    expect(credit("rewardToGo", 1)).toEqual([5 - 4.25, 4 - 4.25]);
    expect(credit("rewardToGo", 0.5)).toEqual([3 - 3.75, 4 - 3.75]);
    expect(credit("full", 1)).toEqual([0, 0]);
    expect(credit("full", 0.5)).toEqual([0, 0]);
  });
});

describe("REINFORCE", () => {
  it("learns with sparse input what it learns without, bit for bit", () => {
    // One-hot rows.
    const learned = (sparseInput: boolean) => {
      const config = { algorithm: "reinforce", env: "DeepSea20-v0", preset: "none", nEnvs: 4, steps: 200 } as const;
      const run = train({ ...config, seed: 2, optimizer: "rmsProp", baseline: "none", sparseInput });
      for (const _ of run);
      return run.policy.parameters();
    };
    const [dense, sparse] = [learned(false), learned(true)];
    expect(sparse["policy.head.weight"]).toEqual(dense["policy.head.weight"]);
    const [weight, turned] = [dense["policy.trunk.0.weight"]!, sparse["policy.trunk.0.weight"]!];
    const [outputs, inputs] = weight.shape as [number, number];
    expect(turned.shape).toEqual([inputs, outputs]);
    for (let j = 0; j < outputs; j++) {
      for (let i = 0; i < inputs; i++) expect(turned.data[i * outputs + j]).toBe(weight.data[j * inputs + i]);
    }
  });

  it("tells a listener of steps along one part of a batch, which is all that it could look at", () => {
    const heard = (episodes: number) => {
      const rows: number[] = [];
      const watch = ({ count }: GradientStep) => ({ before: () => rows.push(count!()), after() {} });
      const listener = { watch, observed() {}, iterationBegins() {}, iterationEnded() {} };
      const config = { algorithm: "reinforce", env: "PongDifference-v0", preset: "none", steps: 1 } as const;
      const run = train({ ...config, hidden: [4], episodes, sparseInput: true, seed: 1 }, { listener });
      run.iterate();
      return { rows, steps: run.step };
    };
    const [few, many] = [heard(1), heard(8)];
    expect(few.rows).toEqual([few.steps]);
    // A part has 2,048 of these pictures.
    expect(many.steps).toBeGreaterThan(2048);
    expect(many.rows).toEqual([]);
  });

  it("has a critic only where it is the baseline", () => {
    const names = (baseline: "value" | "average") =>
      Object.keys(train({ algorithm: "reinforce", env: "CartPole-v1", baseline }).policy.parameters());
    expect(names("value").some((name) => name.startsWith("value."))).toBe(true);
    expect(names("average").some((name) => name.startsWith("value."))).toBe(false);
  });

  it.each(["none", "average", "optimal", "value"] as const)(
    "learns CartPole with baseline %s: better than twice random",
    (baseline) => {
      const run = train({ algorithm: "reinforce", env: "CartPole-v1", baseline, steps: 40_000, seed: 1 });
      for (const _ of run);
      expect(evaluate(run.policy, { env: "CartPole-v1", episodes: 20 }).mean).toBeGreaterThan(100);
    },
  );

  it.each(
    (["rewardToGo", "full"] as const).flatMap((returns) =>
      (["none", "average", "optimal", "value"] as const).flatMap((baseline) =>
        [0.9, 1].map((gamma) => [returns, baseline, gamma] as const),
      ),
    ),
  )("finds the right action of two with %s, %s and γ = %d", (returns, baseline, gamma) => {
    // Ten steps of 1 for action 1 and −1 for action 0.
    const makeEnv = () => probeEnv({ length: 10, observation: () => 0, reward: (_t, _o, a) => a });
    const config = { algorithm: "reinforce", returns, baseline, gamma, nEnvs: 8, seed: 1 } as const;
    const run = train({ ...config, steps: 4000, learningRate: "lin_0.02", hidden: [8] }, { makeEnv });
    for (const _ of run);
    const { mean } = evaluate(run.policy, { env: makeEnv, deterministic: false });
    expect(mean).toBeGreaterThan(9);
  });

  it("solves CartPole with its preset (450 of 500)", () => {
    const run = train({ algorithm: "reinforce", env: "CartPole-v1", seed: 1 });
    for (const _ of run);
    expect(run.step).toBeGreaterThanOrEqual(200_000);
    expect(evaluate(run.policy, { env: "CartPole-v1", episodes: 20 }).mean).toBeGreaterThanOrEqual(450);
  });
});
