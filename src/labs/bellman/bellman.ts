/** The lab `bellman`: ways of learning values from the Bellman equation, against exact values. */
import { Key } from "../../random/index.ts";
import { combined, type Findings, type Lab, type LabSettings } from "../lab.ts";
import { type Backup, bellmanBackup } from "./backup.ts";
import { bairdsCounterexample } from "./baird.ts";
import { horizonValues } from "./horizon.ts";
import { monteCarloAndTd } from "./monte-carlo-and-td.ts";
import { onAndOffPolicy } from "./off-policy.ts";
import { targetAndReplay } from "./target-and-replay.ts";

export const bellman: Lab = {
  name: "bellman",
  question: "What do Bellman equations learn, from which data, and when do they diverge?",
  criterion:
    "errors against values that are solved for exactly, over time: Monte Carlo against TD, V on-policy against Q off-policy, values with a last step, target networks and replay on and off; what diverges is seen to diverge.",
  experiment: (settings) => bellmanExperiment(settings),
};

/** @param backup the target of a step, which a test may replace by a wrong one */
export function bellmanExperiment({ seed, thorough }: LabSettings, backup: Backup = bellmanBackup): Findings {
  const repetitions = thorough ? 100 : 20;
  const key = Key.fromSeed(seed).split("bellman");
  return combined(repetitions, [
    monteCarloAndTd(key, repetitions, backup),
    onAndOffPolicy(key, repetitions, backup),
    horizonValues(key, repetitions, backup),
    targetAndReplay(key, repetitions),
    bairdsCounterexample(key, repetitions),
  ]);
}
