/**
 * Stay or stop: go on for reward 1, or end with 0. The smallest task whose episodes have a random length, so that what an
 * estimator of the policy gradient gives, its variance included, has a closed form in θ, the policy's probability of staying:
 * the return R is geometric, E[R] = θ/(1 − θ), and dE[R]/dθ = 1/(1 − θ)².
 *
 * state = observation: 0 going on, 1 ended. Actions: 0 stay, 1 stop.
 */

import { dynamicsSpec } from "../dynamics-spec.ts";
import { type FiniteDynamics, finiteDynamics } from "../finite-dynamics.ts";
import { certain, uniformOver } from "../finite-mdp.ts";
import { readOptions } from "../options.ts";
import { drawStayOrStop } from "./draw-stay-or-stop.ts";

const GOING = 0;
const ENDED = 1;
const STAY = 0;

/** It has no options. @throws ConfigError where one is given */
export function stayOrStop(given: Record<string, never> = {}): FiniteDynamics {
  readOptions("StayOrStop-v0", given, {});
  const mdp = {
    states: 2,
    actions: 2,
    initial: uniformOver(2, [GOING]),
    outcomes: (state: number, action: number) =>
      state === GOING && action === STAY ? certain(GOING, 1) : certain(ENDED, 0, true),
  };
  return finiteDynamics(mdp, drawStayOrStop);
}

/** Registry entry. The time limit is out of reach of a policy that still explores: 0.99¹⁰⁰⁰ is 4 in 100 000. */
export const stayOrStopSpec = dynamicsSpec(
  {
    id: "StayOrStop-v0",
    maxEpisodeSteps: 1000,
    description: "Stay for reward 1 or stop for 0: a chain whose policy gradient has a closed form.",
    source: "the geometric distribution",
  },
  stayOrStop,
);
