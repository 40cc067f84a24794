import type { Learner, LearnerContext, PolicyContext } from "../algorithms/algorithm.ts";
import type { TrainingListener } from "../algorithms/listener.ts";
import { algorithms } from "../algorithms/registry.ts";
import type { Dataset } from "../data/index.ts";
import { requireMaker } from "../envs/batch.ts";
import { ConfigError, FormatError, MemoryError, refuseUnknown } from "../errors.ts";
import { Key } from "../random/index.ts";
import type { Space } from "../spaces/index.ts";
import { asFormatErrors, type Checkpoint, readCheckpoint } from "./checkpoint.ts";
import { checkSuits, findAlgorithm, parseConfig, type ResolvedConfig, type RunInput } from "./config.ts";
import { describeFields } from "./config-error.ts";
import { givenDataset, requireSameDataset } from "./given-dataset.ts";
import { Run, type RunParts } from "./run.ts";
import { type MakeEnv, makeTrainingEnv, normalizerOf } from "./training-env.ts";

export interface TrainOptions {
  /** Makes environment n of one's own; `config.env` is then only its name. */
  readonly makeEnv?: MakeEnv;
  /** What is learned from, for algorithms that learn from recorded transitions; `config.dataset` is then only its name. */
  readonly dataset?: Dataset;
  /** Who hears of every gradient step, such as a `Microscope`; the run stays the same, bit for bit. */
  readonly listener?: TrainingListener;
}

export interface ResumeOptions extends TrainOptions {
  /** Another number of steps to train for; schedules then stretch to it. */
  readonly steps?: number;
}

/**
 * Starts a run; nothing is trained before its first iteration. The same configuration gives the same run, bit for bit, in
 * every engine and on every machine.
 * @throws ConfigError in one sentence, naming the field, its value and what is allowed
 */
export function train(config: RunInput, options: TrainOptions = {}): Run {
  refuseUnknown("train", options, ["makeEnv", "dataset", "listener"]);
  const { makeEnv } = options;
  if (makeEnv !== undefined) requireMaker(makeEnv);
  const parts = assemble(parseConfig(config, { customEnv: makeEnv !== undefined }), options);
  parts.training.env.reset(environmentKey(parts.config));
  return new Run(parts);
}

/**
 * Goes on with a saved run. With built-in environments, and others that have `state` and `restore`, it then gives the
 * same bits as if it had never been interrupted.
 * @param bytes what `run.checkpoint()` gave
 * @throws FormatError for bytes that are no (whole) checkpoint, ConfigError for an environment of other spaces
 */
export function resumeRun(bytes: Uint8Array | ArrayBuffer, options: ResumeOptions = {}): Run {
  refuseUnknown("resumeRun", options, ["makeEnv", "dataset", "listener", "steps"]);
  const saved = readCheckpoint(bytes);
  const { makeEnv, steps = saved.config.steps } = options;
  if (makeEnv !== undefined) requireMaker(makeEnv);
  const config = parseConfig({ ...saved.config, steps }, { customEnv: makeEnv !== undefined });
  const parts = assemble(config, options);
  requireSameDataset(parts.dataset, saved.dataset);
  requireSameSpace("observationSpace", parts.training.observationSpace, saved.observationSpace, config.env);
  requireSameSpace("actionSpace", parts.training.actionSpace, saved.actionSpace, config.env);
  return asFormatErrors(() => {
    restore(parts, saved);
    return new Run(parts, saved);
  });
}

function assemble(config: ResolvedConfig, { makeEnv, dataset, listener }: TrainOptions): RunParts {
  if (listener !== undefined) requireListener(listener, config.algorithm);
  const training = makeTrainingEnv(config, makeEnv, listener);
  const { env, observationSpace, actionSpace, normalized } = training;
  checkSuits(config, env);
  const given = givenDataset(findAlgorithm(config.algorithm), config, training, dataset);
  const context: PolicyContext<ResolvedConfig> = {
    config,
    observationSpace,
    actionSpace,
    key: Key.fromSeed(config.seed).split("learner"),
    normalizer: normalized && normalizerOf(normalized.statistics, normalized.epsilon, normalized.clip),
  };
  const learner = createLearner({ ...context, env, dataset: given?.dataset, listener });
  return { config, training, learner, dataset: given, listener };
}

const HEARS: readonly (keyof TrainingListener)[] = ["watch", "observed", "iterationBegins", "iterationEnded"];

function requireListener(listener: TrainingListener, algorithm: string): void {
  const missing = HEARS.find((name) => typeof (listener as TrainingListener | null)?.[name] !== "function");
  if (missing !== undefined) {
    const allowed = `an object with ${HEARS.join(", ")}, such as a Microscope: it has no ${missing}`;
    throw new ConfigError({ field: "listener", allowed });
  }
  if (findAlgorithm(algorithm).tells) return;
  const names = Object.keys(algorithms).filter((name) => algorithms[name]!.tells);
  const allowed = `left out with ${algorithm}, which tells of none of its gradient steps; ${names.join(", ")} do`;
  throw new ConfigError({ field: "listener", allowed });
}

function createLearner(context: LearnerContext<ResolvedConfig>): Learner {
  try {
    return findAlgorithm(context.config.algorithm).create(context);
  } catch (cause) {
    // A RangeError is what a typed array throws where there is no memory of its size.
    if (cause instanceof RangeError || cause instanceof MemoryError) throw tooLarge(context.config, cause);
    throw cause;
  }
}

/** Names the hyperparameter that is farthest above its default, among those that memory grows with. */
function tooLarge(config: ResolvedConfig, cause: unknown): ConfigError {
  const fields = describeFields(findAlgorithm(config.algorithm));
  const sizes = ["nEnvs", "nSteps", "batchSize", "bufferSize", "hidden"].filter((name) => name in config);
  const excess = (name: string) =>
    Math.max(...[config[name]].flat().map(Number)) / Number([fields[name]!.default].flat()[0]);
  const [worst, ...others] = sizes.toSorted((a, b) => excess(b) - excess(a)) as [string, ...string[]];
  const beside = others.map((name) => `${name} ${JSON.stringify(config[name])}`).join(", ");
  const allowed = `smaller: this run needs more memory than there is (4 GiB at most), with ${beside} beside it`;
  return new ConfigError({ field: worst, value: config[worst], allowed }, { cause });
}

function restore({ config, training: { env }, learner }: RunParts, saved: Checkpoint): void {
  learner.policy.load(saved.parameters);
  learner.load(saved.learner);
  if (learner.step !== saved.step) {
    throw new FormatError({ field: "the learner's step", value: learner.step, allowed: String(saved.step) });
  }
  env.restore(saved.env);
  // Fresh episodes, other than those that the run began with.
  if (!env.canRestore) env.reset(environmentKey(config).split("resumed", saved.step));
}

function environmentKey({ seed }: ResolvedConfig): Key {
  return Key.fromSeed(seed).split("environments");
}

function requireSameSpace(field: string, given: Space<unknown>, saved: Space<unknown>, env: string): void {
  if (given.equals(saved)) return;
  const allowed = `the one that the checkpoint was made with, ${JSON.stringify(saved)}`;
  throw new ConfigError({ field: `${field} of ${env}`, value: given, allowed });
}
