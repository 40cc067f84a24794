import { describe, expect, it } from "vitest";
import { IdentityEnv } from "../../../test/support/identity-env.ts";
import { probeEnv, rewardFromAction } from "../../../test/support/probe-envs.ts";
import { Categorical } from "../../distributions/index.ts";
import { MultiDiscrete } from "../../spaces/index.ts";
import { noGrad, step, tensor } from "../../tensor/index.ts";
import { type RunInput, type TrainOptions, train } from "../../training/index.ts";
import type { ActorCriticPolicy } from "../actor-critic-policy.ts";

const small = {
  algorithm: "trpo",
  preset: "none",
  seed: 1,
  steps: 2048,
  nEnvs: 2,
  nSteps: 128,
  hidden: [16],
} satisfies RunInput;
const masked = () => new IdentityEnv(new MultiDiscrete([4, 3]), { allowed: 2 });
const runs: Record<string, [RunInput, TrainOptions?]> = {
  Discrete: [{ ...small, env: "CartPole-v1" }],
  Box: [{ ...small, env: "Pendulum-v1" }],
  "Box with state-dependent noise": [{ ...small, env: "Pendulum-v1", useSde: true, sdeSampleFreq: 4, logStdInit: -1 }],
  "masked MultiDiscrete": [small, { makeEnv: masked }],
};

/** What every iteration reports. */
function metricsOf(config: RunInput, options?: TrainOptions): Record<string, number>[] {
  return [...train(config, options)].map(({ metrics }) => metrics);
}

describe.each(Object.entries(runs))("every step of TRPO, %s", (_name, [config, options]) => {
  it("stays inside the trust region and raises the surrogate, or is not taken", () => {
    const all = metricsOf(config, options);
    for (const metrics of all) {
      expect(metrics["policy/kl"]).toBeLessThanOrEqual(0.01);
      if (metrics["update/accepted"]) {
        expect(metrics["policy/kl"]).toBeGreaterThan(0);
        expect(metrics["policy/surrogateGain"]).toBeGreaterThan(0);
      } else expect(metrics).toMatchObject({ "policy/kl": 0, "policy/surrogateGain": 0, "update/lineSearchSteps": 10 });
    }
    const accepted = all.filter((metrics) => metrics["update/accepted"]).length;
    expect(accepted).toBeGreaterThan(0.8 * all.length);
  });
});

describe("TRPO", () => {
  const cartPole = { ...small, env: "CartPole-v1" } as const;

  it("reports the divergence that the policies before and after the update really have", () => {
    const run = train({ ...small, steps: 512 }, { makeEnv: rewardFromAction });
    // All that is ever seen there is 0.
    const logits = () =>
      step(() => noGrad(() => (run.policy as ActorCriticPolicy).network.policy(tensor([[0]])).coordinates.toArray()));
    const policy = (values: ArrayLike<number>) => new Categorical(tensor(values, [1, 2]));
    for (let before = logits(); !run.done; before = logits()) {
      const { metrics } = run.iterate();
      const kl = policy(before).kl(policy(logits())).item();
      expect(Math.abs(metrics["policy/kl"]! - kl)).toBeLessThan(1e-5);
      expect(kl).toBeGreaterThan(1e-3);
    }
  });

  it("goes as far as it may: the divergence follows targetKl", () => {
    for (const targetKl of [0.001, 0.01, 0.1]) {
      const { "policy/kl": kl } = metricsOf({ ...cartPole, steps: 256, targetKl, cgDamping: 1e-3 })[0]!;
      expect(kl! / targetKl).toBeGreaterThan(0.4);
      expect(kl! / targetKl).toBeLessThanOrEqual(1);
    }
  });

  it("leaves the policy as it is, bit for bit, where no step was found", () => {
    // To second order KL allows far more than it does: half of 50 nats is out of reach for two actions.
    const impossible = { ...cartPole, steps: 256, targetKl: 1e-12, lineSearchMaxIter: 1, nCriticUpdates: 1 };
    const run = train(impossible);
    const policyOf = () => Object.entries(run.policy.parameters()).filter(([name]) => name.startsWith("policy."));
    const [before, critic] = [policyOf(), run.parametersSha256()];
    const { metrics } = run.iterate();
    expect(metrics).toMatchObject({ "update/accepted": 0, "policy/kl": 0, "update/lineSearchSteps": 1 });
    expect(policyOf()).toEqual(before);
    expect(run.parametersSha256()).not.toBe(critic);
  });

  it("takes no step where nothing is to be gained: no advantage, no gradient", () => {
    const makeEnv = () => probeEnv({ length: 1, observation: () => 0, reward: () => 0 });
    // Without biases the first critic says 0 of the observation 0, which is right.
    const config = { ...small, steps: 256, normalizeAdvantage: false, gamma: 0 };
    const run = train(config, { makeEnv });
    const { metrics } = run.iterate();
    expect(metrics).toMatchObject({ "update/accepted": 0, "update/lineSearchSteps": 0, "gradient/norm": 0 });
  });

  it("comes as far with a fifth of the samples, and only then draws them", () => {
    const [all] = metricsOf({ ...cartPole, steps: 256 });
    const [some] = metricsOf({ ...cartPole, steps: 256, subSamplingFactor: 5 });
    expect(some!["policy/kl"]).not.toBe(all!["policy/kl"]);
    expect(some!["update/accepted"]).toBe(1);
  });

  it("refuses batches that a rollout cannot give", () => {
    const start = (config: Record<string, unknown>) => () => train({ ...cartPole, ...config });
    expect(start({ batchSize: 257 })).toThrow(/batchSize must be at most nSteps × nEnvs = 256/);
    expect(start({ subSamplingFactor: 129 })).toThrow(/subSamplingFactor must be at most half of nSteps × nEnvs = 256/);
    expect(start({ nEnvs: 1, nSteps: 1, batchSize: 1 })).toThrow(/nSteps must be at least 2/);
  });
});
