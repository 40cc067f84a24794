import type { MetricDefinition } from "./metrics.ts";

/** What self-play reports of who met whom. */
export const selfPlayMetrics: readonly MetricDefinition[] = [
  {
    name: "selfPlay/elo",
    definition:
      "Elo rating by the points against past selves, each rated as it was when it was kept; the first policy has 0.",
    unit: "Elo",
    range: "Rising, fast at first; 400 more are odds of ten to one for each point.",
    whatChangesIt: "Learning; it levels off where the policy no longer beats what it was.",
  },
  {
    name: "selfPlay/score",
    definition: "Share of the iteration's points against past selves that was won.",
    unit: "share",
    range: "Above ½ while the policy becomes better.",
    whatChangesIt: "How far back opponents come from: poolSize and snapshotInterval.",
    undefinedWhen: "No point was played against a past self.",
  },
  {
    name: "selfPlay/pool",
    definition: "Past selves that are kept.",
    unit: "policies",
    range: "1 to poolSize.",
    whatChangesIt: "snapshotInterval decides how soon it is full.",
  },
];
