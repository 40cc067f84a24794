import type { MetricDefinition } from "./metrics.ts";

/** What actor-critics report that learn from a replay buffer; means over the gradient steps of one iteration. */
export const offPolicyMetrics: readonly MetricDefinition[] = [
  {
    name: "value/mean",
    definition: "Mean Q of the actions that were learned from, as the (first) critic has it.",
    unit: "reward",
    range: "Near the discounted returns; far above them the critic believes in what is not there.",
    whatChangesIt: "The policy, gamma, and with an entropy bonus the temperature.",
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
