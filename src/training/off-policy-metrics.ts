import type { MetricDefinition } from "./metrics.ts";

/** What methods report that learn action values by a network from stored transitions. */
export const offPolicyMetrics: readonly MetricDefinition[] = [
  {
    name: "value/mean",
    definition: "Mean of the values Q(s, a) of the actions that were learned from.",
    unit: "reward",
    range: "Up to the best discounted return; far above it, maxima over errors were taken for values.",
    whatChangesIt:
      "The policy and the scale of rewards; double lowers it where it is too high, alpha where it is made up.",
    undefinedWhen: "Nothing was learned in this iteration: learningStarts steps are not taken yet.",
  },
];
