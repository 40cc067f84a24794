/**
 * The smallest environments that each need one more part of a learner to work (after A. Jones 2021, "Debugging
 * Reinforcement Learning Systems"): where one fails and those before it pass, the fault is in the part it adds.
 */
import type { Env, Json } from "../../src/envs/index.ts";
import { Key, type Random, type RandomState } from "../../src/random/index.ts";
import { Box, Discrete, type Space } from "../../src/spaces/index.ts";

interface Probe {
  /** Steps of an episode. */
  readonly length: number;
  /** What is seen at step t, with a fair coin of −1 or 1. */
  readonly observation: (t: number, coin: number) => number;
  /** What step t gives for what was seen and done. */
  readonly reward: (t: number, observation: number, action: number) => number;
  /** How an episode ends; default: it terminates. */
  readonly truncates?: boolean;
  /** Actions are numbers instead of 0 and 1, with bounds so far off that none is limited to them. */
  readonly continuous?: boolean;
}

export function probeEnv(probe: Probe): Env<ArrayLike<number>, number | ArrayLike<number>> {
  const { length, observation, reward, truncates = false, continuous = false } = probe;
  let random: Random = Key.fromSeed(0).stream();
  let t = 0;
  let coin = 1;
  const look = () => [observation(t, coin)];
  return {
    observationSpace: new Box(-1, 1, [1]),
    actionSpace: (continuous ? new Box(-9, 9, [1]) : new Discrete(2)) as Space<number | ArrayLike<number>>,
    reset({ seed }) {
      if (seed !== undefined) random = Key.fromSeed(seed).stream();
      t = 0;
      coin = 2 * random.integer(2) - 1;
      return { observation: look(), info: {} };
    },
    step(action) {
      const gained = reward(t, look()[0]!, typeof action === "number" ? action : action[0]!);
      const isOver = ++t === length;
      return {
        observation: look(),
        reward: gained,
        terminated: isOver && !truncates,
        truncated: isOver && truncates,
        info: {},
      };
    },
    state: () => ({ random: { ...random.state() }, t, coin }),
    restore(state: Json) {
      const saved = state as unknown as { random: RandomState; t: number; coin: number };
      random.restore(saved.random);
      t = saved.t;
      coin = saved.coin;
    },
  };
}

/** Reward 1 whatever happens: the value of one state. */
export const constantReward = () => probeEnv({ length: 1, observation: () => 0, reward: () => 1 });

/** The reward is the observation: a value that depends on it. */
export const rewardFromObservation = () =>
  probeEnv({ length: 1, observation: (_t, coin) => coin, reward: (_t, o) => o });

/** The reward comes one step later: the discount. */
export const delayedReward = () => probeEnv({ length: 2, observation: (t) => Math.min(t, 1), reward: (t) => t });

/** 1 for action 1, −1 for action 0: the policy. */
export const rewardFromAction = () => probeEnv({ length: 1, observation: () => 0, reward: (_t, _o, a) => 2 * a - 1 });

/** 1 where the action is that of the observation, else −1: a policy that depends on it. */
export const rewardFromBoth = () =>
  probeEnv({ length: 1, observation: (_t, coin) => coin, reward: (_t, o, a) => (2 * a - 1) * o });

/** The closer the action is to ½, the better: a policy over numbers. Value 1 for the best. */
export const rewardFromNumber = () =>
  probeEnv({ length: 1, observation: () => 0, reward: (_t, _o, a) => 1 - (a - 0.5) ** 2, continuous: true });

/** The same with ½ or −½, as the observation says. */
export const rewardFromNumberAndObservation = () =>
  probeEnv({
    length: 1,
    observation: (_t, coin) => coin,
    reward: (_t, o, a) => 1 - (a - 0.5 * o) ** 2,
    continuous: true,
  });

/** Reward 1 for ever, cut after 8 steps; `terminates` pretends that the task ends there. */
export const cutForEver = ({ terminates = false } = {}) =>
  probeEnv({ length: 8, observation: () => 0, reward: () => 1, truncates: !terminates });
