import type { ObservationNormalizer, Policy } from "../algorithms/algorithm.ts";
import { type Json, RunningMeanStd } from "../envs/index.ts";
import { readRecord } from "../envs/packing.ts";
import { FormatError, refuseUnknown } from "../errors.ts";
import { Key } from "../random/index.ts";
import type { Space } from "../spaces/index.ts";
import { asFormatErrors, readCheckpoint } from "./checkpoint.ts";
import { findAlgorithm, type ResolvedConfig } from "./config.ts";
import { normalizerOf } from "./training-env.ts";

export interface LoadPolicyOptions {
  /** Seed of actions that are sampled; default that of the run. */
  readonly seed?: number;
}

/** A policy, and the configuration that it was trained with. */
export interface LoadedPolicy {
  readonly policy: Policy;
  readonly config: ResolvedConfig;
  /** Environment steps that it was trained for. */
  readonly step: number;
}

/**
 * The policy of a checkpoint, ready to act; no environment, optimiser or buffer is made.
 * @param bytes what `run.checkpoint()` gave, or the file that the command saved
 * @throws FormatError for bytes that are no (whole) checkpoint
 */
export function loadPolicy(bytes: Uint8Array | ArrayBuffer, options: LoadPolicyOptions = {}): Policy {
  return openPolicy(bytes, options).policy;
}

/** As `loadPolicy`, with what else the checkpoint says about the policy. */
export function openPolicy(bytes: Uint8Array | ArrayBuffer, options: LoadPolicyOptions = {}): LoadedPolicy {
  refuseUnknown("loadPolicy", options, ["seed"]);
  const { config, step, parameters, observationSpace, actionSpace, normalizer } = readCheckpoint(bytes);
  const key = Key.fromSeed(options.seed ?? config.seed).split("loaded policy");
  const policy = asFormatErrors(() => {
    const scaling = config.normalizeObservation ? readNormalizer(normalizer, observationSpace) : undefined;
    const context = { config, observationSpace, actionSpace, key, normalizer: scaling };
    const created = findAlgorithm(config.algorithm).createPolicy(context);
    created.load(parameters);
    return created;
  });
  return { policy, config, step };
}

function readNormalizer(saved: Json, space: Space<unknown>): ObservationNormalizer {
  const { statistics, epsilon, clip } = readRecord("checkpoint normalizer", saved);
  const restored = new RunningMeanStd(space.flatSize);
  restored.restore(statistics);
  return normalizerOf(restored, readPositive("epsilon", epsilon), readPositive("clip", clip));
}

function readPositive(field: string, value: Json | undefined): number {
  if (typeof value === "number" && value > 0) return value;
  throw new FormatError({ field: `checkpoint normalizer.${field}`, value, allowed: "a positive number" });
}
