import { describe, expect, it } from "vitest";
import { cutForEver } from "../../../test/support/probe-envs.ts";
import { IdentityEnv } from "../../envs/probes/identity-env.ts";
import { readSafetensors } from "../../nn/index.ts";
import { Discrete } from "../../spaces/index.ts";
import { noGrad, tensor } from "../../tensor/index.ts";
import { evaluate, type RunInput, recordDataset, train } from "../../training/index.ts";
import type { QPolicy } from "./q-policy.ts";

describe("deep Q-learning from a dataset", () => {
  it.each([
    ["dqn", 10, { prioritizedReplay: true }],
    ["dqn", 10, { dueling: true, double: true }],
    ["c51", 3, { vMin: 0, vMax: 1 }],
    ["qr-dqn", 3, { nQuantiles: 10 }],
    ["rainbow", 3, { vMin: 0, vMax: 1, noisyNets: false }],
  ])("finds the right answers in random data, allowed ones where there are masks: %s, %i seeds, %o", (...given) => {
    const [algorithm, seeds, own] = given;
    for (const options of [{}, { allowed: 3 }]) {
      const env = () => new IdentityEnv(new Discrete(5), options);
      const dataset = recordDataset(undefined, { env, steps: 1000 });
      for (let seed = 0; seed < seeds; seed++) {
        const common = { steps: 300, gamma: 0, hidden: [32], learningRate: 1e-2, batchSize: 64, nSteps: 1 };
        const run = train({ algorithm, ...common, ...own, seed }, { makeEnv: env, dataset });
        for (const { metrics } of run) expect(metrics["episode/count"]).toBe(0);
        const made = env();
        expect(evaluate(run.policy, { env: () => made, episodes: 3 }).mean, `seed ${seed}`).toBeGreaterThanOrEqual(90);
        expect(made.invalidActions).toBe(0);
      }
    }
  });

  /** Q(0, ·) of random actions in which every step is worth 1, for ever. */
  const valueAt = (terminates: boolean, seed = 1) => {
    const env = () => cutForEver({ terminates });
    const dataset = recordDataset(undefined, { env, steps: 1600, seed });
    const config = {
      algorithm: "dqn",
      steps: 2500,
      gamma: 0.98,
      hidden: [16],
      learningRate: 3e-3,
      loss: "mse",
    } as const;
    const run = train({ ...config, hidden: [16], targetUpdateInterval: 5, seed }, { makeEnv: env, dataset });
    for (const _ of run);
    const { network, head } = run.policy as QPolicy;
    return noGrad(() => Math.max(...(head.values(network.outputs(tensor([[0]]))).toArray() as Float32Array)));
  };

  it("goes on with the value of s′ where an episode was cut off: 1 / (1 − 0.98) = 50", () => {
    for (const seed of [1, 2, 3]) expect(Math.abs(valueAt(false, seed) - 50), `seed ${seed}`).toBeLessThan(1);
  });

  it("would fail there without bootstrapping: the same episodes, said to terminate", () => {
    expect(valueAt(true)).toBeLessThan(10);
  });

  const env = "CartPole-v1";
  const dataset = recordDataset(undefined, { env, steps: 100 });
  const small: RunInput = { algorithm: "dqn", env, preset: "none", steps: 400, hidden: [8] };

  it("copies the target network every so many gradient steps", () => {
    const run = train({ ...small, targetUpdateInterval: 200 }, { dataset });
    const target = () => {
      const { tensors } = readSafetensors(run.checkpoint());
      return [
        ...(tensors[Object.keys(tensors).find((name) => /target\/.*0\.weight$/.test(name))!]!.data as Float32Array),
      ];
    };
    const first = target();
    run.iterate();
    expect(target()).toEqual(first);
    run.iterate();
    expect(target()).toEqual([...(run.policy.parameters()["0.weight"]!.data as Float32Array)]);
  });

  it("has its own steps where none is given, but not where one is named", () => {
    expect(train(small).config).toMatchObject({ dataset: null });
    expect(() => train({ ...small, dataset: "some.safetensors" })).toThrow(
      /^dataset must be given: dqn learns from transitions that were recorded\. limpid record writes them to a file/,
    );
  });

  it.each([
    [{ normalizeObservation: true }, "normalizeObservation must be false with a dataset; got true"],
    [{ normalizeReward: true }, "normalizeReward must be false with a dataset; got true"],
    [{ replay: false }, "replay must be true with a dataset; got false"],
    [{ replayStrategy: "future" }, 'replayStrategy must be "none" with a dataset; got "future"'],
  ])("refuses what it leaves no choice in: %o", (config, sentence) => {
    expect(() => train({ ...small, ...config } as RunInput, { dataset })).toThrow(sentence);
  });
});
