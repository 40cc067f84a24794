import type { MetricDefinition } from "./metrics.ts";

/** What TRPO reports of its one step per iteration. */
export const trustRegionMetrics: readonly MetricDefinition[] = [
  {
    name: "policy/kl",
    definition:
      "Mean KL divergence of the policy before the update from the one after it, over the rollout's observations.",
    unit: "nats",
    range: "Just below targetKl; 0 where the update was given up.",
    whatChangesIt: "targetKl is its limit; cgDamping and lineSearchShrinkingFactor decide how close it comes.",
  },
  {
    name: "policy/surrogateGain",
    definition: "How much the update raised the surrogate objective, the mean of ratio times advantage.",
    unit: "advantage",
    range: "Above 0, usually 0.01 to 0.1 with normalised advantages; 0 where the update was given up.",
    whatChangesIt: "targetKl: a larger region has more to gain; noise in the advantages lowers it.",
  },
  {
    name: "update/accepted",
    definition: "Whether the line search found a step that stays inside the trust region and raises the objective.",
    unit: "0 or 1",
    range: "Almost always 1; a run of zeros says that the direction is wrong or the region too small.",
    whatChangesIt: "More cgMaxSteps and samples make the direction better; lineSearchMaxIter allows more tries.",
  },
  {
    name: "update/lineSearchSteps",
    definition: "Lengths of the step that the line search tried.",
    unit: "tries",
    range: "1 or 2; at most lineSearchMaxIter.",
    whatChangesIt: "A rough direction (few cgMaxSteps, little cgDamping) makes more of them necessary.",
  },
];
