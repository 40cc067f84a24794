import { RunDirectory } from "../node/run-directory.ts";
import { readCheckpoint } from "../training/checkpoint.ts";
import { arraysSha256 } from "../training/digest.ts";

export interface SavedRun {
  readonly algorithm: string;
  readonly env: string;
  readonly seed: number;
  /** Of the newest checkpoint; undefined where there is none. */
  readonly steps: number | undefined;
  /** Of its policy. */
  readonly parametersSha256: string | null;
}

/** What a run's directory holds, without making anything of it. */
export function savedRun(path: string): SavedRun {
  const directory = RunDirectory.open(path);
  const { algorithm, env, seed } = directory.config() as SavedRun;
  const latest = directory.latestCheckpoint((bytes) => readCheckpoint(bytes));
  const parametersSha256 = latest ? arraysSha256(latest.checkpoint.parameters) : null;
  return { algorithm, env, seed, steps: latest?.step, parametersSha256 };
}
