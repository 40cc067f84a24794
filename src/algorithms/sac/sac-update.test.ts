import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { TransitionBatch } from "../../data/index.ts";
import { adam, type Optimiser, type Parameters } from "../../nn/index.ts";
import { Key } from "../../random/index.ts";
import { add, exp, type FloatType, mul, plan, step, tensor } from "../../tensor/index.ts";
import { Critics } from "../off-policy/critics.ts";
import { follow } from "../off-policy/target-network.ts";
import { recordUpdate } from "./record-update.ts";
import type { SacParts } from "./sac-update.ts";
import { SquashedActor } from "./squashed-actor.ts";
import { Temperature } from "./temperature.ts";

interface Fixed {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
type Named = Readonly<Record<string, Fixed>>;

/** As far as it is read here. */
interface Case {
  readonly algorithm: string;
  readonly note: string;
  readonly obsDim: number;
  readonly actionDim: number;
  readonly netArch: readonly number[];
  readonly gamma: number;
  readonly tau: number;
  readonly learningRate: number;
  readonly targetEntropy: number;
  readonly entCoefMode: "learned" | "fixed";
  readonly entCoef: number;
  readonly logEntCoef: number;
  readonly logEntCoefAfter: number;
  readonly obs: Fixed;
  readonly nextObs: Fixed;
  readonly actions: Fixed;
  readonly noiseObs: Fixed;
  readonly noiseNextObs: Fixed;
  readonly rewards: readonly number[];
  readonly dones: readonly number[];
  readonly targetQ: readonly number[];
  readonly currentQ: readonly (readonly number[])[];
  readonly criticLoss: number;
  readonly actorLoss: number;
  readonly actorGrads: Named;
  readonly criticGrads: Named;
  readonly actorParams: Named;
  readonly actorParamsAfter: Named;
  readonly criticParams: Named;
  readonly criticParamsAfter: Named;
  readonly criticTargetParams: Named;
  readonly criticTargetParamsAfter: Named;
}

const { cases } = JSON.parse(readFileSync("test/fixtures/sb3-dqn-target.json", "utf8")) as { cases: Case[] };

/** The library's actor has two heads; ours are the two halves of one. */
function actorFrom(named: Named): Record<string, readonly number[]> {
  const of = (name: string) => named[name]!.data;
  const bodies = ["0.weight", "0.bias", "2.weight", "2.bias"].map((name) => [name, of(`latent_pi.${name}`)] as const);
  const heads = ["weight", "bias"].map(
    (name) => [`4.${name}`, [...of(`mu.${name}`), ...of(`log_std.${name}`)]] as const,
  );
  return Object.fromEntries([...bodies, ...heads]);
}

function criticsFrom(named: Named): Record<string, readonly number[]> {
  return Object.fromEntries(Object.entries(named).map(([name, { data }]) => [name.replace("qf", "q"), data]));
}

function fill(parameters: Parameters, values: Record<string, readonly number[]>): void {
  for (const [name, value] of Object.entries(values)) parameters[name]!.set(value);
}

function build(given: Case, dtype: FloatType): SacParts {
  const { obsDim: observationSize, actionDim: actionSize, learningRate, targetEntropy } = given;
  const key = Key.fromSeed(1);
  const sizes = { observationSize, actionSize, hidden: given.netArch, activation: "relu", key, dtype } as const;
  const actor = new SquashedActor(sizes);
  const [critics, targets] = [new Critics({ ...sizes, count: 2 }), new Critics({ ...sizes, count: 2 })];
  fill(actor.parameters(), actorFrom(given.actorParams));
  fill(critics.parameters(), criticsFrom(given.criticParams));
  fill(targets.parameters(), criticsFrom(given.criticTargetParams));
  const temperature = new Temperature(given.entCoefMode === "learned" ? "auto" : given.entCoef, { dtype });
  if (temperature.optimiser) {
    temperature.logValue.set([given.logEntCoef]);
    temperature.optimiser.learningRate = learningRate;
  }
  return {
    actor,
    critics,
    targets,
    temperature,
    actorOptimiser: adam(actor, { learningRate }),
    criticOptimiser: adam(critics, { learningRate }),
    targetEntropy,
  };
}

/** The library's update, order of its steps included. */
function update(parts: SacParts, given: Case, dtype: FloatType) {
  const of = ({ data, shape }: Fixed) => tensor(data, shape, dtype);
  const noises = [of(given.noiseObs), of(given.noiseNextObs)];
  const batch = {
    observations: of(given.obs),
    actions: of(given.actions),
    nextObservations: of(given.nextObs),
    masks: undefined,
    nextMasks: undefined,
    returns: tensor(given.rewards, undefined, dtype),
    discounts: tensor(
      given.dones.map((done) => given.gamma * (1 - done)),
      undefined,
      dtype,
    ),
    weights: tensor(
      given.dones.map(() => 1),
      undefined,
      dtype,
    ),
  };
  const memory = { record: <R>(update: (batch: TransitionBatch) => R) => plan({}, () => update(batch)) };
  const draw = () => noises.shift()!;
  const measured = recordUpdate(
    parts,
    memory,
    ({ gaussian }) => add(gaussian.mean, mul(draw(), exp(gaussian.logStd))),
    { config: { batchSize: given.rewards.length, gamma: given.gamma } },
  ).run();
  step(() => follow(parts.targets.parameters(), parts.critics.parameters(), given.tau));
  return {
    ...measured,
    values: measured.values.map((value) => value.toArray()),
    targets: measured.targets.toArray(),
  };
}

const close = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, name: string) => {
  expect(actual.length, name).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i]! - expected[i]!);
    expect(error, `${name}[${i}]`).toBeLessThanOrEqual(tolerance * (1 + Math.abs(expected[i]!)));
  }
};

