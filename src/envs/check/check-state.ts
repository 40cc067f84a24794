import { EnvironmentError } from "../../errors.ts";
import { requireJson } from "../contract.ts";
import type { AnyEnv, Json } from "../env.ts";
import type { Findings } from "./finding.ts";
import { firstDifference, Probe } from "./probe.ts";

const STEPS = 100;

/** `restore(state())`, by way of JSON text, brings back exactly the same future: here and in another instance. */
export function checkState(env: AnyEnv, other: AnyEnv | undefined, seed: number, findings: Findings): void {
  if (!env.state || !env.restore) {
    const fix = "Add state() and restore(state) to make resumed runs exact.";
    findings.add("info", "state", "without state and restore a resumed run starts fresh episodes", fix);
    return;
  }
  // Where equal seeds give different episodes, restoring cannot repeat one either; that is reported already.
  if (findings.list.some(({ severity, field }) => severity === "error" && field === "reset.seed")) return;
  const probe = new Probe(env, findings, seed);
  probe.reset(seed);
  // An odd number of steps, so that a saved state stands in the middle of an episode.
  probe.play(7);
  const state = probe.call("state", () => env.state?.());
  if (!checkJson(state, findings)) return;
  const saved = JSON.stringify(state);
  const live = probe.call("state", () => env.state?.());
  const future = new Probe(env, findings, seed + 1).play(STEPS);
  probe.call("state", () => env.state?.());
  if (JSON.stringify(live) !== saved) {
    const message = "an object that state() returned changed when the environment went on";
    findings.add("error", "state", message, "Return copies of arrays and objects from state().");
  }
  const fix = "Save everything that later steps depend on: counters, the random generator, what is pending.";
  for (const [target, where] of [
    [env, "the same instance"],
    [other, "a new instance"],
  ] as const) {
    if (!target) continue;
    const replay = new Probe(target, findings, seed + 1);
    replay.call("restore", () => target.restore?.(JSON.parse(saved) as Json));
    const different = firstDifference(future, replay.play(STEPS));
    if (different < 0) continue;
    const message = `after restore in ${where} the future differs from step ${different} on`;
    findings.add("error", "restore", message, fix);
    return;
  }
}

function checkJson(state: unknown, findings: Findings): boolean {
  try {
    requireJson(state, "state()");
    return true;
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    findings.add(
      "error",
      "state",
      error.message,
      "Turn what JSON does not have into what it has, and back in restore().",
    );
    return false;
  }
}
