import type { Metrics } from "../../algorithms/index.ts";
import { metricDefinition, type ResolvedConfig } from "../../training/index.ts";
import type { Diagnosis, Part } from "../diagnosis.ts";

/** What a metric outside of its range speaks of. */
const PARTS: Readonly<Record<string, Part>> = {
  "policy/approxKl": "step of the policy",
  "value/explainedVariance": "critic",
  "policy/saturation": "exploration",
  "dynamics/mismatch": "environment",
};

/** Metrics that are outside of the registry's expected range in most of the later half of the iterations, and updates that never were. */
export function aboutMetrics(
  metrics: readonly Metrics[],
  config: ResolvedConfig,
  again: readonly string[],
): Diagnosis[] {
  return [...neverLearning(metrics, config, again), ...outOfRange(metrics, again)];
}

function outOfRange(metrics: readonly Metrics[], again: readonly string[]): Diagnosis[] {
  const later = metrics.slice(metrics.length >> 1);
  const names = [...new Set(later.flatMap((row) => Object.keys(row)))];
  return names.flatMap((name): Diagnosis[] => {
    const { expected, whatChangesIt } = metricDefinition(name) ?? {};
    if (expected === undefined) return [];
    const { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY, source } = expected;
    const values = later.flatMap((row) => (row[name] === undefined ? [] : [row[name]])).sort((a, b) => a - b);
    const median = values[values.length >> 1]!;
    if (median >= low && median <= high) return [];
    const range = median > high ? `at most ${high}` : `at least ${low}`;
    return [
      {
        part: PARTS[name] ?? "hyperparameters",
        certainty: "likely",
        finding: `${name} is ${Number(median.toPrecision(3))} in the later half, where healthy runs have ${range}`,
        evidence: [{ what: `${name}, median of the later half`, measured: median, expected: `${range}. ${source}` }],
        remedy: `What changes it: ${whatChangesIt}`,
        confirm: again,
      },
    ];
  });
}

/** A learner that counts its gradient steps and has taken none when the run is over. */
function neverLearning(
  metrics: readonly Metrics[],
  { learningStarts, steps }: ResolvedConfig,
  again: readonly string[],
): Diagnosis[] {
  if (metrics.at(-1)?.["update/count"] !== 0) return [];
  const starts = typeof learningStarts === "number" && learningStarts >= steps;
  return [
    {
      part: "hyperparameters",
      ...(starts && { hyperparameter: "learningStarts" }),
      certainty: "certain",
      finding: starts
        ? `Learning never starts: learningStarts ${learningStarts} is not below steps ${steps}`
        : "No gradient step was taken",
      evidence: [{ what: "update/count at the end", measured: 0, expected: "above 0" }],
      remedy: starts ? "Lower learningStarts or raise steps." : "Look at learningStarts, trainFreq and gradientSteps.",
      confirm: again,
    },
  ];
}
