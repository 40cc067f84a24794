import { describeThrown } from "../contract.ts";
import type { AnyEnv } from "../env.ts";
import { type GoalLayout, type GoalRules, goalLayout } from "../goals/goal-rules.ts";
import type { Findings } from "./finding.ts";
import { Probe } from "./probe.ts";

/** What is said of the goals that a step led to is what the step gave: hindsight would else learn from wrong rewards. */
export function checkGoals(env: AnyEnv, steps: number, seed: number, findings: Findings): void {
  if (env.goals === undefined) return;
  const layout = layoutOf(env, findings);
  if (layout === undefined || !hasRules(env.goals, findings)) return;
  const probe = new Probe(env, findings, seed);
  probe.reset(seed);
  for (let t = 0; t < steps; t++) {
    const { moment } = probe.step();
    if (moment.terminated || moment.truncated) probe.reset();
    if (moment.observation.length === 0) continue;
    const [achieved, desired] = [layout.achieved, layout.desired].map((from) =>
      moment.observation.slice(from, from + layout.size),
    );
    const said = probe.call("goals", () => ({
      reward: env.goals?.computeReward(achieved, desired),
      terminated: env.goals?.computeTerminated(achieved, desired),
    }));
    for (const name of ["reward", "terminated"] as const) {
      if (said[name] === moment[name]) continue;
      const method = name === "reward" ? "computeReward" : "computeTerminated";
      const message = `the ${name} of a step is not what ${method} says of the goals after it; got ${moment[name]} and ${said[name]}`;
      findings.add("error", `goals.${method}`, message, `Let step return what ${method} says of the goals it shows.`);
    }
  }
}

function layoutOf(env: AnyEnv, findings: Findings): GoalLayout | undefined {
  try {
    return goalLayout(env.observationSpace);
  } catch (error) {
    const fix = "Observe new Dict({ observation, achievedGoal, desiredGoal }), or leave goals out.";
    findings.add("error", "goals", describeThrown(error), fix);
    return undefined;
  }
}

function hasRules(goals: GoalRules, findings: Findings): boolean {
  const missing = (["computeReward", "computeTerminated"] as const).filter((name) => typeof goals[name] !== "function");
  for (const name of missing) {
    findings.add("error", `goals.${name}`, `goals.${name} must be a function of two goals`, `Add a function ${name}.`);
  }
  return missing.length === 0;
}
