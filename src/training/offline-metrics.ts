import type { MetricDefinition } from "./metrics.ts";

/** What methods report that learn from recorded transitions; each number is a mean over the gradient steps of one iteration. */
export const offlineMetrics: readonly MetricDefinition[] = [
  {
    name: "loss/imitation",
    definition:
      "How far the policy is from what was recorded: mean of −log π(a|s), or of the squared error of actions.",
    unit: "nats, or action²",
    range:
      "Falls to the entropy of whoever was recorded, which may be 0, and not below; of densities it may turn negative.",
    whatChangesIt: "How decided the recorded policy was; hidden and steps bring it down, entCoef keeps it up.",
  },
  {
    name: "loss/conservative",
    definition:
      "Mean of log Σ exp Q(s, a′) − Q(s, a), an integral where actions are numbers: how much values of other actions exceed those of recorded ones.",
    unit: "reward",
    range:
      "From ln n for n equal values towards 0; far above ln n, values of unrecorded actions are wrong. Of numbers ln 2 for each entry of an action in the place of ln n, and it may turn negative.",
    whatChangesIt: "alpha presses it down.",
  },
];
