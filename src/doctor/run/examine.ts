/** What the numbers of a run say: its gradient steps, its units, its metrics, its exploration. */
import type { Metrics } from "../../algorithms/index.ts";
import type { AnyEnv } from "../../envs/index.ts";
import { EnvironmentError } from "../../errors.ts";
import type { InspectionRecord } from "../../inspection/index.ts";
import type { ResolvedConfig } from "../../training/index.ts";
import type { Diagnosis } from "../diagnosis.ts";
import type { Played } from "../environment/play.ts";
import { hasLearned, mistakenExploration } from "./exploration.ts";
import { aboutMetrics } from "./metrics.ts";
import { deadLayers, largeSteps } from "./network.ts";
import type { ShortRun } from "./short-run.ts";

export interface RunEvidence {
  readonly config: ResolvedConfig;
  readonly env: AnyEnv;
  /** By random actions. */
  readonly played: Played;
  readonly short: ShortRun;
  /** Of the whole run, where it was trained before. */
  readonly metrics?: readonly Metrics[];
  readonly records?: readonly InspectionRecord[];
  readonly again: readonly string[];
}

export function examineRun(evidence: RunEvidence): Diagnosis[] {
  const { config, short, again } = evidence;
  const metrics = evidence.metrics ?? short.iterations.map((iteration) => iteration.metrics);
  // Where every episode ends alike there is nothing for a critic to explain.
  const learned = hasLearned(metrics.at(-1) ?? {}, evidence.played);
  return [
    ...aboutFailure(short, again),
    ...largeSteps(short.firstSteps, config, again),
    ...deadLayers(evidence.records ?? short.records, again),
    ...aboutMetrics(metrics, config, again).filter(({ part }) => !(learned && part === "critic")),
    ...mistakenExploration(evidence, metrics),
  ];
}

function aboutFailure({ failure, iterations }: ShortRun, again: readonly string[]): Diagnosis[] {
  if (failure === undefined) return [];
  const step = iterations.at(-1)?.step ?? 0;
  const ofEnvironment = failure instanceof EnvironmentError;
  return [
    {
      part: ofEnvironment ? "environment" : "divergence",
      certainty: ofEnvironment ? "certain" : "likely",
      finding: `Training broke off after ${step} steps`,
      evidence: [{ what: "the error", measured: failure.message, expected: "none" }],
      remedy: ofEnvironment
        ? "Repair what the message names."
        : "Try a learningRate of a tenth, and bring observations and rewards to about −1 … 1.",
      confirm: again,
    },
  ];
}
