import type { MetricDefinition } from "./metrics.ts";

/** What methods report that learn from stored transitions; means over the gradient steps of one iteration. */
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
  {
    name: "policy/entCoef",
    definition: "Temperature α: what a nat of the policy's entropy is worth in reward.",
    unit: "reward per nat",
    range: "1 at first, then falling while the policy may become surer; rising again where it was too sure.",
    whatChangesIt: "entCoef fixes it; a lower targetEntropy brings a learned one down.",
  },
  {
    name: "schedule/noiseStd",
    definition: "σ of the noise that is added to a deterministic policy's actions, which go from −1 to 1.",
    unit: "1",
    range: "As configured.",
    whatChangesIt: "noiseStd and its schedule.",
  },
];
