import { describe, expect, it } from "vitest";
import type { TransitionBatch } from "../../data/index.ts";
import { type AnyEnv, makeEnv } from "../../envs/index.ts";
import { adam } from "../../nn/index.ts";
import { Key } from "../../random/index.ts";
import { noGrad, plan, randomStream, step, tensor } from "../../tensor/index.ts";
import { evaluate, type RunInput, recordDataset, train } from "../../training/index.ts";
import type { ActorCriticPolicy } from "../actor-critic-policy.ts";
import type { Policy } from "../algorithm.ts";
import { Critics } from "../off-policy/critics.ts";
import { recordUpdate } from "../sac/record-update.ts";
import type { SacParts } from "../sac/sac-update.ts";
import type { SoftActorCritic } from "../sac/soft-actor-critic.ts";
import { SquashedActor } from "../sac/squashed-actor.ts";
import { Temperature } from "../sac/temperature.ts";
import { conservativeLoss, drawSamples, logIntegrals } from "./conservative-critics.ts";
import { conservativeSacUpdate } from "./cql-sac.ts";

describe("an update", () => {
  const key = Key.fromSeed(1);
  const sizes = { observationSize: 2, actionSize: 1, hidden: [16], activation: "tanh", key } as const;
  const build = (learningRate = 1e-3): SacParts => {
    const actor = new SquashedActor(sizes);
    const [critics, targets] = [new Critics({ ...sizes, count: 2 }), new Critics({ ...sizes, count: 2 })];
    return {
      ...{ actor, critics, targets, temperature: new Temperature(0), targetEntropy: -1 },
      ...{ actorOptimiser: adam(actor), criticOptimiser: adam(critics, { learningRate }) },
    };
  };
  const batch = {
    observations: tensor([
      [0.5, -1],
      [0.1, 1],
      [-0.7, 0.3],
    ]),
    actions: tensor([[0.9], [-0.8], [0.1]]),
    nextObservations: tensor([
      [0.4, -0.5],
      [0, 1],
      [-0.7, 0.2],
    ]),
    masks: undefined,
    nextMasks: undefined,
    returns: tensor([1, -1, 0.5]),
    discounts: tensor([0.9, 0, 0.9]),
    weights: tensor([1, 1, 1]),
  };
  const parametersAfter = (update: (parts: SacParts) => void) => {
    const parts = build();
    update(parts);
    const all = { ...parts.critics.parameters(), ...parts.actor.parameters() };
    return Object.values(all).map((tensor) => tensor.toArray());
  };
  const own = () => randomStream(key.split("samples"));

  it("is that of soft actor-critic for α = 0, where entropy is worth nothing", () => {
    const memory = { record: <R>(update: (given: TransitionBatch) => R) => plan({}, () => update(batch)) };
    const config = { batchSize: 3, gamma: 0.9 };
    const soft = parametersAfter((parts) =>
      recordUpdate(parts, memory, ({ gaussian }) => gaussian.mean, { config }).run(),
    );
    const conservative = (alpha: number) => {
      const options = { alpha, nActions: 4, stream: own() };
      return parametersAfter((parts) =>
        step(() => conservativeSacUpdate(parts, batch, ({ gaussian }) => gaussian.mean, options)),
      );
    };
    expect(conservative(0)).toEqual(soft);
    expect(conservative(1)).not.toEqual(soft);
  });

  it("presses the values of other actions down, and those of recorded ones up", () => {
    const parts = build(0.02);
    const surplus = () =>
      noGrad(() => {
        const values = parts.critics.values(batch.observations, batch.actions);
        const samples = drawSamples(parts.actor.distribution(batch.observations), 200, own());
        return conservativeLoss(logIntegrals(parts.critics, batch.observations, samples), values).item();
      });
    const options = { alpha: 100, nActions: 10, stream: own() };
    const before = surplus();
    for (let i = 0; i < 30; i++) {
      step(() => conservativeSacUpdate(parts, batch, ({ gaussian }) => gaussian.mean, options));
    }
    expect(surplus()).toBeLessThan(before - 0.05);
  });
});

describe("conservative Q-learning of numbers", () => {
  /** Q of the policy's own action at 0, from random actions where every step is worth 1, for ever. */
  function valueAt(terminates: boolean, seed = 1): number {
    const env = (): AnyEnv => {
      const made = makeEnv("ProbeTimeLimitContinuous-v0");
      if (!terminates) return made;
      const step = (action: unknown) => {
        const result = made.step(action);
        return { ...result, terminated: result.truncated, truncated: false };
      };
      return { ...made, step };
    };
    const dataset = recordDataset(undefined, { env, steps: 1600, seed });
    const config: RunInput = {
      ...{ algorithm: "cql-sac", steps: 2000, gamma: 0.98, hidden: [16], learningRate: "lin_0.01", tau: 0.2, seed },
      ...{ batchSize: 32, nActions: 2, alpha: 0 },
    };
    const run = train(config, { makeEnv: env, dataset });
    for (const _ of run);
    const { actor, critics } = (run.policy as ActorCriticPolicy<SoftActorCritic>).network;
    const observations = tensor([[0]]);
    return noGrad(() => critics.least(observations, actor.distribution(observations).mode()).item());
  }

  it("goes on with the value of s′ where an episode was cut off: 1 / (1 − 0.98) = 50", () => {
    for (const seed of [1, 2, 3]) expect(Math.abs(valueAt(false, seed) - 50), `seed ${seed}`).toBeLessThan(1);
  });

  it("would fail there without bootstrapping: the same episodes, said to terminate", () => {
    expect(valueAt(true)).toBeLessThan(10);
  });

  it("swings up from half random data, two seeds; cloning and the same without the conservative term do not", () => {
    const env = "Pendulum-v1";
    const expert = train({ algorithm: "sac", env, seed: 1, steps: 20_000 });
    for (const { step } of expert) if (step >= 5000) break;
    const reached = (config: RunInput, seed: number): number => {
      const dataset = recordDataset(expert.policy as Policy, { env, steps: 3000, seed, random: 0.5 });
      const run = train({ env, seed, ...config }, { dataset });
      for (const _ of run);
      return evaluate(run.policy, { env, episodes: 20 }).mean;
    };
    const mean = (config: RunInput) => (reached(config, 1) + reached(config, 2)) / 2;
    const conservative = mean({ algorithm: "cql-sac" });
    expect(conservative).toBeGreaterThan(-170);
    expect(conservative).toBeGreaterThan(mean({ algorithm: "behaviour-cloning", steps: 3000 }) + 150);
    expect(conservative).toBeGreaterThan(mean({ algorithm: "cql-sac", alpha: 0 }) + 150);
  }, 120_000);
});
