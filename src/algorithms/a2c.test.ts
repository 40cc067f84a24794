import { describe, expect, it } from "vitest";
import { oneEnvironment } from "../../test/support/transitions.ts";
import { Key } from "../random/index.ts";
import { Box, Discrete, MultiBinary, MultiDiscrete, type Space } from "../spaces/index.ts";
import { backward, neg, noGrad, randomStream, step, sum, type Tensor, tensor } from "../tensor/index.ts";
import { evaluate, train } from "../training/index.ts";
import { type A2cConfig, a2cLoss, judgeActions } from "./a2c.ts";
import { ActorCritic } from "./actor-critic.ts";
import { ppoLoss } from "./ppo.ts";

const key = Key.fromSeed(3);

function network(critic: "separate" | "action", actionSpace: Space<unknown> = new Discrete(3)) {
  return new ActorCritic({
    ...{ observationSize: 2, actionSpace, hidden: [6], activation: "tanh", orthogonalInit: false, logStdInit: 0 },
    ...{ critic, key, dtype: "float64" },
  });
}

describe("what is said of actions", () => {
  /** Two steps, cut off with 10 behind them, then two more, of which the last ends the episode. */
  const transitions = oneEnvironment({
    rewards: [1, 2, 3, 4],
    values: [0.5, 1, 1.5, 2],
    nextValues: [1, 10, 2, 99],
    truncated: [0, 1, 0, 0],
    terminated: [0, 0, 0, 1],
  });
  function judge(estimator: A2cConfig["estimator"], gaeLambda = 1, of = transitions) {
    const out = { advantages: new Float32Array(4), returns: new Float32Array(4) };
    judgeActions(of, { estimator, gamma: 0.5, gaeLambda }, out);
    return { advantages: [...out.advantages], returns: [...out.returns] };
  }
  /** r + γV′, and whole sums. */
  const oneStep = [1.5, 7, 4, 4];
  const toTheEnd = [4.5, 7, 5, 4];

  it.each([
    ["q", [0.5, 1, 1.5, 2], oneStep],
    ["td", oneStep, oneStep],
    ["advantage", [1, 6, 2.5, 2], oneStep],
    ["nStep", [4, 6, 3.5, 2], toTheEnd],
  ] as const)("by hand: %s", (estimator, advantages, returns) => {
    expect(judge(estimator)).toEqual({ advantages, returns });
  });

  it("by hand: GAE with λ = ½, of which λ = 0 and λ = 1 are two of the others", () => {
    // δ = [1, 6, 2.5, 2], γλ = ¼.
    expect(judge("gae", 0.5).advantages).toEqual([1 + 6 / 4, 6, 2.5 + 2 / 4, 2]);
    expect(judge("gae", 0.5).returns).toEqual([3, 7, 4.5, 4]);
    expect(judge("gae", 0)).toEqual(judge("advantage"));
    expect(judge("gae", 1)).toEqual(judge("nStep"));
  });

  it("control: a truncation that is taken for an end is noticed by every estimator that looks ahead", () => {
    const forgotten = { ...transitions, terminated: Uint8Array.of(0, 1, 0, 1) };
    for (const estimator of ["td", "advantage", "nStep", "gae"] as const) {
      expect(judge(estimator, 1, forgotten).advantages, estimator).not.toEqual(judge(estimator).advantages);
    }
    expect(judge("q", 1, forgotten).returns).not.toEqual(judge("q").returns);
  });
});

describe("the loss of A2C", () => {
  const float = (values: number[], shape?: number[]) => tensor(values, shape, "float64");
  const rows = { observations: [0.1, 0.5, -0.3, 0.2, 0.9, -0.7], actions: [0, 2, 1], advantages: [2, -1, 0.5] };
  const batch = {
    observations: float(rows.observations, [3, 2]),
    actions: tensor(rows.actions, [3], "int32"),
    advantages: float(rows.advantages),
    returns: float([3, 1, 2]),
  };
  const options = { normalizeAdvantage: false, entCoef: 0.1, vfCoef: 0.25 };
  const gradients = (model: ActorCritic, loss: () => Tensor) =>
    step(() => {
      const of = backward(loss());
      return Object.entries(model.parameters()).flatMap(([name, p]) =>
        of.has(p) && name.startsWith("policy") ? [...of.of(p).toArray()] : [],
      );
    });

  it("has the gradient −(1/B) Σ ∇ log π · Ψ, sample by sample", () => {
    const model = network("separate");
    const whole = gradients(model, () => a2cLoss(model, batch, { ...options, entCoef: 0 }).total);
    const sums = whole.map(() => 0);
    for (let t = 0; t < 3; t++) {
      const score = gradients(model, () => {
        const policy = model.policy(float(rows.observations.slice(2 * t, 2 * t + 2), [1, 2]));
        return neg(sum(policy.logProb(tensor([rows.actions[t]!], [1], "int32"))));
      });
      for (const [i, value] of score.entries()) sums[i]! += (value * rows.advantages[t]!) / 3;
    }
    for (const [i, value] of whole.entries()) expect(value).toBeCloseTo(sums[i]!, 12);
    expect(Math.max(...whole.map(Math.abs))).toBeGreaterThan(0.1);
  });

  it("has the gradient of PPO's where the policy is still the one that collected", () => {
    const model = network("separate");
    const values = () => model.forward(batch.observations);
    const old = step(() =>
      noGrad(() => ({ ...values(), logProbs: values().policy.logProb(batch.actions) }).logProbs.toArray()),
    );
    const ppo = gradients(
      model,
      () =>
        ppoLoss(
          model,
          { ...batch, oldLogProbs: float([...old]), oldValues: batch.returns },
          { ...options, clipRange: 0.2, clipRangeVf: null },
        ).total,
    );
    const ours = gradients(model, () => a2cLoss(model, batch, options).total);
    for (const [i, value] of ours.entries()) expect(value).toBeCloseTo(ppo[i]!, 12);
    const opposed = { ...batch, advantages: float(rows.advantages.map((a) => -a)) };
    expect(gradients(model, () => a2cLoss(model, opposed, options).total)[0]).not.toBeCloseTo(ppo[0]!, 3);
  });

  it("is the sum of its parts: policy, entropy and squared errors of the critic", () => {
    for (const critic of ["separate", "action"] as const) {
      const model = network(critic);
      const parts = step(() => {
        const { total, policyLoss, valueLoss, entropy } = a2cLoss(model, batch, options);
        return [total, policyLoss, valueLoss, entropy].map((part) => part.item());
      });
      const values = step(() => model.values(batch.observations, batch.actions).toArray());
      const errors = [3, 1, 2].map((target, i) => (target - values[i]!) ** 2);
      expect(parts[2]).toBeCloseTo((errors[0]! + errors[1]! + errors[2]!) / 3, 12);
      expect(parts[0]).toBeCloseTo(parts[1]! - 0.1 * parts[3]! + 0.25 * parts[2]!, 12);
    }
  });
});

