/**
 * A checkpoint: one safetensors file from which a run goes on exactly, or a policy is loaded. Tensors are the policy's
 * parameters (`parameters/…`) and the learner's arrays (`learner/…`, such as Adam's moments); everything else is JSON in
 * the file's text map. Nothing in it can run, and a file from anywhere is read as hostile.
 */

import type { SavedArray } from "../algorithms/algorithm.ts";
import type { Json } from "../envs/index.ts";
import { readRecord } from "../envs/packing.ts";
import { FormatError, LimpidError } from "../errors.ts";
import { readSafetensors, writeSafetensors } from "../nn/index.ts";
import { type Space, spaceFromJSON } from "../spaces/index.ts";
import { parseConfig, type ResolvedConfig } from "./config.ts";
import { arraysSha256 } from "./digest.ts";

/** What is at the head of every checkpoint; the number changes when an older limpid could not read it. */
const FORMAT = "limpid checkpoint 1";

const PARAMETERS = "parameters/";
const LEARNER = "learner/";

type Arrays = Readonly<Record<string, SavedArray>>;

export interface Checkpoint {
  readonly config: ResolvedConfig;
  /** Environment steps done. */
  readonly step: number;
  readonly parameters: Arrays;
  readonly learner: { readonly json: Json; readonly arrays: Arrays };
  /** Spaces of one environment, before any wrapper. */
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  /** How observations are scaled, where they are: the state of a RunningMeanStd, its epsilon and clip. */
  readonly normalizer: Json;
  /** State of the environments and their wrappers. */
  readonly env: Json;
  readonly episodes: Json;
  /** SHA-256 of the dataset that is learned from, where there is one. */
  readonly dataset?: string | undefined;
}

/** The same checkpoint gives the same bytes. */
export function writeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const { config, step, parameters, learner, observationSpace, actionSpace, normalizer, env, episodes, dataset } =
    checkpoint;
  return seal(
    { ...withPrefix(PARAMETERS, parameters), ...withPrefix(LEARNER, learner.arrays) },
    {
      format: FORMAT,
      config: JSON.stringify(config),
      run: JSON.stringify({ step, observationSpace, actionSpace, normalizer, env, episodes, dataset }),
      learner: JSON.stringify(learner.json),
    },
  );
}

/** @internal The file, with a digest over all that is in it. */
export function seal(tensors: Arrays, texts: Readonly<Record<string, string>>): Uint8Array {
  return writeSafetensors(tensors, { ...texts, sha256: digestOf(tensors, texts) });
}

function digestOf(tensors: Arrays, texts: Readonly<Record<string, string>>): string {
  const asArrays = Object.entries(texts).map(([name, text]): [string, SavedArray] => {
    const data = new TextEncoder().encode(text);
    return [`text/${name}`, { dtype: "U8", shape: [data.length], data }];
  });
  return arraysSha256({ ...tensors, ...Object.fromEntries(asArrays) });
}

/**
 * Reads what `writeCheckpoint` wrote, and refuses everything else.
 * @throws FormatError for a file that is damaged, or no checkpoint, or of an algorithm that is not known here
 */
export function readCheckpoint(bytes: Uint8Array | ArrayBuffer): Checkpoint {
  const { tensors, metadata } = readSafetensors(bytes);
  const { sha256, ...texts } = metadata;
  if (texts.format !== FORMAT) {
    const fix = "The file is no checkpoint of limpid's, or of another version.";
    throw new FormatError({ field: "checkpoint format", value: texts.format ?? "none", allowed: `"${FORMAT}"`, fix });
  }
  if (digestOf(tensors, texts) !== sha256) {
    throw new FormatError("the checkpoint is damaged: its contents are not those that its SHA-256 was made from");
  }
  const config = asFormatErrors(() => parseConfig(readJson("config", texts.config), { customEnv: true }));
  const run = readRecord("checkpoint run", readJson("run", texts.run));
  const { step } = run;
  if (!Number.isSafeInteger(step) || (step as number) < 0) {
    throw new FormatError({ field: "checkpoint step", value: step, allowed: "a non-negative integer" });
  }
  const parameters = withoutPrefix(PARAMETERS, tensors);
  const observationSpace = asFormatErrors(() => spaceFromJSON(run.observationSpace));
  requireFinite(parameters);
  requireParametersFor(config, observationSpace, parameters);
  return {
    config,
    step: step as number,
    parameters,
    learner: { json: readJson("learner", texts.learner), arrays: withoutPrefix(LEARNER, tensors) },
    observationSpace,
    actionSpace: asFormatErrors(() => spaceFromJSON(run.actionSpace)),
    normalizer: run.normalizer ?? null,
    env: run.env ?? null,
    episodes: run.episodes ?? null,
    dataset: run.dataset === undefined ? undefined : String(run.dataset),
  };
}

/** A network with NaN in it still acts, always alike, and nobody notices. */
function requireFinite(parameters: Arrays): void {
  for (const [name, { data }] of Object.entries(parameters)) {
    for (let i = 0; i < data.length; i++) {
      if (Number.isFinite(Number(data[i]))) continue;
      throw new FormatError({
        field: `checkpoint parameter ${name}[${i}]`,
        value: data[i],
        allowed: "a finite number",
      });
    }
  }
}

/** Refuses a network that is larger than the parameters in the file, before its first values take hours and gigabytes. */
function requireParametersFor(config: ResolvedConfig, { flatSize }: Space<unknown>, parameters: Arrays): void {
  const hidden = Array.isArray(config.hidden) ? (config.hidden as number[]) : [];
  const inputs = inputsOf(config, flatSize);
  const weights = hidden.reduce((sum, width, i) => sum + width * (hidden[i - 1] ?? inputs), 0);
  const given = Object.values(parameters).reduce((sum, { data }) => sum + data.length, 0);
  if (weights <= given) return;
  const allowed = `those of a network of ${given} parameters, which the file has, with ${inputs} inputs`;
  throw new FormatError({ field: "checkpoint hidden", value: hidden, allowed });
}

/** Numbers that the first hidden layer sees, at least: not always those of an observation. */
function inputsOf({ pooling, recurrentSize, recurrentSkip }: ResolvedConfig, flatSize: number): number {
  // One point of a coarser grid for each square of pixels; those at the far ends come on top.
  if (typeof pooling === "number") return flatSize / (pooling * pooling);
  if (typeof recurrentSize === "number") return recurrentSize + (recurrentSkip ? flatSize : 0);
  return flatSize;
}

/** Runs `load`; whatever it makes of damaged contents becomes a FormatError, never an exception without a sentence. */
export function asFormatErrors<T>(load: () => T): T {
  try {
    return load();
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    const reason = cause instanceof LimpidError ? cause.message : "its contents do not fit together";
    throw new FormatError(`the checkpoint cannot be used: ${reason}`, { cause });
  }
}

function withPrefix(prefix: string, arrays: Arrays): Arrays {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [prefix + name, array]));
}

function withoutPrefix(prefix: string, arrays: Arrays): Arrays {
  const own = Object.entries(arrays).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, array]) => [name.slice(prefix.length), array]));
}

function readJson(field: string, text: string | undefined): Json {
  try {
    return JSON.parse(text ?? "");
  } catch (cause) {
    throw new FormatError({ field: `checkpoint ${field}`, value: text, allowed: "JSON" }, { cause });
  }
}
