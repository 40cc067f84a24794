/**
 * Monte Carlo against TD(0) on the random walk of 19 states (Sutton & Barto 2018, example 7.1): −1 to the left of it, 1 to the
 * right, each method with the best of several step sizes.
 */
import type { FiniteMdp } from "../../envs/index.ts";
import { evaluatePolicy, rewardToGo } from "../../estimators/index.ts";
import type { Key } from "../../random/index.ts";
import { isBelow } from "../claims.ts";
import { type Episodes, playEpisodes, transitionsOf } from "../episodes.ts";
import { intervalOf, meanOf } from "../interval.ts";
import type { Part } from "../lab.ts";
import { curve, lines } from "../learning-curve.ts";
import { type Backup, rootMeanSquare } from "./backup.ts";

const STATES = 19;
const EPISODES = 100;
const STEP_SIZES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.4];
const METHODS = ["Monte Carlo", "TD(0)"] as const;
type Method = (typeof METHODS)[number];

export const randomWalk: FiniteMdp = {
  states: STATES,
  actions: 1,
  initial: Float64Array.from({ length: STATES }, (_, s) => +(s === STATES >> 1)),
  outcomes: (state) => [
    { probability: 0.5, state: Math.max(0, state - 1), reward: state === 0 ? -1 : 0, terminated: state === 0 },
    {
      probability: 0.5,
      state: Math.min(STATES - 1, state + 1),
      reward: state === STATES - 1 ? 1 : 0,
      terminated: state === STATES - 1,
    },
  ],
};

export function monteCarloAndTd(key: Key, repetitions: number, backup: Backup): Part {
  const policy = new Float64Array(STATES).fill(1);
  const truth = evaluatePolicy(randomWalk, policy, { gamma: 1 });
  const played = Array.from({ length: repetitions }, (_, i) =>
    playEpisodes(randomWalk, policy, EPISODES, key.split("walk", i).stream()),
  );
  const found = METHODS.map((method) => {
    const curves = STEP_SIZES.map((size) => played.map((episodes) => errors(method, size, episodes, truth, backup)));
    const means = curves.map((runs) => runs.map(meanOf));
    return { method, curves, means, best: bestBy(means.map((values) => meanOf(values.slice(0, repetitions >> 1)))) };
  });
  const at = Array.from({ length: EPISODES }, (_, i) => i + 1);
  const [monteCarlo, td] = found.map(({ method, means, best }) => ({
    name: `${method} with α = ${STEP_SIZES[best]}`,
    // Chosen by one half of the repetitions, judged by the other.
    values: means[best]!.slice(repetitions >> 1),
  }));
  return {
    tables: [
      {
        title: "Random walk: error over the first 100 episodes, by step size",
        columns: STEP_SIZES.map((size) => `α = ${size}`),
        rows: found.map(({ method, means }) => ({ name: method, cells: means.map((values) => intervalOf(values)) })),
      },
    ],
    charts: [
      lines(
        {
          title: "Random walk: Monte Carlo and TD(0), each with its best step size",
          x: "episodes",
          y: "RMS error of V",
        },
        found.map(({ method, curves, best }) => curve(`${method}, α = ${STEP_SIZES[best]}`, at, curves[best]!)),
      ),
    ],
    claims: [isBelow("TD learns values from fewer episodes than Monte Carlo on the random walk", td!, monteCarlo!)],
  };
}

function bestBy(errors: readonly number[]): number {
  return errors.reduce((best, error, i) => (error < errors[best]! ? i : best), 0);
}

/** RMS error after each episode; values start from 0. */
function errors(method: Method, size: number, episodes: Episodes, truth: Float64Array, backup: Backup): number[] {
  const { states, nextStates, rewards, terminated } = episodes;
  const values = new Float64Array(STATES);
  const returns = rewardToGo(transitionsOf(episodes, values), { gamma: 1 });
  const found: number[] = [];
  let first = 0;
  for (let i = 0; i < states.length; i++) {
    if (method === "TD(0)") {
      const target = backup(rewards[i]!, values[nextStates[i]!]!, terminated[i] === 1, 1);
      values[states[i]!]! += size * (target - values[states[i]!]!);
    }
    if (!terminated[i]) continue;
    // Returns are known when the episode is over.
    for (; first <= i; first++) {
      if (method === "Monte Carlo") values[states[first]!]! += size * (returns[first]! - values[states[first]!]!);
    }
    found.push(rootMeanSquare(values, truth));
  }
  return found;
}
