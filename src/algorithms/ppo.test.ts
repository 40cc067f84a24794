import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type ActivationName, adam } from "../nn/index.ts";
import { Key } from "../random/index.ts";
import { Box, Discrete } from "../spaces/index.ts";
import { backward, type FloatType, plan, step, tensor } from "../tensor/index.ts";
import { ActorCritic } from "./actor-critic.ts";
import { ppoLoss } from "./ppo.ts";

interface Array_ {
  shape: number[];
  data: number[];
}

interface Case {
  note: string;
  actionSpace: string;
  obsDim: number;
  netArch: { pi: number[] };
  activation: ActivationName;
  coefficients: {
    clipRange: number;
    clipRangeVf: number | null;
    entCoef: number;
    vfCoef: number;
    learningRate: number;
    adamBetas: [number, number];
    adamEps: number;
    maxGradNorm: number;
    normalizeAdvantage: boolean;
  };
  params: Record<string, Array_>;
  grads: Record<string, Array_>;
  paramsAfterUpdate: Record<string, Array_>;
  paramsAfterThreeUpdates: Record<string, Array_>;
  obs: Array_;
  actions: Array_;
  advantages: Array_;
  oldLogProb: Array_;
  oldValues: Array_;
  returns: Array_;
  values: Array_;
  logProb: Array_;
  policyLoss: number;
  valueLoss: number;
  entropyLoss: number;
  totalLoss: number;
  approxKl: number;
  clipFraction: number;
  gradNormBeforeClip: number;
}

const { cases } = JSON.parse(
  readFileSync(new URL("../../test/fixtures/sb3-ppo-update.json", import.meta.url), "utf8"),
) as { cases: Case[] };

/** Stable-Baselines3's name of one of our parameters. */
function theirName(name: string): string {
  return name
    .replace("policy.trunk", "mlp_extractor.policy_net")
    .replace("value.trunk", "mlp_extractor.value_net")
    .replace("policy.head", "action_net")
    .replace("value.head", "value_net")
    .replace("policy.logStd", "log_std");
}

function setUp(c: Case, dtype: FloatType) {
  const size = Number(/\d+/.exec(c.actionSpace)![0]);
  const discrete = c.actionSpace.startsWith("Discrete");
  const network = new ActorCritic({
    observationSize: c.obsDim,
    actionSpace: discrete ? new Discrete(size) : new Box(-1, 1, [size]),
    hidden: c.netArch.pi,
    activation: c.activation,
    orthogonalInit: true,
    logStdInit: 0,
    key: Key.fromSeed(0),
    dtype,
  });
  const parameters = network.parameters();
  for (const [name, parameter] of Object.entries(parameters)) parameter.set(c.params[theirName(name)]!.data);
  const { maxGradNorm, adamEps: eps, adamBetas: betas, learningRate } = c.coefficients;
  const optimiser = adam(parameters, { learningRate, betas, eps, maxGradNorm });
  const float = (a: Array_) => tensor(a.data, a.shape, dtype);
  const batch = {
    observations: float(c.obs),
    actions: discrete ? tensor(c.actions.data, c.actions.shape, "int32") : float(c.actions),
    oldLogProbs: float(c.oldLogProb),
    oldValues: float(c.oldValues),
    advantages: float(c.advantages),
    returns: float(c.returns),
  };
  return { network, parameters, optimiser, batch };
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void {
  expect(actual.length, what).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i]! - expected[i]!) / (1 + Math.abs(expected[i]!));
    expect(error, `${what}[${i}]: ${actual[i]} against ${expected[i]}`).toBeLessThanOrEqual(tolerance);
  }
}

describe.each(cases)("one PPO update against Stable-Baselines3: $note", (c) => {
  it.each([
    ["float64", 1e-9, 1e-9],
    ["float32", 1e-4, 1e-5],
  ] as const)("%s", (dtype, tolerance, afterAdam) => {
    const { network, parameters, optimiser, batch } = setUp(c, dtype);
    for (let update = 1; update <= 3; update++) {
      step(() => {
        const loss = ppoLoss(network, batch, c.coefficients);
        const gradients = backward(loss.total);
        optimiser.update(gradients);
        if (update > 1) return;
        const close = (a: ArrayLike<number>, b: ArrayLike<number>, what: string) => expectClose(a, b, tolerance, what);
        close(loss.values.data, c.values.data, "values");
        close(loss.logProbs.data, c.logProb.data, "logProb");
        close([loss.policyLoss.item()], [c.policyLoss], "policyLoss");
        close([loss.valueLoss.item()], [c.valueLoss], "valueLoss");
        close([-loss.entropy.item()], [c.entropyLoss], "entropyLoss");
        close([loss.total.item()], [c.totalLoss], "totalLoss");
        close([loss.approxKl.item()], [c.approxKl], "approxKl");
        // The library averages the comparisons in float32, whatever the dtype of the run.
        expectClose([loss.clipFraction.item()], [c.clipFraction], Math.max(tolerance, 1e-7), "clipFraction");
        close([optimiser.gradientNorm!.item()], [c.gradNormBeforeClip], "gradient norm");
        for (const [name, parameter] of Object.entries(parameters)) {
          close(gradients.of(parameter).data, c.grads[theirName(name)]!.data, `gradient of ${name}`);
        }
      });
      const expected = update === 1 ? c.paramsAfterUpdate : update === 3 ? c.paramsAfterThreeUpdates : undefined;
      for (const [name, parameter] of Object.entries(expected ? parameters : {})) {
        expectClose(parameter.data, expected![theirName(name)]!.data, afterAdam, `${name} after ${update}`);
      }
    }
  });

  it("a recorded plan gives the same bits as the eager step", () => {
    const eager = setUp(c, "float32");
    const planned = setUp(c, "float32");
    const record = plan({}, () => {
      planned.optimiser.update(backward(ppoLoss(planned.network, planned.batch, c.coefficients).total));
    });
    for (let update = 0; update < 3; update++) {
      step(() => eager.optimiser.update(backward(ppoLoss(eager.network, eager.batch, c.coefficients).total)));
      record.run();
    }
    for (const [name, parameter] of Object.entries(eager.parameters)) {
      expect(planned.parameters[name]!.toArray(), name).toEqual(parameter.toArray());
    }
  });
});

describe("negative controls: a broken loss is noticed", () => {
  const c = cases[0]!;
  const gradientError = (change: Partial<Case["coefficients"]>) => {
    const { network, parameters, batch } = setUp(c, "float64");
    return step(() => {
      const gradients = backward(ppoLoss(network, batch, { ...c.coefficients, ...change }).total);
      let worst = 0;
      for (const [name, parameter] of Object.entries(parameters)) {
        const expected = c.grads[theirName(name)]!.data;
        gradients.of(parameter).data.forEach((g, i) => {
          worst = Math.max(worst, Math.abs(g - expected[i]!));
        });
      }
      return worst;
    });
  };

  it.each([
    ["no clipping", { clipRange: 10 }],
    ["raw advantages", { normalizeAdvantage: false }],
    ["entropy pushed down", { entCoef: -c.coefficients.entCoef }],
    ["half the value loss", { vfCoef: c.coefficients.vfCoef / 2 }],
  ] as const)("%s", (_what, change) => {
    expect(gradientError({})).toBeLessThan(1e-9);
    expect(gradientError(change)).toBeGreaterThan(1e-4);
  });
});
