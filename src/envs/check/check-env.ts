import { describeThrown } from "../contract.ts";
import type { AnyEnv } from "../env.ts";
import { checkEpisodes } from "./check-episodes.ts";
import { checkFrames } from "./check-frames.ts";
import { checkRender } from "./check-render.ts";
import { checkSeeding } from "./check-seeding.ts";
import { checkActionSpace, checkParts } from "./check-spaces.ts";
import { checkState } from "./check-state.ts";
import { type Finding, Findings } from "./finding.ts";
import { Probe, Stopped } from "./probe.ts";

export interface CheckEnvOptions {
  /** Steps of random actions to play. Default 1000. */
  steps?: number;
  /** Seed of the episodes and of the random actions. Default 1. */
  seed?: number;
}

/**
 * Plays with an environment and reports what would go wrong in training, worst first; an empty list is the best result.
 * It never throws because of the environment: an exception is a finding too.
 *
 * @param subject the environment, or a function that makes one (then two instances are compared as well)
 */
export function checkEnv(subject: AnyEnv | (() => AnyEnv), options: CheckEnvOptions = {}): Finding[] {
  const { steps = 1000, seed = 1 } = options;
  const findings = new Findings();
  guard(() => checkSubject(subject, steps, seed, findings), findings);
  const rank = { error: 0, warning: 1, info: 2 };
  return findings.list.sort((a, b) => rank[a.severity] - rank[b.severity]);
}

function checkSubject(subject: AnyEnv | (() => AnyEnv), steps: number, seed: number, findings: Findings): void {
  const env = make(subject, findings);
  if (!checkParts(env, findings)) return;
  const other = typeof subject === "function" ? make(subject, findings) : undefined;
  if (other === env) {
    const fix = "Make a new environment in every call.";
    findings.add("error", "env", "the function returned the same environment twice", fix);
  }
  const twin = other === env ? undefined : other;
  const checks = [
    () => checkActionSpace(env.actionSpace, findings),
    () => checkEpisodes(new Probe(env, findings, seed), steps, seed, findings),
    () => checkFrames(env, seed, findings),
    () => checkRender(env, findings),
    () => checkSeeding(env, twin, seed, findings),
    () => checkState(env, twin, seed, findings),
  ];
  for (const check of checks) guard(check, findings);
}

/** @throws Stopped where making it fails */
function make(subject: AnyEnv | (() => AnyEnv), findings: Findings): AnyEnv {
  if (typeof subject !== "function") return subject;
  try {
    return subject();
  } catch (error) {
    const fix = "Make the constructor run without an exception.";
    findings.add("error", "env", `making the environment threw ${describeThrown(error)}`, fix, error);
    throw new Stopped();
  }
}

/** Runs one check; an exception that no probe has reported (a hostile getter, say) becomes a finding. */
function guard(check: () => void, findings: Findings): void {
  try {
    check();
  } catch (error) {
    if (error instanceof Stopped) return;
    const message = `the check broke off with ${describeThrown(error)}`;
    findings.add("error", "env", message, "Return plain values from every method.", error);
  }
}
