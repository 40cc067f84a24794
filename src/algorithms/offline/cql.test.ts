import { describe, expect, it } from "vitest";
import { halfRandom, trainExpert, trainOffline } from "../../../test/support/offline.ts";
import { cutForEver } from "../../../test/support/probe-envs.ts";
import { Categorical } from "../../distributions/index.ts";
import { IdentityEnv } from "../../envs/probes/identity-env.ts";
import { Discrete } from "../../spaces/index.ts";
import { mul, type Tensor, tensor } from "../../tensor/index.ts";
import { evaluate, type RunInput, recordDataset, train } from "../../training/index.ts";
import type { ActorCriticPolicy } from "../actor-critic-policy.ts";
import type { ConservativeValues } from "./conservative-values.ts";
import { cqlLoss } from "./cql.ts";

/** Q(s, ·) is what is observed, times `scale`. */
const shown = (scale: number) => {
  const values = (observations: Tensor) => mul(observations, scale);
  const policy = (observations: Tensor, { mask }: { mask?: Tensor | undefined } = {}) =>
    new Categorical(values(observations), mask);
  return { values, policy };
};

/** Two transitions: Q is 1 and 2, then 3 and 1; and 0 and 0, then the end. */
const batch = {
  observations: tensor([
    [1, 2],
    [0, 0],
  ]),
  actions: tensor([0, 1], [2], "int32"),
  nextObservations: tensor([
    [3, 1],
    [9, 9],
  ]),
  masks: undefined,
  nextMasks: undefined,
  returns: tensor([0.5, -1]),
  discounts: tensor([0.5, 0]),
  weights: tensor([1, 1]),
};

const measured = (options: { alpha: number; double: boolean }, change: object = {}) => {
  const loss = cqlLoss(shown(1), shown(-1), { ...batch, ...change }, options);
  return Object.fromEntries(Object.entries(loss).map(([name, value]) => [name, value.item()]));
};

describe("the loss of conservative Q-learning", () => {
  it("is that of equation 4, with the network's choice judged by the target", () => {
    // y = 0.5 + 0.5 · (−3) = −1, and −1 where the episode terminated.
    const value = (2 ** 2 + 1 ** 2) / 2 / 2;
    const conservative = (Math.log(1 + Math.E) + Math.log(2)) / 2;
    const loss = measured({ alpha: 2, double: true });
    expect(loss.value).toBeCloseTo(value, 6);
    expect(loss.conservative).toBeCloseTo(conservative, 6);
    expect(loss.total).toBeCloseTo(2 * conservative + value, 5);
    expect(loss.mean).toBe(0.5);
  });

  it("takes the target's own maximum without double: y = 0.5 + 0.5 · (−1) = 0", () => {
    expect(measured({ alpha: 0, double: false }).total).toBeCloseTo((1 ** 2 + 1 ** 2) / 2 / 2, 6);
  });

  it("looks at allowed actions alone", () => {
    const nextMasks = tensor(
      [
        [0, 1],
        [1, 1],
      ],
      [2, 2],
      "uint8",
    );
    const masks = tensor(
      [
        [1, 0],
        [1, 1],
      ],
      [2, 2],
      "uint8",
    );
    const loss = measured({ alpha: 1, double: true }, { masks, nextMasks });
    // y = 0.5 + 0.5 · (−1) = 0; the only allowed action is as probable as can be.
    expect(loss.value).toBeCloseTo((1 ** 2 + 1 ** 2) / 2 / 2, 6);
    expect(loss.conservative).toBeCloseTo(Math.log(2) / 2, 6);
  });
});

describe("conservative Q-learning", () => {
  /** Q(0, ·) of a dataset of random actions in which every step is worth 1, for ever. */
  const valueAt = (alpha: number, terminates: boolean, seed = 1) => {
    const env = () => cutForEver({ terminates });
    const dataset = recordDataset(undefined, { env, steps: 400, seed });
    const config = { algorithm: "cql", steps: 2500, gamma: 0.98, hidden: [16], learningRate: 3e-3, seed, alpha };
    const run = train({ ...config, targetUpdateInterval: 5 } as RunInput, { makeEnv: env, dataset });
    for (const _ of run);
    const { network } = run.policy as ActorCriticPolicy<ConservativeValues>;
    return Math.max(...(network.values(tensor([[0]])).data as Float32Array));
  };

  it("goes on with the value of s′ where an episode was cut off: 1 / (1 − 0.98) = 50", () => {
    for (const seed of [1, 2, 3]) expect(Math.abs(valueAt(0, false, seed) - 50), `seed ${seed}`).toBeLessThan(1);
  });

  it("would fail there without bootstrapping: the same episodes, said to terminate", () => {
    expect(valueAt(0, true)).toBeLessThan(10);
  });

  it("finds the right answers in random data, and allowed ones where there are masks, 20 seeds of 20", () => {
    for (const options of [{}, { allowed: 3 }]) {
      const env = () => new IdentityEnv(new Discrete(5), options);
      const dataset = recordDataset(undefined, { env, steps: 1000 });
      for (let seed = 0; seed < 20; seed++) {
        const own = { steps: 300, gamma: 0, hidden: [32], learningRate: 1e-2, alpha: 0.1, seed };
        const run = train({ algorithm: "cql", ...own }, { makeEnv: env, dataset });
        for (const _ of run);
        const made = env();
        expect(evaluate(run.policy, { env: () => made, episodes: 3 }).mean, `seed ${seed}`).toBeGreaterThanOrEqual(90);
        expect(made.invalidActions).toBe(0);
      }
    }
  });

  it("reaches more from half random data than cloning, and than Q-learning that is not conservative; five seeds", () => {
    const { policy } = trainExpert();
    const mean = (returns: readonly number[]) => returns.reduce((sum, value) => sum + value, 0) / returns.length;
    const [cloned, conservative, naive] = [
      { algorithm: "behaviour-cloning", steps: 2000 },
      { algorithm: "cql", alpha: 1 },
      { algorithm: "cql", alpha: 0 },
    ].map((config) => mean([1, 2, 3, 4, 5].map((seed) => trainOffline(config, halfRandom(policy, seed), seed)))) as [
      number,
      number,
      number,
    ];
    expect(conservative).toBeGreaterThanOrEqual(475);
    expect(conservative).toBeGreaterThan(cloned + 50);
    expect(conservative).toBeGreaterThan(naive + 50);
  }, 120_000);
});
