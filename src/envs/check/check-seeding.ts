import type { AnyEnv } from "../env.ts";
import type { Findings } from "./finding.ts";
import { firstDifference, type Moment, Probe } from "./probe.ts";

const STEPS = 200;
/** Enough that equal starts are no accident where there are but two of them. */
const LATER_EPISODES = 16;

/** Equal seeds give equal episodes, in one instance and across two; other seeds and later episodes differ. */
export function checkSeeding(env: AnyEnv, other: AnyEnv | undefined, seed: number, findings: Findings): void {
  const first = playSeeded(env, seed, findings);
  const again = playSeeded(env, seed, findings);
  const fix =
    "Draw all randomness from a generator made from options.seed in reset, not from JavaScript's global one or the clock.";
  const different = firstDifference(first, again);
  if (different >= 0) {
    const message = `two runs with seed ${seed} and the same actions differ from step ${different} on`;
    findings.add("error", "reset.seed", message, fix);
  } else if (other) {
    const elsewhere = firstDifference(first, playSeeded(other, seed, findings));
    if (elsewhere >= 0) {
      const message = `two instances with seed ${seed} and the same actions differ from step ${elsewhere} on`;
      findings.add("error", "reset.seed", message, `${fix} Share nothing between instances.`);
    }
  }
  const isSame = firstDifference(first, playSeeded(env, seed + 1, findings)) < 0;
  if (env.deterministic) {
    if (isSame) return;
    const message = `deterministic is true, but seeds ${seed} and ${seed + 1} give different episodes`;
    findings.add("error", "deterministic", message, "Leave deterministic out, or make every step and start certain.");
    return;
  }
  if (isSame) {
    const message = `seeds ${seed} and ${seed + 1} give the same episodes`;
    const fix = "For a task without randomness, set deterministic to true; otherwise use options.seed.";
    findings.add("warning", "reset.seed", message, fix);
    return;
  }
  checkLaterEpisodes(env, seed, findings);
}

/** A generator that is made anew in every reset, seed or not, would replay one episode for ever. */
function checkLaterEpisodes(env: AnyEnv, seed: number, findings: Findings): void {
  const probe = new Probe(env, findings, seed);
  const same = (a: Float32Array, b: Float32Array) => a.every((value, i) => Object.is(value, b[i]));
  const start = probe.reset(seed).observation;
  if (same(start, probe.reset(seed + 1).observation)) return;
  const later = Array.from({ length: LATER_EPISODES }, () => probe.reset().observation);
  if (!later.every((other) => same(other, later[0]))) return;
  const message = `${LATER_EPISODES} resets without a seed started the same episode`;
  findings.add("warning", "reset", message, "Make the generator anew only where options.seed is given.");
}

function playSeeded(env: AnyEnv, seed: number, findings: Findings): Moment[] {
  // The policy's own seed is fixed, so that runs differ by nothing but the environment's.
  const probe = new Probe(env, findings, 1);
  const { observation } = probe.reset(seed);
  return [{ observation, reward: 0, terminated: false, truncated: false }, ...probe.play(STEPS)];
}
