/**
 * Bandits: one choice among arms that pay differently, without consequence; the contextual one shows first in which of several
 * situations one is.
 *
 * Source: Sutton & Barto 2018, sections 2.3 (the 10-armed testbed) and 2.9 (associative search). What the arms pay on average is
 * drawn from the option `seed`, so that a task stays the same from run to run: for Gaussian arms from N(0, 1), for Bernoulli
 * arms uniformly from 0 to 1.
 *
 * state: context, the last arm plus 1 (0 before the first) and its reward, these two only drawn. observation: the context.
 */

import { ConfigError } from "../../errors.ts";
import { Key } from "../../random/index.ts";
import { Discrete } from "../../spaces/index.ts";
import type { DynamicsWithIndices } from "../dynamics.ts";
import { dynamicsSpec } from "../dynamics-spec.ts";
import type { FiniteMdp } from "../finite-mdp.ts";
import { readOptions } from "../options.ts";
import { drawBandit } from "./draw-bandit.ts";

export const BANDIT_DEFAULTS = {
  /** How many arms there are to choose from. */
  arms: 10,
  /** Situations that are shown before the choice, each as probable as the others; 1 for an ordinary bandit. */
  contexts: 1,
  /** "gaussian" pays N(mean, std²), "bernoulli" 1 with probability mean, else 0. */
  pays: "gaussian" as "gaussian" | "bernoulli",
  /** Standard deviation of what a Gaussian arm pays. */
  std: 1,
  /** Which task it is: another one for every non-negative integer. */
  seed: 0,
};

export type BanditOptions = typeof BANDIT_DEFAULTS;

/** What can be learned about a bandit is what its arms pay on average. */
export interface BanditDynamics extends DynamicsWithIndices<number> {
  /** `[contexts · arms]` */
  readonly means: Float64Array;
}

/** @throws ConfigError for an unknown option or a value that is not allowed */
export function bandit(given: Partial<BanditOptions> = {}): BanditDynamics {
  const options = readOptions("Bandit-v0", given, BANDIT_DEFAULTS, { pays: ["gaussian", "bernoulli"] });
  const { arms, contexts, std } = options;
  for (const [name, least] of [
    ["arms", 1],
    ["contexts", 1],
    ["seed", 0],
  ] as const) {
    if (Number.isSafeInteger(options[name]) && options[name] >= least) continue;
    const allowed = `an integer of at least ${least}`;
    throw new ConfigError({ field: `Bandit-v0 option ${name}`, value: options[name], allowed });
  }
  if (std < 0) throw new ConfigError({ field: "Bandit-v0 option std", value: std, allowed: "a number of at least 0" });
  const isBernoulli = options.pays === "bernoulli";
  const random = Key.fromSeed(options.seed).split("arms").stream();
  const means = Float64Array.from({ length: contexts * arms }, () =>
    isBernoulli ? random.uniform() : random.normal(),
  );
  return {
    means,
    stateSize: 3,
    observationSpace: new Discrete(contexts),
    actionSpace: new Discrete(arms),
    ...(isBernoulli && { model: bernoulliModel(means, contexts, arms) }),

    // The last arm stays in the picture: after a single step there is nothing else to see.
    start(states, offset, stream): void {
      states[offset] = stream.integer(contexts);
    },

    advance(states, actions, rewards, terminated, count, streams): void {
      for (let n = 0; n < count; n++) {
        const mean = means[states[3 * n] * arms + actions[n]];
        rewards[n] = isBernoulli ? +(streams.each[n].uniform() < mean) : mean + std * streams.each[n].normal();
        terminated[n] = 1;
        states[3 * n + 1] = actions[n] + 1;
        states[3 * n + 2] = rewards[n];
      }
    },

    observeIndices(states, indices, from, to): void {
      for (let n = from; n < to; n++) indices[n] = states[3 * n];
    },

    draw: (canvas, state) => drawBandit(canvas, { arms, contexts }, state),
  };
}

function bernoulliModel(means: Float64Array, contexts: number, arms: number): FiniteMdp {
  return {
    states: contexts,
    actions: arms,
    initial: new Float64Array(contexts).fill(1 / contexts),
    outcomes(state, arm) {
      const mean = means[state * arms + arm];
      return [
        { probability: mean, state, reward: 1, terminated: true },
        { probability: 1 - mean, state, reward: 0, terminated: true },
      ];
    },
  };
}

/** Bandits with other defaults. */
const variant = (defaults: Partial<BanditOptions>) => (given: Partial<BanditOptions>) =>
  bandit({ ...defaults, ...given });

const source = "Sutton & Barto 2018, sections 2.3 and 2.9";

/** Registry entries. */
export const banditSpecs = [
  dynamicsSpec(
    { id: "Bandit-v0", description: "Ten arms that pay normally distributed rewards; one pull.", source },
    bandit,
  ),
  dynamicsSpec(
    {
      id: "BernoulliBandit-v0",
      description: "Ten arms that pay 1 or 0 with probabilities of their own; one pull.",
      source,
    },
    variant({ pays: "bernoulli" }),
  ),
  dynamicsSpec(
    {
      id: "ContextualBandit-v0",
      description: "Five contexts, one of them shown, each with four arms that pay differently; one pull.",
      source,
    },
    variant({ contexts: 5, arms: 4 }),
  ),
];
