import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { adam } from "../../nn/index.ts";
import { Key } from "../../random/index.ts";
import { backward, type FloatType, noGrad, plan, type Tensor, tensor } from "../../tensor/index.ts";
import { dqnLoss, nextOutputs } from "./dqn-loss.ts";
import { bellmanTargets, expectedValueHead } from "./heads/expected-value.ts";
import { makeQNetwork } from "./networks/q-network.ts";

interface Array_ {
  shape: number[];
  data: number[];
}

interface Case {
  algorithm: string;
  note: string;
  obsDim: number;
  numActions: number;
  netArch: number[];
  gamma: number;
  learningRate: number;
  maxGradNorm: number;
  params: Record<string, Array_>;
  targetParams: Record<string, Array_>;
  obs: Array_;
  nextObs: Array_;
  actions: number[];
  rewards: number[];
  dones: number[];
  targetQ: number[];
  loss: number;
  grads: Record<string, Array_>;
  gradNormBeforeClip: number;
  paramsAfterUpdate: Record<string, Array_>;
  doubleDqn: { targetQ: number[]; loss: number; grads: Record<string, Array_> };
}

const { cases } = JSON.parse(
  readFileSync(new URL("../../../test/fixtures/sb3-dqn-target.json", import.meta.url), "utf8"),
) as { cases: Case[] };
const dqnCases = cases.filter(({ algorithm }) => algorithm === "DQN");

/** One update of the fixture's networks on its batch, as a plan: what training runs. */
function update(c: Case, dtype: FloatType, { double = false, unmasked = false } = {}) {
  const network = (parameters: Record<string, Array_>) => {
    const options = {
      observationSize: c.obsDim,
      actions: c.numActions,
      hidden: c.netArch,
      activation: "relu",
    } as const;
    const made = makeQNetwork({ ...options, size: 1, dueling: false, key: Key.fromSeed(0), dtype });
    for (const [name, parameter] of Object.entries(made.parameters())) parameter.set(parameters[`q_net.${name}`]!.data);
    return made;
  };
  const [online, target] = [network(c.params), network(c.targetParams)];
  const { learningRate, maxGradNorm } = c;
  const optimiser = adam(online.parameters(), { learningRate, maxGradNorm });
  const float = (a: Array_) => tensor(a.data, a.shape, dtype);
  const batch = {
    observations: float(c.obs),
    nextObservations: float(c.nextObs),
    actions: tensor(c.actions, [c.actions.length], "int32"),
    masks: undefined,
    nextMasks: undefined,
    returns: tensor(c.rewards, [c.rewards.length], dtype),
    discounts: tensor(
      c.dones.map((done) => (unmasked ? c.gamma : c.gamma * (1 - done))),
      [c.dones.length],
      dtype,
    ),
    weights: tensor(new Array(c.dones.length).fill(1), [c.dones.length], dtype),
  };
  const options = { head: expectedValueHead("huber"), double, weighted: true };
  const recorded = plan({}, () => {
    const next = options.head.values(noGrad(() => nextOutputs(online, target, batch, options)));
    const targets = noGrad(() => bellmanTargets({ ...batch, next }));
    const { total, meanValue } = dqnLoss(online, target, batch, options);
    const gradients = backward(total);
    const found = Object.entries(online.parameters()).map(([name, p]) => [name, gradients.of(p)] as const);
    optimiser.update(gradients);
    return { targets, total, meanValue, gradients: Object.fromEntries(found) };
  });
  return { ...recorded.run(), optimiser, parameters: online.parameters() };
}

function expectNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < actual.length; i++) {
    const error = Math.abs(actual[i]! - expected[i]!) / (1 + Math.abs(expected[i]!));
    expect(error, `entry ${i}: ${actual[i]} instead of ${expected[i]}`).toBeLessThan(tolerance);
  }
}

function expectAllNear(actual: Record<string, Tensor>, expected: Record<string, Array_>, tolerance: number): void {
  expect(Object.keys(actual)).toHaveLength(Object.keys(expected).length);
  for (const [name, found] of Object.entries(actual)) {
    expectNear(found.toArray(), expected[`q_net.${name}`]!.data, tolerance);
  }
}

const tolerances: readonly [FloatType, number][] = [
  ["float64", 1e-9],
  ["float32", 1e-4],
];

describe.each(tolerances)("one update equals Stable-Baselines3's, %s within %d", (dtype, tolerance) => {
  it.each(dqnCases)("DQN, $note", (c) => {
    const { targets, total, gradients, optimiser, parameters } = update(c, dtype);
    expectNear(targets.toArray(), c.targetQ, tolerance);
    expectNear([total.item(), optimiser.gradientNorm!.item()], [c.loss, c.gradNormBeforeClip], tolerance);
    expectAllNear(gradients, c.grads, tolerance);
    expectAllNear(parameters, c.paramsAfterUpdate, tolerance);
  });

  it.each(dqnCases)("double DQN, $note", (c) => {
    const { targets, total, gradients } = update(c, dtype, { double: true });
    expectNear(targets.toArray(), c.doubleDqn.targetQ, tolerance);
    expectNear([total.item()], [c.doubleDqn.loss], tolerance);
    expectAllNear(gradients, c.doubleDqn.grads, tolerance);
  });
});

it.each(dqnCases)(
  "the comparison would notice a bootstrap after termination, and the other of the two targets: $note",
  (c) => {
    const near = (options: object) => () =>
      expectNear(update(c, "float64", options).targets.toArray(), c.targetQ, 1e-9);
    expect(near({})).not.toThrow();
    expect(near({ unmasked: true })).toThrow();
    expect(near({ double: true })).toThrow();
  },
);
