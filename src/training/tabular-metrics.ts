import type { MetricDefinition } from "./metrics.ts";

/** What methods report that work on tables of values. */
export const tabularMetrics: readonly MetricDefinition[] = [
  {
    name: "value/tdError",
    definition: "Mean size of the difference between a target and the estimate that it moved, over the iteration.",
    unit: "reward",
    range: "Falls while values are learned; what is left is the noise of the targets, 0 where nothing is random.",
    whatChangesIt: "The scale of rewards, gamma, and how random the environment and the policy are.",
    undefinedWhen: "Nothing was updated in this iteration: whole episodes are learned from, and none ended.",
  },
  {
    name: "value/visited",
    definition: "Share of the table's entries that were updated at least once.",
    unit: "share",
    range: "Rises to the share that can be reached; what was never visited has its initial value still.",
    whatChangesIt: "epsilon and temperature; initialValue above all returns makes greedy actions explore.",
  },
  {
    name: "schedule/epsilon",
    definition: "Probability of a uniformly random action in this iteration.",
    unit: "probability",
    range: "As configured.",
    whatChangesIt: "epsilon and its schedule.",
  },
  {
    name: "schedule/temperature",
    definition: "Temperature of Boltzmann exploration in this iteration.",
    unit: "reward",
    range: "As configured.",
    whatChangesIt: "temperature and its schedule.",
  },
  {
    name: "value/residual",
    definition: "Largest difference between a value and its backup in this sweep.",
    unit: "reward",
    range: "Shrinks by gamma or more in every sweep, down to tolerance.",
    whatChangesIt: "gamma: the nearer to 1, the more sweeps.",
  },
  {
    name: "value/moved",
    definition: "Largest change of a value in this turn of policy iteration.",
    unit: "reward",
    range: "Falls to 0 within few turns.",
    whatChangesIt: "How many states the last improvement changed.",
  },
  {
    name: "value/start",
    definition: "Mean value of the first states of episodes, by what is planned so far.",
    unit: "reward",
    range: "Comes to rest at the value of the policy; discounted, so mostly not what episode/return would show.",
    whatChangesIt: "gamma and the policy.",
  },
  {
    name: "policy/changes",
    definition: "States in which this turn of policy iteration found a better action.",
    unit: "states",
    range: "Falls to 0 within few turns.",
    whatChangesIt: "The size of the environment.",
  },
];
