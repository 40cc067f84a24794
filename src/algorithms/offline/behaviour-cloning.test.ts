import { describe, expect, it } from "vitest";
import { ENV, trainExpert, trainOffline } from "../../../test/support/offline.ts";
import { Bernoulli, Categorical, DiagonalGaussian } from "../../distributions/index.ts";
import { IdentityEnv, type IdentityOptions } from "../../envs/probes/identity-env.ts";
import { Box, Discrete, MultiBinary, MultiDiscrete, type Space } from "../../spaces/index.ts";
import { type Tensor, tensor } from "../../tensor/index.ts";
import { evaluate, type RunInput, recordDataset, train } from "../../training/index.ts";
import type { Policy } from "../algorithm.ts";
import { behaviourCloningLoss } from "./behaviour-cloning.ts";

/** What is observed are the logits, or the means. */
const categorical = { policy: (x: Tensor, { mask }: { mask?: Tensor | undefined } = {}) => new Categorical(x, mask) };
const gaussian = { policy: (x: Tensor) => new DiagonalGaussian(x, tensor([0, 0])) };

describe("the loss of behaviour cloning", () => {
  const observations = tensor([
    [1, 2],
    [0, 0],
  ]);
  const choices = { observations, actions: tensor([1, 0], [2], "int32"), masks: undefined };
  const surprise = (Math.log(1 + Math.exp(-1)) + Math.log(2)) / 2;

  it("is minus the mean log-probability of what was recorded, less the entropy", () => {
    const { total, imitation } = behaviourCloningLoss(categorical, choices, { loss: "logProb", entCoef: 0 });
    expect(imitation.item()).toBeCloseTo(surprise, 6);
    expect(total.item()).toBe(imitation.item());
    const p = 1 / (1 + Math.exp(-1));
    const entropy = (-p * Math.log(p) - (1 - p) * Math.log(1 - p) + Math.log(2)) / 2;
    const undecided = behaviourCloningLoss(categorical, choices, { loss: "logProb", entCoef: 0.5 });
    expect(undecided.imitation.item()).toBeCloseTo(surprise, 6);
    expect(undecided.total.item()).toBeCloseTo(surprise - 0.5 * entropy, 6);
  });

  it("gives no probability to what was not allowed", () => {
    const masks = tensor(
      [
        [0, 1],
        [1, 1],
      ],
      [2, 2],
      "uint8",
    );
    const { total } = behaviourCloningLoss(categorical, { ...choices, masks }, { loss: "logProb", entCoef: 0 });
    expect(total.item()).toBeCloseTo(Math.log(2) / 2, 6);
  });

  it("is the squared error of a Gaussian's mean, summed over the entries of an action", () => {
    const numbers = {
      observations,
      actions: tensor([
        [0, 2],
        [1, 3],
      ]),
      masks: undefined,
    };
    const { total } = behaviourCloningLoss(gaussian, numbers, { loss: "mse", entCoef: 0 });
    expect(total.item()).toBeCloseTo((1 + (1 + 9)) / 2, 6);
    const likelihood = behaviourCloningLoss(gaussian, numbers, { loss: "logProb", entCoef: 0 });
    expect(likelihood.total.item()).toBeCloseTo(total.item() / 2 + Math.log(2 * Math.PI), 5);
  });

  it("takes switches", () => {
    const switches = { policy: (x: Tensor) => new Bernoulli(x) };
    const actions = tensor(
      [
        [1, 1],
        [0, 1],
      ],
      [2, 2],
      "int32",
    );
    const { total } = behaviourCloningLoss(
      switches,
      { observations, actions, masks: undefined },
      { loss: "logProb", entCoef: 0 },
    );
    const off = (x: number) => Math.log(1 + Math.exp(-x));
    expect(total.item()).toBeCloseTo((off(1) + off(2) + 2 * Math.log(2)) / 2, 6);
  });
});

/** Does what the identity environments ask for, or `wrong`. */
function master(space: Space<unknown>, wrong?: unknown): Policy {
  return {
    observationSpace: space,
    actionSpace: space,
    act: (observation) => wrong ?? observation,
    reseed() {},
    parameters: () => ({}),
    load() {},
  };
}

function clone(space: Space<unknown>, config: object = {}, options: IdentityOptions = {}, wrong?: unknown) {
  const made: IdentityEnv[] = [];
  const env = () => {
    made.push(new IdentityEnv(space, options));
    return made.at(-1)!;
  };
  const dataset = recordDataset(master(space, wrong), { env, steps: 1000 });
  const own: RunInput = {
    algorithm: "behaviour-cloning",
    steps: 600,
    hidden: [32],
    learningRate: "lin_0.02",
    entCoef: 0,
  };
  const returns = [0, 1, 2, 3, 4].map((seed) => {
    const run = train({ ...own, ...config, seed }, { makeEnv: env, dataset });
    for (const _ of run);
    return evaluate(run.policy, { env, episodes: 2 }).mean;
  });
  return { worst: Math.min(...returns), invalidActions: made.reduce((sum, env) => sum + env.invalidActions, 0) };
}

describe("behaviour cloning", () => {
  it.each<[string, Space<unknown>, object?]>([
    ["Discrete", new Discrete(4)],
    ["Discrete that starts at 3", new Discrete(2, 3)],
    ["MultiDiscrete", new MultiDiscrete([2, 3])],
    ["MultiBinary", new MultiBinary(3)],
    ["Box", new Box(-1, 1, [2])],
    ["Box, squared error", new Box(-1, 1, [2]), { loss: "mse" }],
  ])("does what somebody did who knew what to do: %s, five seeds", (_name, space, config) => {
    expect(clone(space, config).worst).toBeGreaterThanOrEqual(90);
  });

  it("keeps to masks", () => {
    const { worst, invalidActions } = clone(new Discrete(9), {}, { allowed: 3 });
    expect(worst).toBeGreaterThanOrEqual(90);
    expect(invalidActions).toBe(0);
  });

  it("would fail with data of somebody who did not: rewards are not looked at", () => {
    expect(clone(new Discrete(4), {}, {}, 2).worst).toBeLessThan(40);
  });

  it("reaches at least 475 on CartPole from an expert's 3000 transitions, five seeds", () => {
    const { policy } = trainExpert();
    for (const seed of [1, 2, 3, 4, 5]) {
      const dataset = recordDataset(policy, { env: ENV, steps: 3000, seed });
      const mean = trainOffline({ algorithm: "behaviour-cloning", steps: 2000 }, dataset, seed);
      expect(mean, `seed ${seed}`).toBeGreaterThanOrEqual(475);
    }
  }, 60_000);

  it("refuses squared errors of choices", () => {
    const dataset = recordDataset(undefined, { env: ENV, steps: 10 });
    const config = { algorithm: "behaviour-cloning", env: ENV, loss: "mse" } as const;
    expect(() => train(config, { dataset })).toThrow(/loss must be "logProb" where actions are discrete; got "mse"/);
  });
});
