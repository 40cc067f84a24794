/**
 * The doctor: for someone whose agent does not learn. It plays with the environment, tries the learner on the probe environments with the
 * run's own hyperparameters, looks at how the run begins under the microscope and at what it measured, and says what is not as it is in
 * healthy runs, the most likely cause first. It knows no faults: every finding is a measurement that left its range.
 */
import type { Metrics } from "../algorithms/index.ts";
import { type AnyEnv, makeEnv as makeRegistered } from "../envs/index.ts";
import type { InspectionRecord } from "../inspection/index.ts";
import { findAlgorithm } from "../training/config.ts";
import { parseConfig, type ResolvedConfig, type RunInput } from "../training/index.ts";
import { type Diagnosis, inOrder } from "./diagnosis.ts";
import { examineEnvironment } from "./environment/examine.ts";
import { examineProbes, formFor } from "./probes/examine.ts";
import { examineRun } from "./run/examine.ts";
import { trainShortly } from "./run/short-run.ts";

export interface DoctorSubject {
  /** A registered id; of an environment of one's own only its name. Left out: that of the run. */
  readonly env?: string;
  /** Makes environments of one's own. */
  readonly makeEnv?: () => AnyEnv;
  /** What is trained; left out, the environment alone is examined. */
  readonly run?: RunInput;
  /** Of a run that was trained: what it measured, iteration by iteration, and what the microscope saw. */
  readonly metrics?: readonly Metrics[];
  readonly records?: readonly InspectionRecord[];
  /** The words behind `limpid` that examine this once more; default: `doctor`, what is named above, and the run's hyperparameters. */
  readonly again?: readonly string[];
  /** Default: the run's, or 0. */
  readonly seed?: number;
}

export interface Examination {
  /** The most likely cause first; none where nothing is out of its range. */
  readonly diagnoses: readonly Diagnosis[];
  /** What was looked at, a line each, and what could not be. */
  readonly examined: readonly string[];
}

/**
 * Examines an environment, or a run and its environment. The same subject gives the same examination.
 * @throws ConfigError for a configuration or an id that cannot be
 */
export function examine(subject: DoctorSubject): Examination {
  const { makeEnv: own, run } = subject;
  const config = run && parseConfig(run, { customEnv: own !== undefined });
  const name = config?.env ?? subject.env ?? "the environment";
  const makeEnv = own ?? (() => makeRegistered(name));
  if (!own) makeEnv(); // an unknown id is a mistake, not a finding
  const seed = subject.seed ?? config?.seed ?? 0;
  const again = subject.again ?? ["doctor", ...(run ? [run.algorithm] : []), name, ...assignments(run)];
  const algorithm = config && findAlgorithm(config.algorithm);
  const environment = examineEnvironment({
    ...{ name, makeEnv, seed, again },
    normalizesObservations: config?.normalizeObservation === true,
    normalizesRewards: config?.normalizeReward === true,
    improves: algorithm?.improves !== false,
  });
  const { played } = environment;
  const examined = [
    `the environment: the checker, and ${played ? `${played.steps.length} steps of` : "no"} random play`,
  ];
  if (!config || !algorithm) return { diagnoses: inOrder(environment.diagnoses), examined };
  // With an environment that breaks off there is nothing to train on; the learner can be tried still.
  const kind = played ? makeEnv().actionSpace.kind : "discrete";
  const form = formFor(algorithm, kind);
  const probes = typeof form === "string" ? undefined : examineProbes(algorithm, config, form, again);
  examined.push(probes ? `the learner: ${probes.tried.length} probe environments` : `not the learner: ${form}`);
  const diagnoses = [...environment.diagnoses, ...(probes?.diagnoses ?? [])];
  if (played && algorithm.needs !== "dataset" && !isRecorded(config)) {
    const short = trainShortly(config, own);
    const steps = short.iterations.at(-1)?.step ?? 0;
    examined.push(
      `the run: its first ${steps} steps${subject.metrics ? `, and the metrics of ${subject.metrics.length} iterations` : ""}`,
    );
    diagnoses.push(...examineRun({ ...subject, config, env: makeEnv(), played, short, again }));
  }
  return { diagnoses: inOrder(diagnoses), examined };
}

/** What else a run was given, as the command takes it. */
function assignments(run: RunInput | undefined): string[] {
  const { algorithm, env, ...others } = run ?? {};
  return Object.entries(others)
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => `${field}=${typeof value === "string" ? value : JSON.stringify(value)}`);
}

/** Whether it learns from a dataset, which is not here. */
function isRecorded({ dataset }: ResolvedConfig): boolean {
  return typeof dataset === "string";
}
