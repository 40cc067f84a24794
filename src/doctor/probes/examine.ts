/** Which part of a learner does not work, by the probes with the run's own hyperparameters; and whether they are to blame, or its code. */
import type { Algorithm } from "../../algorithms/index.ts";
import { isBuiltIn } from "../../algorithms/registry.ts";
import type { SpaceKind } from "../../spaces/index.ts";
import { parseConfig, type ResolvedConfig } from "../../training/index.ts";
import { type Diagnosis, type Part, withValue } from "../diagnosis.ts";
import { entropyRung, type ProbeForm, policyRungs, type Rung, valueRungs } from "./ladder.ts";
import { type Attempt, tryRung } from "./try-rung.ts";

export interface ExaminedProbes {
  readonly diagnoses: readonly Diagnosis[];
  /** Of the probes that the learner was tried on. */
  readonly tried: readonly string[];
}

/**
 * What the probes are to an algorithm; the reason as text where it cannot be tried on them.
 * @param kind of the actions of the run's own environment: numbers, or choices of some kind
 */
export function formFor(
  { name, actionSpaces, observationSpaces, needs }: Algorithm,
  kind: SpaceKind,
): ProbeForm | string {
  if (needs !== undefined) return `${name} learns from what the probes do not have: ${needs}`;
  const wanted = kind === "box" ? (["box", "discrete"] as const) : (["discrete", "box"] as const);
  const actions = wanted.find((kind) => actionSpaces.includes(kind));
  const observations = (["box", "discrete"] as const).find((kind) => observationSpaces?.includes(kind) ?? true);
  if (!actions || !observations) return `the probes have no spaces that ${name} takes`;
  return { actions, observations };
}

/** @param again the words of the command that examines the run once more */
export function examineProbes(
  algorithm: Algorithm,
  run: ResolvedConfig,
  form: ProbeForm,
  again: readonly string[],
): ExaminedProbes {
  const diagnoses: Diagnosis[] = [];
  const tried: string[] = [];
  for (const rungs of algorithm.improves === false ? [valueRungs] : [valueRungs, [entropyRung], policyRungs]) {
    // Rungs build on one another: what fails after the first one fails for the same reason.
    for (const rung of rungs) {
      const attempt = tryRung(rung, run, form);
      if (attempt.passed === undefined) continue;
      tried.push(rung.name);
      if (attempt.passed) continue;
      const diagnosis = explain({ algorithm, run, form, rung, attempt, again });
      if (diagnosis) diagnoses.push(diagnosis);
      break;
    }
  }
  return { diagnoses, tried };
}

interface Failure {
  readonly algorithm: Algorithm;
  readonly run: ResolvedConfig;
  readonly form: ProbeForm;
  readonly rung: Rung;
  readonly attempt: Attempt;
  readonly again: readonly string[];
}

/** Undefined where a built-in algorithm fails with its own defaults too, which other tests would have found: the probe asks too much. */
function explain({ algorithm, run, form, rung, attempt, again }: Failure): Diagnosis | undefined {
  const { part, finding, remedy, name } = rung;
  const plain = plainConfig(algorithm, run);
  const isPlain = suspects(run, plain).length === 0;
  if (isPlain || tryRung(rung, plain, form).passed === false) {
    if (isBuiltIn(algorithm.name)) return undefined;
    const evidence = [
      ...attempt.evidence,
      {
        what: `the probe ${name}, with the defaults of ${algorithm.name}`,
        measured: "not learned",
        expected: "learned",
      },
    ];
    return {
      part,
      certainty: "certain",
      finding: `${finding}, whatever the hyperparameters`,
      evidence,
      remedy,
      confirm: again,
    };
  }
  const blamed = suspects(run, plain).find(
    (field) => tryRung(rung, { ...run, [field]: plain[field] }, form).passed !== false,
  );
  const shown = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  const others = {
    what: `the probe ${name}, with the defaults of ${algorithm.name}`,
    measured: "learned",
    expected: "learned",
  };
  if (blamed === undefined) {
    const fix = `Begin with the defaults of ${algorithm.name}, and change one hyperparameter at a time.`;
    const evidence = [...attempt.evidence, others];
    return {
      part: "hyperparameters",
      certainty: "likely",
      finding: `${finding}, because of several hyperparameters together`,
      evidence,
      remedy: fix,
      confirm: again,
    };
  }
  return {
    part: PARTS[blamed] ?? "hyperparameters",
    hyperparameter: blamed,
    certainty: "likely",
    finding: `${finding}, because of ${blamed} ${shown(run[blamed])}`,
    evidence: [
      ...attempt.evidence,
      {
        what: `the probe ${name}, with ${blamed} ${shown(plain[blamed])} and all else as it is`,
        measured: "learned",
        expected: "learned",
      },
    ],
    remedy: `Try ${blamed}=${shown(plain[blamed])}, the default of ${algorithm.name}.`,
    confirm: withValue(again, blamed, shown(plain[blamed])),
  };
}

/** The algorithm's own defaults in a run of the same length. */
function plainConfig({ name }: Algorithm, { env, seed, steps, nEnvs }: ResolvedConfig): ResolvedConfig {
  return parseConfig({ algorithm: name, env, seed, steps, nEnvs, preset: false }, { customEnv: true });
}

/** What hyperparameters set that have a name of their own. */
const PARTS: Readonly<Record<string, Part>> = {
  learningRate: "learning rate",
  ...{ targetUpdateInterval: "target network", tau: "target network", targetNetwork: "target network" },
  ...{ entCoef: "exploration", targetEntropy: "exploration", logStdInit: "exploration" },
};

/** Not the learner's, or not the run's own on a probe. */
const INNOCENT = [
  ...["algorithm", "env", "seed", "steps", "nEnvs", "gamma", "dataset", "normalizeObservation", "normalizeReward"],
  ...["learningStarts", "vMin", "vMax", "replayStrategy", "nSampledGoal", "pooling", "sparseInput", "logInterval"],
];
/** Those that are to blame most often first: a change of another might hide what they do. */
const USUAL = [
  "learningRate",
  "targetUpdateInterval",
  "tau",
  "entCoef",
  "targetEntropy",
  "vfCoef",
  "logStdInit",
  "clipRange",
];

/** The hyperparameters that are not what they are by default. */
function suspects(run: ResolvedConfig, plain: ResolvedConfig): string[] {
  const changed = Object.keys(run).filter(
    (field) => !INNOCENT.includes(field) && JSON.stringify(run[field]) !== JSON.stringify(plain[field]),
  );
  const place = (field: string) => (USUAL.includes(field) ? USUAL.indexOf(field) : USUAL.length);
  return changed.toSorted((a, b) => place(a) - place(b));
}
