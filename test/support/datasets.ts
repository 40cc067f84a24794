import { algorithms } from "../../src/algorithms/index.ts";
import { recordDataset, type TrainOptions } from "../../src/training/index.ts";

/** What `train` takes besides a configuration: a few random transitions, for an algorithm that needs some. */
export function datasetOptions(algorithm: string, env: string, steps = 300): TrainOptions {
  if (algorithms[algorithm]?.needs !== "dataset") return {};
  return { dataset: recordDataset(undefined, { env, steps, seed: 1 }) };
}
