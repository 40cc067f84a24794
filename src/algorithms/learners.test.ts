import { describe, expect, it } from "vitest";
import { IdentityEnv } from "../../test/support/identity-env.ts";
import { Discrete, MultiDiscrete } from "../spaces/index.ts";
import { evaluate, type RunInput, resumeRun, type TrainOptions, train } from "../training/index.ts";

/** What an interrupted run must not differ in: every kind of state that a learner has. */
const runs: Record<string, [RunInput, TrainOptions?]> = {
  "PPO, Discrete": [{ algorithm: "ppo", env: "CartPole-v1", steps: 2560 }],
  "PPO, Box with state-dependent noise, everything normalised": [
    { algorithm: "ppo", env: "MountainCarContinuous-v0", steps: 640, clipRangeVf: "lin_0.5" },
  ],
  "PPO, Box, one trunk, a last small minibatch": [
    {
      algorithm: "ppo",
      env: "Pendulum-v1",
      preset: "none",
      steps: 1000,
      nSteps: 100,
      batchSize: 64,
      sharedNetwork: true,
    },
  ],
  "PPO, masked MultiDiscrete": [
    { algorithm: "ppo", steps: 1280, nEnvs: 4, nSteps: 32, targetKl: 0.02 },
    { makeEnv: () => new IdentityEnv(new MultiDiscrete([4, 3]), { allowed: 2 }) },
  ],
  "REINFORCE, Discrete": [{ algorithm: "reinforce", env: "CartPole-v1", steps: 3000 }],
  "REINFORCE, Box, everything normalised, without a critic": [
    {
      algorithm: "reinforce",
      env: "Pendulum-v1",
      steps: 3000,
      nEnvs: 3,
      baseline: "average",
      normalizeObservation: true,
      normalizeReward: true,
    },
  ],
  "analytic policy gradient, windows cut by the ends of episodes": [
    { algorithm: "analytic-policy-gradient", env: "Pendulum-v1", steps: 1500, nEnvs: 3, nSteps: 30, nEpochs: 2 },
  ],
  "supervised learning, observations normalised": [
    { algorithm: "supervised", env: "Digits-v0", steps: 1000, nEnvs: 4, nSteps: 40, normalizeObservation: true },
  ],
  "REINFORCE, masked Discrete": [
    { algorithm: "reinforce", steps: 2000, nEnvs: 2, episodes: 2 },
    { makeEnv: () => new IdentityEnv(new Discrete(9), { allowed: 3 }) },
  ],
};

describe.each(Object.entries(runs))("%s", (_name, [config, options]) => {
  const start = () => train({ seed: 3, ...config }, options);
  const whole = start();
  for (const _ of whole);

  it("goes on from a checkpoint with the same bits", () => {
    const first = start();
    first.iterate();
    first.iterate();
    const second = resumeRun(first.checkpoint(), options);
    expect(second.parametersSha256()).toBe(first.parametersSha256());
    for (const _ of second);
    expect(second.step).toBe(whole.step);
    expect(second.parametersSha256()).toBe(whole.parametersSha256());
  });

  it("is not changed by acting, evaluating and saving in between", () => {
    const watched = start();
    const observation = watched.policy.observationSpace.unflattenAction(
      new Float32Array(watched.policy.observationSpace.actionSize),
      0,
    );
    for (const _ of watched) {
      watched.policy.act(observation);
      watched.policy.act(observation, { deterministic: true });
      evaluate(watched.policy, { env: options?.makeEnv ? () => options.makeEnv!(0) : config.env!, episodes: 1 });
      watched.checkpoint();
    }
    expect(watched.parametersSha256()).toBe(whole.parametersSha256());
  });

  it("depends on the seed", () => {
    const other = train({ ...config, seed: 4 }, options);
    for (const _ of other);
    expect(other.parametersSha256()).not.toBe(whole.parametersSha256());
  });
});
