/**
 * The one registry of metrics: every number that a run reports has an entry here, and whatever explains a number (tooltips,
 * `limpid list metrics`, the documentation) reads it from here.
 */

import type { Metrics } from "../algorithms/algorithm.ts";
import { RunError } from "../errors.ts";
import { learnerMetrics } from "./learner-metrics.ts";
import { offPolicyMetrics } from "./off-policy-metrics.ts";
import { offlineMetrics } from "./offline-metrics.ts";
import { selfPlayMetrics } from "./self-play-metrics.ts";
import { tabularMetrics } from "./tabular-metrics.ts";
import { trustRegionMetrics } from "./trust-region-metrics.ts";

export interface ExpectedRange {
  readonly low?: number;
  readonly high?: number;
  /** Why so, or who says so. */
  readonly source: string;
}

export interface MetricDefinition {
  readonly name: string;
  /** What is measured, over what it is averaged. */
  readonly definition: string;
  readonly unit: string;
  /** What a healthy run shows. */
  readonly range: string;
  /** Where a healthy run stays in most of its iterations, whatever its environment; left out where no numbers hold for all. */
  readonly expected?: ExpectedRange;
  /** What makes it larger or smaller. */
  readonly whatChangesIt: string;
  /** When the number does not exist; it is then left out. Every other metric is finite, or the run stops. */
  readonly undefinedWhen?: string;
}

const runMetrics: readonly MetricDefinition[] = [
  {
    name: "episode/return",
    definition: "Mean return of the last 100 episodes that ended: the sum of their raw rewards, undiscounted.",
    unit: "reward",
    range: "From what random actions reach to the environment's maximum; it should rise.",
    whatChangesIt: "The policy itself. Exploration keeps it below what evaluation finds.",
    undefinedWhen: "No episode has ended yet.",
  },
  {
    name: "episode/length",
    definition: "Mean length of the last 100 episodes that ended.",
    unit: "steps",
    range: "1 to the environment's time limit.",
    whatChangesIt: "It rises where surviving is rewarded and falls where reaching the goal is.",
    undefinedWhen: "No episode has ended yet.",
  },
  {
    name: "episode/count",
    definition: "Episodes that ended since the run began, all environments together.",
    unit: "episodes",
    range: "0 upwards, never falling.",
    whatChangesIt: "Steps taken and the length of episodes.",
  },
  {
    name: "evaluation/mean",
    definition: "Mean return of the evaluation's episodes: raw rewards, undiscounted.",
    unit: "reward",
    range: "At least episode/return, once the policy is better than its exploring self.",
    whatChangesIt: "The policy; deterministic or sampled actions.",
  },
  {
    name: "evaluation/std",
    definition: "Population standard deviation of the returns of the evaluation's episodes.",
    unit: "reward",
    range: "0 upwards; near 0 for a task solved from every start.",
    whatChangesIt: "Differences between start states, and sampled actions.",
  },
  {
    name: "evaluation/min",
    definition: "Smallest return among the evaluation's episodes.",
    unit: "reward",
    range: "At most evaluation/mean.",
    whatChangesIt: "The start state that the policy handles worst.",
  },
  {
    name: "evaluation/max",
    definition: "Largest return among the evaluation's episodes.",
    unit: "reward",
    range: "At least evaluation/mean.",
    whatChangesIt: "The start state that suits the policy best.",
  },
  {
    name: "evaluation/length",
    definition: "Mean length of the evaluation's episodes.",
    unit: "steps",
    range: "1 to the environment's time limit.",
    whatChangesIt: "As episode/length.",
  },
  {
    name: "time/seconds",
    definition: "Wall-clock seconds since this process began to train.",
    unit: "seconds",
    range: "0 upwards.",
    whatChangesIt: "The machine, and everything else that it does.",
  },
  {
    name: "time/stepsPerSecond",
    definition: "Environment steps per second of training, from the process's first iteration on.",
    unit: "steps/s",
    range: "Thousands to tens of thousands on one core for small networks.",
    whatChangesIt: "nEpochs, batchSize, nEnvs, hidden, and the speed of the environment.",
  },
];

/** Every metric that a run, an evaluation or the command can report. */
export const metrics: readonly MetricDefinition[] = [
  ...runMetrics,
  ...learnerMetrics,
  ...trustRegionMetrics,
  ...selfPlayMetrics,
  ...offPolicyMetrics,
  ...tabularMetrics,
  ...offlineMetrics,
];

const byName = new Map(metrics.map((definition) => [definition.name, definition]));

/** What a metric means; undefined for a name that is not registered. */
export function metricDefinition(name: string): MetricDefinition | undefined {
  return byName.get(name);
}

/**
 * The metrics without those that do not exist this time (see `undefinedWhen`).
 * @param hints what usually helps where a number left the finite range, as the end of a sentence
 * @throws RunError naming the first metric that is not finite, and the step
 */
export function finiteMetrics(measured: Metrics, step: number, hints: string): Metrics {
  const finite: Metrics = {};
  for (const [name, value] of Object.entries(measured)) {
    if (Number.isFinite(value)) finite[name] = value;
    else if (byName.get(name)?.undefinedWhen === undefined) throw notFinite(name, value, step, hints);
  }
  return finite;
}

/** The error for a number that left the finite range: training from there on would only spread it. */
export function notFinite(name: string, value: number, step: number, hints: string): RunError {
  return new RunError(
    `${name} became ${value} at step ${step}, so training stopped; the last checkpoint, if there is one, is from before. ${hints}`,
  );
}
