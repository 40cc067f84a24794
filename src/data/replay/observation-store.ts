import type { BatchEnv } from "../../envs/index.ts";
import type { SafetensorsTensor } from "../../nn/index.ts";
import { Box } from "../../spaces/index.ts";
import type { Tensor } from "../../tensor/index.ts";
import type { ReplayInputs, StepOutcome } from "./transitions.ts";

/** What observations look like: what decides how little memory they take. */
export interface ObservationForm {
  /** F: entries of a flat observation. */
  readonly observationSize: number;
  /** uint8 where every entry is an integer from 0 to 255: a quarter of the memory. Default float32. */
  readonly observationType?: "float32" | "uint8";
  /** k, where an observation is the last k frames: each is kept once, not 2k times. Default 1. */
  readonly stackedFrames?: number | undefined;
}

/** Where a replay buffer keeps s and s′ of its rows, in as little memory as their form allows. */
export interface ObservationStore {
  /** Memory that is taken now. */
  readonly bytes: number;
  /** Writes s of the rows of one step, `[N, F]`, before the environments take it. */
  observe(step: number, observations: Float32Array): void;
  /** Writes s′ of the same rows, after the step. */
  record(step: number, outcome: StepOutcome): void;
  /** The environments begin new episodes without an end of those before; `step` was the last one. */
  cut(step: number): void;
  /** Makes ready what `gather` reads of the rows in `inputs`, outside of a plan. */
  prepare(inputs: ReplayInputs): void;
  /** s of `rows` and s′ of `lastRows`, float32 `[B, F]`, as operations of the engine. */
  gather(inputs: ReplayInputs): { readonly observations: Tensor; readonly nextObservations: Tensor };
  /** s or s′ of one row, written into `out` `[F]`. */
  read(which: "observations" | "nextObservations", row: number, out: Float32Array): void;
  /** What an exact resume needs, where `steps` were added. */
  save(steps: number): Record<string, SafetensorsTensor>;
  /** Goes on from what `save` gave. @throws FormatError for arrays of other sizes */
  load(steps: number, arrays: Readonly<Record<string, SafetensorsTensor>>): void;
}

/** The form of what a batch of environments shows, for a {@link ReplayBuffer}. */
export function observationForm({ observationSpace, stackedFrames }: BatchEnv): ObservationForm {
  const isBytes = observationSpace instanceof Box && observationSpace.dtype === "uint8";
  return {
    observationSize: observationSpace.flatSize,
    observationType: isBytes ? "uint8" : "float32",
    stackedFrames,
  };
}
