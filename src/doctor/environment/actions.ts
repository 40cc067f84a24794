import type { Findings } from "../../envs/check/finding.ts";
import { firstDifference, Probe } from "../../envs/check/probe.ts";
import type { AnyEnv } from "../../envs/index.ts";
import { Discrete } from "../../spaces/index.ts";

const PAIRS = 4;
const STEPS = 250;

/**
 * Steps after which nothing had come of choosing other actions, with the same seed: every observation, reward and end was the same, bit
 * for bit. Undefined where something came of it, or there is nothing to choose.
 * @param findings takes every breach of the contract on the way
 * @throws Stopped where the environment cannot be played on; why is among the findings
 */
export function stepsWithoutEffect(env: AnyEnv, seed: number, findings: Findings): number | undefined {
  if (env.actionSpace instanceof Discrete && env.actionSpace.n === 1) return undefined;
  for (let pair = 0; pair < PAIRS; pair++) {
    const [one, other] = [1, 2].map((policy) => {
      const probe = new Probe(env, findings, 2 * (seed + pair) + policy);
      const { observation } = probe.reset(seed + pair);
      return [{ observation, reward: 0, terminated: false, truncated: false }, ...probe.play(STEPS)];
    }) as [ReturnType<Probe["play"]>, ReturnType<Probe["play"]>];
    if (firstDifference(one, other) >= 0) return undefined;
  }
  return PAIRS * STEPS;
}
