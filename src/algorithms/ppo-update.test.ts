import { describe, expect, it } from "vitest";
import { train } from "../training/index.ts";

/** The first iteration on CartPole: what it measured, and what the parameters were after it. */
function firstIteration(config: Record<string, unknown>) {
  const run = train({ algorithm: "ppo", env: "CartPole-v1", preset: "none", seed: 1, nSteps: 128, ...config });
  const { metrics } = run.iterate();
  return { metrics, sha256: run.parametersSha256() };
}

describe("an update of PPO", () => {
  it("ends before the step that would follow an excess of 1.5 times targetKl, and not sooner", () => {
    const whole = { batchSize: 128, learningRate: 1e-2 };
    const [one, two] = [1, 2].map((nEpochs) => firstIteration({ ...whole, nEpochs }));
    // Nothing has moved in the first of two equal minibatches, so their mean is half of what the second finds.
    const kl = 2 * two!.metrics["policy/approxKl"]!;
    expect(one!.metrics["policy/approxKl"]).toBe(0);
    expect(kl).toBeGreaterThan(1e-4);
    const ended = firstIteration({ ...whole, nEpochs: 2, targetKl: kl / 1.6 });
    expect(ended.metrics).toMatchObject({ "update/count": 1, "update/epochs": 2 });
    expect(ended.metrics["policy/approxKl"]).toBe(two!.metrics["policy/approxKl"]);
    expect(ended.sha256).toBe(one!.sha256);
    const held = firstIteration({ ...whole, nEpochs: 2, targetKl: kl / 1.4 });
    expect(held.sha256).toBe(two!.sha256);
    expect(held.sha256).not.toBe(ended.sha256);
  });

  it("shuffles the rollout anew for every epoch", () => {
    // At a learning rate of 0 only the minibatches differ.
    const still = { batchSize: 32, learningRate: 0 };
    const norms = [1, 2].map((nEpochs) => firstIteration({ ...still, nEpochs }).metrics["gradient/norm"]!);
    expect(Math.abs(norms[0]! - norms[1]!)).toBeGreaterThan(1e-4 * norms[0]!);
  });

  it("leaves a last minibatch of one as it is: one advantage has no deviation", () => {
    for (const [nSteps, nEnvs] of [
      [33, 1],
      [11, 3],
    ]) {
      const { metrics } = firstIteration({ nSteps, nEnvs, batchSize: 16, nEpochs: 3 });
      expect(metrics["update/count"]).toBe(9);
      for (const value of Object.values(metrics)) expect(value).toSatisfy(Number.isFinite);
    }
  });
});
