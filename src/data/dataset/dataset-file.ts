/**
 * Datasets as files: safetensors, whose text map says what is in them. The format is described in docs/datasets.md. A file from
 * anywhere is read as hostile.
 */

import type { Json } from "../../envs/index.ts";
import { readRecord } from "../../envs/packing.ts";
import { FormatError, LimpidError } from "../../errors.ts";
import { readSafetensors, type SafetensorsTensor, writeSafetensors } from "../../nn/index.ts";
import { Box, type Space, spaceFromJSON } from "../../spaces/index.ts";
import { checkDataset, type Dataset, hasBytes } from "./dataset.ts";

/** What is in the text map of every dataset; the number changes when an older limpid could not read it. */
const FORMAT = "limpid dataset 1";

/** The arrays of a dataset by the names and shapes that they have in a file. */
export function datasetArrays(dataset: Dataset): Record<string, SafetensorsTensor> {
  const { observationSpace, actionSpace, rewards, terminated, truncated, masks } = dataset;
  const count = rewards.length;
  const dtype = hasBytes(observationSpace) ? "U8" : "F32";
  const shape = [count, ...shapeOf(observationSpace)];
  const { actionSize, maskSize } = actionSpace;
  return {
    observations: { dtype, shape, data: dataset.observations },
    nextObservations: { dtype, shape, data: dataset.nextObservations },
    actions: { dtype: "F32", shape: [count, actionSize], data: dataset.actions },
    rewards: { dtype: "F32", shape: [count], data: rewards },
    terminated: { dtype: "U8", shape: [count], data: terminated },
    truncated: { dtype: "U8", shape: [count], data: truncated },
    ...(masks && { masks: { dtype: "U8", shape: [count, maskSize], data: masks } }),
  };
}

/**
 * The bytes of a dataset's file; the same dataset gives the same bytes.
 * @throws FormatError for what is no dataset
 */
export function writeDataset(dataset: Dataset): Uint8Array {
  checkDataset(dataset);
  const { env, observationSpace, actionSpace, policy, seed } = dataset;
  const about = { env, observationSpace, actionSpace, policy, seed };
  return writeSafetensors(datasetArrays(dataset), { format: FORMAT, dataset: JSON.stringify(about) });
}

/**
 * Reads what `writeDataset` wrote, or other programs in the same format.
 * @throws FormatError for a file that is damaged, no dataset, or not a whole one
 */
export function readDataset(bytes: Uint8Array | ArrayBuffer): Dataset {
  const { tensors, metadata } = readSafetensors(bytes);
  if (metadata.format !== FORMAT) {
    throw new FormatError({ field: "dataset format", value: metadata.format ?? "none", allowed: `"${FORMAT}"` });
  }
  const about = readRecord("dataset", readJson(metadata.dataset));
  const { env, seed, policy = null } = about;
  if (typeof env !== "string") throw new FormatError({ field: "dataset env", value: env, allowed: "a text" });
  if (!(Number.isSafeInteger(seed) && (seed as number) >= 0)) {
    throw new FormatError({ field: "dataset seed", value: seed, allowed: "a non-negative integer" });
  }
  const spaces = {
    observationSpace: readSpace("observationSpace", about.observationSpace),
    actionSpace: readSpace("actionSpace", about.actionSpace),
  };
  const array = (name: string) => tensors[name]?.data as never;
  const masks = tensors.masks && { masks: array("masks") };
  const dataset: Dataset = {
    ...{ env, seed: seed as number, policy, ...spaces, ...masks },
    observations: array("observations"),
    nextObservations: array("nextObservations"),
    actions: array("actions"),
    rewards: requireRewards(tensors.rewards),
    terminated: array("terminated"),
    truncated: array("truncated"),
  };
  checkDataset(dataset);
  return dataset;
}

function shapeOf(space: Space<unknown>): readonly number[] {
  return space instanceof Box ? space.shape : [space.flatSize];
}

/** Everything else is as long as they are. */
function requireRewards(rewards: SafetensorsTensor | undefined): Float32Array {
  if (rewards?.data instanceof Float32Array) return rewards.data;
  throw new FormatError({ field: "dataset rewards", value: rewards?.dtype ?? "none", allowed: "F32" });
}

function readSpace(field: string, json: Json | undefined): Space<unknown> {
  try {
    return spaceFromJSON(json);
  } catch (cause) {
    const reason = cause instanceof LimpidError ? `: ${cause.message}` : "";
    throw new FormatError(`the dataset's ${field} cannot be used${reason}`, { cause });
  }
}

function readJson(text: string | undefined): Json {
  try {
    return JSON.parse(text ?? "");
  } catch (cause) {
    throw new FormatError(
      { field: "dataset", value: text, allowed: "described by JSON in the file's text map" },
      { cause },
    );
  }
}
