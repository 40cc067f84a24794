import type { MetricDefinition } from "./metrics.ts";

/** What Q-learning with continuous actions reports; each number is a mean over the gradient steps of one iteration. */
export const continuousQMetrics: readonly MetricDefinition[] = [
  {
    name: "value/mean",
    definition: "Mean of Q over the transitions that were learned from: what the network expects of what was done.",
    unit: "reward",
    range: "From about 0 towards the discounted returns of the policy; far above what is reached: overestimation.",
    whatChangesIt: "gamma and the scale of rewards; nCritics brings overestimation down.",
    undefinedWhen: "Nothing was learned in this iteration: learningStarts is not reached.",
  },
  {
    name: "schedule/noiseStd",
    definition: "σ of the noise that is added to actions in order to explore, after the iteration.",
    unit: "half the range of actions",
    range: "As configured.",
    whatChangesIt: "noiseStd and its schedule.",
  },
];
