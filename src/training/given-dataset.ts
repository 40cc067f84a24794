/** The dataset that a run learns from: what it must be, and how it is known again. */

import type { Algorithm } from "../algorithms/algorithm.ts";
import { checkDataset, type Dataset, datasetArrays } from "../data/index.ts";
import { ConfigError } from "../errors.ts";
import type { ResolvedConfig } from "./config.ts";
import { arraysSha256 } from "./digest.ts";
import type { TrainingEnv } from "./training-env.ts";

/** A dataset, and the SHA-256 of what is in it, made when it is first asked for. */
export class GivenDataset {
  readonly dataset: Dataset;
  #sha256: string | undefined;

  constructor(dataset: Dataset) {
    this.dataset = dataset;
  }

  get sha256(): string {
    this.#sha256 ??= arraysSha256(datasetArrays(this.dataset));
    return this.#sha256;
  }
}

/**
 * Refuses a dataset that the algorithm cannot learn from, one that it has no use for, and that none is given where it needs one or
 * the configuration names one.
 * @throws ConfigError, or FormatError for what is no dataset
 */
export function givenDataset(
  { name, needs, accepts }: Algorithm,
  { env, dataset: file }: ResolvedConfig,
  { observationSpace, actionSpace }: Pick<TrainingEnv, "observationSpace" | "actionSpace">,
  dataset: Dataset | undefined,
): GivenDataset | undefined {
  if (needs !== "dataset" && accepts !== "dataset") {
    if (dataset === undefined) return undefined;
    const allowed = `left out: ${name} learns from steps of its own`;
    throw new ConfigError({ field: "dataset", value: dataset.env, allowed });
  }
  if (dataset === undefined) {
    if (needs !== "dataset" && (file ?? null) === null) return undefined;
    const allowed = `given: ${name} learns from transitions that were recorded`;
    const fix = "limpid record writes them to a file: give it with --dataset FILE, or train(config, { dataset }).";
    throw new ConfigError({ field: "dataset", allowed, fix });
  }
  checkDataset(dataset);
  for (const [field, space] of Object.entries({ observationSpace, actionSpace })) {
    const recorded = dataset[field as "observationSpace" | "actionSpace"];
    if (space.equals(recorded)) continue;
    const allowed = `that of ${env}, ${JSON.stringify(space)}`;
    throw new ConfigError({ field: `the dataset's ${field}`, value: recorded, allowed });
  }
  return new GivenDataset(dataset);
}

/** Refuses to go on with other transitions than those that a run began with. @throws ConfigError */
export function requireSameDataset(given: GivenDataset | undefined, saved: string | undefined): void {
  if (given?.sha256 === saved) return;
  const allowed = `the one that the run began with, whose SHA-256 is ${saved ?? "not known"}`;
  throw new ConfigError({ field: "dataset", value: given?.sha256, allowed });
}
