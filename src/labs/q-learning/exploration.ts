/**
 * A corridor with a small reward at its door: who leaves at once gets 0.2, who goes on to the end gets 1. Q-learning with three ways
 * of choosing actions: what they see of it, and what they earn in the end.
 */
import { certain, type FiniteMdp } from "../../envs/finite-mdp.ts";
import { exp } from "../../math/index.ts";
import type { Key, Random } from "../../random/index.ts";
import { isBelow, type Measured } from "../claims.ts";
import { intervalOf } from "../interval.ts";
import type { Part } from "../lab.ts";
import { pointOf } from "../learning-curve.ts";

const LENGTH = 6;
const DOOR = 0.2;
const EPISODES = 2000;
const STEP_SIZE = 0.1;
const GAMMA = 0.95;

/** Actions: 0 leaves, 1 goes on. */
export const corridor: FiniteMdp = {
  states: LENGTH,
  actions: 2,
  initial: Float64Array.from({ length: LENGTH }, (_, s) => +(s === 0)),
  outcomes: (state, action) => {
    if (action === 0) return certain(state, state === 0 ? DOOR : 0, true);
    return state === LENGTH - 1 ? certain(state, 1, true) : certain(state + 1, 0);
  },
};

/** Chooses by the two values of a state. */
export type Choice = (leave: number, on: number, random: Random) => 0 | 1;

const greedy: Choice = (leave, on, random) => {
  if (leave === on) return random.uniform() < 0.5 ? 0 : 1;
  return on > leave ? 1 : 0;
};

export const choices: Readonly<Record<string, Choice>> = {
  greedy,
  "ε-greedy (0.1)": (leave, on, random) =>
    random.uniform() < 0.1 ? (random.uniform() < 0.5 ? 0 : 1) : greedy(leave, on, random),
  "Boltzmann (0.2)": (leave, on, random) => (random.uniform() < 1 / (1 + exp((leave - on) / 0.2)) ? 1 : 0),
};

export function exploration(key: Key, repetitions: number, ways = choices): Part {
  const found = Object.entries(ways).map(([name, choice]) => {
    const runs = Array.from({ length: repetitions }, (_, i) => learn(choice, key.split("corridor", i).stream()));
    const of = (what: keyof Run): Measured => ({ name: `${what} with ${name}`, values: runs.map((run) => run[what]) });
    return { name, coverage: of("coverage"), earned: of("earned"), learned: of("learned") };
  });
  const [none, epsilon, boltzmann] = found;
  return {
    tables: [
      {
        title: `A corridor, ${EPISODES} episodes of Q-learning, of which the best earns 1 each`,
        columns: ["coverage", "mean return while learning", "return of what was learned"],
        rows: found.map(({ name, coverage, earned, learned }) => ({
          name,
          cells: [coverage, earned, learned].map(({ values }) => intervalOf(values)),
        })),
      },
    ],
    charts: [
      {
        kind: "rows",
        text: { title: "What was learned by each way of exploring", x: "return of the greedy policy", y: "" },
        names: found.map(({ name }) => name),
        points: found.map(({ learned }, x) => pointOf(x, learned.values)),
      },
    ],
    claims: [
      isBelow("Greedy sees less of the corridor than ε-greedy", none!.coverage, epsilon!.coverage),
      isBelow("Greedy sees less of it than Boltzmann", none!.coverage, boltzmann!.coverage),
      isBelow("What greedy learns earns less than what ε-greedy learns", none!.learned, epsilon!.learned),
      isBelow("What greedy learns earns less than what Boltzmann learns", none!.learned, boltzmann!.learned),
      isBelow("ε-greedy earns less while learning than what it has learned", epsilon!.earned, epsilon!.learned),
    ],
  };
}

interface Run {
  /** Share of the pairs of state and action that were tried. */
  readonly coverage: number;
  /** Mean return of an episode while learning. */
  readonly earned: number;
  /** Return of the greedy policy in the end. */
  readonly learned: number;
}

function learn(choice: Choice, random: Random): Run {
  const q = new Float64Array(2 * LENGTH);
  const tried = new Uint8Array(q.length);
  const best = (state: number) => Math.max(q[2 * state]!, q[2 * state + 1]!);
  let earned = 0;
  for (let episode = 0; episode < EPISODES; episode++) {
    for (let state = 0, over = false; !over; ) {
      const action = choice(q[2 * state]!, q[2 * state + 1]!, random);
      const [outcome] = corridor.outcomes(state, action);
      const pair = 2 * state + action;
      tried[pair] = 1;
      over = outcome!.terminated;
      const target = outcome!.reward + (over ? 0 : GAMMA * best(outcome!.state));
      q[pair]! += STEP_SIZE * (target - q[pair]!);
      earned += outcome!.reward / EPISODES;
      state = outcome!.state;
    }
  }
  let at = 0;
  while (at < LENGTH && q[2 * at + 1]! > q[2 * at]!) at++;
  const learned = at === LENGTH ? 1 : at === 0 ? DOOR : 0;
  return { coverage: tried.reduce((sum, one) => sum + one, 0) / tried.length, earned, learned };
}