const expectParameters = (parameters: Parameters, values: Record<string, readonly number[]>, tolerance: number) => {
  expect(Object.keys(parameters).sort()).toEqual(Object.keys(values).sort());
  for (const [name, value] of Object.entries(values)) close(parameters[name]!.data, value, tolerance, name);
};

/** Adam's averages after one step are (1 − β₁) of the gradients: these, which a step of about their sign alone would hide. */
function firstMoments(optimiser: Optimiser): Parameters {
  const moments = Object.entries(optimiser.state()).filter(([name]) => name.startsWith("m/"));
  return Object.fromEntries(
    moments.map(([name, { data, shape, dtype }]) => {
      return [
        name.slice(2),
        tensor(
          Array.from(data, (m) => m / 0.1),
          shape,
          dtype,
        ),
      ];
    }),
  );
}

const updates = cases.filter(({ algorithm }) => algorithm === "SAC");

describe.each(updates)("one update equals Stable-Baselines3's, $note", (given) => {
  it.each([
    ["float64", 1e-9],
    ["float32", 1e-4],
  ] as const)("%s", (dtype, tolerance) => {
    const parts = build(given, dtype);
    const { targets, values, criticLoss, actorLoss } = update(parts, given, dtype);
    close(targets, given.targetQ, tolerance, "targets");
    values.forEach((value, k) => {
      close(value, given.currentQ[k]!, tolerance, `Q${k}`);
    });
    close([criticLoss.item(), actorLoss.item()], [given.criticLoss, given.actorLoss], tolerance, "losses");
    if (given.entCoefMode === "learned") {
      close(parts.temperature.logValue.data, [given.logEntCoefAfter], tolerance, "log α");
    }
    expectParameters(firstMoments(parts.criticOptimiser), criticsFrom(given.criticGrads), tolerance);
    expectParameters(firstMoments(parts.actorOptimiser), actorFrom(given.actorGrads), tolerance);
    expectParameters(parts.critics.parameters(), criticsFrom(given.criticParamsAfter), tolerance);
    expectParameters(parts.actor.parameters(), actorFrom(given.actorParamsAfter), tolerance);
    expectParameters(parts.targets.parameters(), criticsFrom(given.criticTargetParamsAfter), tolerance);
  });
});

it("would find other losses with noise that is not the library's, and with another γ", () => {
  const given = updates[0]!;
  const lossesOf = (wrong: Case) => {
    const { criticLoss, actorLoss } = update(build(given, "float64"), wrong, "float64");
    return [criticLoss.item(), actorLoss.item()];
  };
  const [criticLoss, actorLoss] = lossesOf({ ...given, gamma: 0.98, noiseObs: given.noiseNextObs });
  expect(Math.abs(criticLoss! - given.criticLoss)).toBeGreaterThan(1e-3);
  expect(Math.abs(actorLoss! - given.actorLoss)).toBeGreaterThan(1e-3);
});
