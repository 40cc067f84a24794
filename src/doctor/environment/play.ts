import type { Findings } from "../../envs/check/finding.ts";
import { type Moment, Probe } from "../../envs/check/probe.ts";
import type { AnyEnv } from "../../envs/index.ts";

/** A step of random play. */
export interface PlayedStep extends Moment {
  /** From 1, in its episode. */
  readonly t: number;
}

export interface Played {
  readonly steps: readonly PlayedStep[];
  /** Undiscounted, of the episodes that ended. */
  readonly returns: readonly number[];
}

const STEPS = 10_000;
const EPISODES = 60;
/** Numbers of all observations together: pictures are kept for fewer steps. */
const NUMBERS = 8_000_000;

/**
 * Plays with random actions until there are enough episodes to say something of their ends.
 * @param findings takes every breach of the contract on the way
 * @throws Stopped where the environment cannot be played on; why is among the findings
 */
export function playRandomly(env: AnyEnv, seed: number, findings: Findings): Played {
  const probe = new Probe(env, findings, seed);
  const most = Math.min(STEPS, Math.max(500, Math.floor(NUMBERS / env.observationSpace.flatSize)));
  const steps: PlayedStep[] = [];
  const returns: number[] = [];
  probe.reset(seed);
  for (let t = 1, total = 0; steps.length < most && returns.length < EPISODES; t++) {
    const { moment } = probe.step();
    steps.push({ ...moment, t });
    total += moment.reward;
    if (!moment.terminated && !moment.truncated) continue;
    returns.push(total);
    probe.reset();
    [t, total] = [0, 0];
  }
  return { steps, returns };
}
