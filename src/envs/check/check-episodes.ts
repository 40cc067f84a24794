import { Box } from "../../spaces/index.ts";
import { endsForCertain } from "./ends-for-certain.ts";
import type { Findings } from "./finding.ts";
import type { Probe } from "./probe.ts";

/** Beyond this a tanh unit with ordinary weights saturates and gradients vanish. */
const LARGE_OBSERVATION = 100;
const LARGE_REWARD = 1000;

/**
 * Plays `steps` steps: outputs fit their spaces, episodes end, resets work, numbers have a size that can be learned
 * from, and observations that were handed out stay as they were.
 */
export function checkEpisodes(probe: Probe, steps: number, seed: number, findings: Findings): void {
  let { raw, observation } = probe.reset(seed);
  let ends = 0;
  let largestObservation = 0;
  let largestReward = 0;
  const rewards = new Set<number>();
  for (let t = 0; t < steps; t++) {
    const next = probe.step();
    checkUntouched(probe, raw, observation, findings);
    raw = next.raw;
    observation = next.moment.observation;
    for (const value of observation) largestObservation = Math.max(largestObservation, Math.abs(value));
    largestReward = Math.max(largestReward, Math.abs(next.moment.reward));
    if (rewards.size < 2) rewards.add(next.moment.reward);
    if (next.moment.terminated || next.moment.truncated) {
      ends++;
      ({ raw, observation } = probe.reset());
    }
  }
  const { model } = probe.env;
  if (ends === 0 && !(model && endsForCertain(model))) {
    const message = `no episode ended within ${steps} steps of random actions`;
    findings.add(
      "warning",
      "terminated",
      message,
      "Wrap the environment in timeLimit, or report terminated at an end.",
    );
  }
  if (largestObservation > LARGE_OBSERVATION) {
    const { observationSpace } = probe.env;
    const bytes = observationSpace instanceof Box && observationSpace.dtype === "uint8";
    const fix = bytes ? "Divide pixels by 255." : "Divide by the usual size, or train with normalizeObservation.";
    const message = `observations reach ${largestObservation}, far from the −1 … 1 in which networks learn`;
    findings.add(bytes ? "info" : "warning", "observation scale", message, fix);
  }
  if (largestReward > LARGE_REWARD) {
    const message = `rewards reach ${largestReward} in size`;
    findings.add("warning", "reward scale", message, "Use rewardScale, or train with normalizeReward.");
  }
  if (rewards.size === 1 && rewards.has(0)) {
    const message = `every reward was 0 within ${steps} steps of random actions`;
    findings.add("info", "reward", message, "Expect learning to need many steps, or reward progress on the way.");
  }
}

/** A buffer that an environment reuses would rewrite what was already learned from. */
function checkUntouched(probe: Probe, raw: unknown, encodedThen: Float32Array, findings: Findings): void {
  const space = probe.env.observationSpace;
  if (encodedThen.length === 0) return;
  const changed = () => {
    if (space.mismatch(raw, "observation", false)) return true;
    const now = new Float32Array(space.flatSize);
    space.flatten(raw, now, 0);
    return now.some((value, i) => !Object.is(value, encodedThen[i]));
  };
  if (!changed()) return;
  const message = "an observation that was handed out changed in a later step";
  findings.add(
    "error",
    "observation aliasing",
    message,
    "Return a copy, such as this.board.slice(), from reset and step.",
  );
}