describe("a critic of actions", () => {
  it("reads the action beside the observation, in every space", () => {
    const spaces = [new Discrete(3), new MultiDiscrete([2, 3]), new MultiBinary(2), new Box(-1, 1, [2])];
    for (const space of spaces) {
      const model = network("action", space);
      const stream = randomStream(key);
      step(() => {
        const observations = tensor([[0.3, -0.2]], undefined, "float64");
        const drawn = Array.from({ length: 20 }, () => model.policy(observations).sample(stream));
        const q = drawn.map((actions) => model.values(observations, actions).item());
        expect(new Set(q).size, space.kind).toBeGreaterThan(1);
        drawn.forEach((actions, i) => {
          expect(model.forward(observations, { actions }).values.item()).toBe(q[i]);
        });
      });
    }
  });

  it("cannot be asked without one, nor share the policy's trunk", () => {
    const observations = tensor([[0, 0]], undefined, "float64");
    expect(() => step(() => network("action").values(observations))).toThrow(/actions must be given to a critic Q/);
    const config = { algorithm: "a2c", env: "CartPole-v1", estimator: "q", sharedNetwork: true } as const;
    expect(() => train(config)).toThrow(/sharedNetwork must be false where estimator is "q"/);
  });

  it("learns what each action is worth: 1 and −1", () => {
    const makeEnv = () => ({
      observationSpace: new Box(-1, 1, [1]),
      actionSpace: new Discrete(2),
      reset: () => ({ observation: [0], info: {} }),
      step: (action: unknown) => {
        const reward = action === 1 ? 1 : -1;
        return { observation: [0], reward, terminated: true, truncated: false, info: {} };
      },
    });
    // The bonus keeps both actions in use.
    const config = { algorithm: "a2c", estimator: "q", useRmsProp: false, learningRate: "lin_0.01" } as const;
    const run = train({ ...config, steps: 4000, entCoef: 2, nEnvs: 4, seed: 1 }, { makeEnv });
    for (const _ of run);
    const model = (run.policy as unknown as { network: ActorCritic }).network;
    const q = (action: number) => step(() => model.values(tensor([[0]]), tensor([action], [1], "int32")).toArray()[0]!);
    expect(q(1)).toBeCloseTo(1, 1);
    expect(q(0)).toBeCloseTo(-1, 1);
  });
});

describe("A2C", () => {
  it("has many updates in an iteration, and none beyond the steps asked for", () => {
    const run = train({ algorithm: "a2c", env: "CartPole-v1", steps: 100, nEnvs: 2, logInterval: 4 });
    const updates = [...run].map(({ step, metrics }) => [step, metrics["update/count"]]);
    expect(updates).toEqual([
      [40, 4],
      [80, 8],
      [100, 10],
    ]);
  });

  it("follows the schedule from update to update", () => {
    const config = { algorithm: "a2c", env: "CartPole-v1", nEnvs: 1, steps: 100, learningRate: "lin_0.001" } as const;
    const { metrics } = train({ ...config, logInterval: 20 }).iterate();
    // Progress after 5, 10, …, 100 steps: the mean of 0.95, 0.9, …, 0.
    expect(metrics["schedule/learningRate"]).toBeCloseTo(0.001 * 0.475, 12);
  });

  it.each(["q", "td", "advantage"] as const)(
    "learns CartPole with estimator %s: better than twice random",
    (estimator) => {
      const run = train({ algorithm: "a2c", env: "CartPole-v1", estimator, steps: 100_000, seed: 1 });
      for (const _ of run);
      expect(evaluate(run.policy, { env: "CartPole-v1", episodes: 20 }).mean).toBeGreaterThan(50);
    },
  );

  it("solves CartPole with its preset (500 of 500)", () => {
    const run = train({ algorithm: "a2c", env: "CartPole-v1", seed: 1 });
    for (const _ of run);
    expect(run.step).toBe(500_000);
    expect(evaluate(run.policy, { env: "CartPole-v1", episodes: 20 }).mean).toBe(500);
  });
});
