/**
 * What the microscope writes, one JSON object a line; docs/inspection.md says what each field means. Numbers that do not exist
 * (a cosine with nothing before it) are null.
 */

import type { LayerMeasures } from "./layers.ts";
import type { PartName } from "./movement.ts";
import type { ErrorName } from "./value-errors.ts";

/** Of the format. */
export const VERSION = 1;

export interface HeaderRecord {
  readonly record: "header";
  readonly step: number;
  readonly version: typeof VERSION;
  /** What novelty is measured in. */
  readonly novelty: "visits" | "distance";
  /** Environment steps from one iteration that is looked at to the next. */
  readonly every: number;
}

/** One step of an optimiser. */
export interface UpdateRecord {
  readonly record: "update";
  readonly step: number;
  /** Number of the step, from 1, counted over the run. */
  readonly update: number;
  /** Which of the learner's steps: "update", "critic", "actor" … */
  readonly name: string;
  readonly samples: number;
  readonly loss: number;
  readonly terms: Readonly<Record<string, number>>;
  readonly gradientNorm: number;
  readonly clipCoefficient: number;
  readonly noiseScale: number | null;
  readonly signalToNoise: number | null;
  readonly cosineToPrevious: number | null;
  readonly cosineToOthers: number | null;
  readonly klForward: number | null;
  readonly klBackward: number | null;
  readonly explainedVariance: number | null;
  readonly clipped: number | null;
  readonly targetDistance: number | null;
  readonly returnBias: number | null;
  readonly returnError: number | null;
  readonly moved: number;
  readonly parts: Readonly<Record<PartName, { readonly norm: number; readonly share: number }>>;
  readonly rounding: number;
}

export interface TermMeans {
  readonly loss: number;
  readonly norm: number;
  readonly share: number;
}

/** Means over the samples of a group, of all updates of an iteration that were looked at. */
export interface GroupRecord {
  readonly record: "group";
  readonly step: number;
  readonly name: string;
  readonly by: "choice" | "draw" | "probability" | "distance" | "novelty";
  readonly group: string;
  readonly samples: number;
  /** Of all samples. */
  readonly fraction: number;
  readonly loss: number;
  readonly norm: number;
  /** Of the group together, in the gradient and in Δθ: 1 for all groups (and, of Δθ, memory and decay). */
  readonly share: number;
  readonly moved: number;
  readonly terms: Readonly<Record<string, TermMeans>>;
  /** Of the critic's term under other measures of its errors; null where there is no critic. */
  readonly errors: Readonly<Record<ErrorName, TermMeans>> | null;
}

export interface SampleRecord {
  readonly record: "sample";
  readonly step: number;
  readonly update: number;
  readonly name: string;
  readonly exploratory: boolean | null;
  readonly drawn: boolean | null;
  readonly probability: number | null;
  readonly distance: number | null;
  readonly advantage: number | null;
  readonly ratio: number | null;
  readonly clipped: boolean | null;
  readonly novelty: number;
  readonly loss: number;
  readonly norm: number;
  readonly share: number;
  readonly moved: number;
  readonly terms: Readonly<Record<string, TermMeans>>;
}

/** Null is an effective rank that was not computed. */
export interface LayerRecord extends Omit<LayerMeasures, "effectiveRank"> {
  readonly record: "layer";
  readonly step: number;
  readonly name: string;
  readonly effectiveRank: number | null;
}

/** How far a parameter moved in a step, against how large it is. */
export interface ParameterRecord {
  readonly record: "parameter";
  readonly step: number;
  readonly name: string;
  readonly parameter: string;
  readonly norm: number;
  readonly moved: number;
  readonly updateToWeight: number | null;
}

export type InspectionRecord = HeaderRecord | UpdateRecord | GroupRecord | SampleRecord | LayerRecord | ParameterRecord;
