import { readFileSync, statSync } from "node:fs";
import { type Dataset, readDataset, writeDataset } from "../data/index.ts";
import { ConfigError, FormatError } from "../errors.ts";
import { atomicWrite } from "./atomic-write.ts";
import { systemFailure } from "./system-failure.ts";

/**
 * Reads a dataset's file.
 * @throws ConfigError where there is none, FormatError for anything else than a whole dataset
 */
export function loadDataset(path: string): Dataset {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    throw new ConfigError({ field: "dataset", value: path, allowed: "a file that exists" });
  }
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw systemFailure(path, "read", error);
  }
  try {
    return readDataset(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(`${path} is no whole dataset: ${error.message}`, { cause: error });
  }
}

/** Writes a dataset's file: whole, or not at all. @throws RunError if the disk refuses */
export function saveDataset(path: string, dataset: Dataset): void {
  atomicWrite(path, writeDataset(dataset));
}
