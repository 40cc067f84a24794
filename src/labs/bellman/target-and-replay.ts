/**
 * A network learns Q of the lake from random actions by Q-learning: with and without a target network, with and without replay.
 * Transitions, first weights and the number of updates are the same for all; only what is compared differs.
 */
import { uniformPolicy, valueIteration } from "../../estimators/index.ts";
import { adam, joinParameters, mlp } from "../../nn/index.ts";
import type { Key } from "../../random/index.ts";
import {
  add,
  backward,
  maxRows,
  moveTowards,
  mseLoss,
  mul,
  noGrad,
  pick,
  plan,
  step,
  tensor,
} from "../../tensor/index.ts";
import { isBelow, type Measured } from "../claims.ts";
import { type Episodes, playEpisodes } from "../episodes.ts";
import { intervalOf, meanOf } from "../interval.ts";
import type { Part } from "../lab.ts";
import { lakeWithCost } from "../lake.ts";
import { curve, lines } from "../learning-curve.ts";
import { rootMeanSquare } from "./backup.ts";

const GAMMA = 0.95;
const BATCH = 32;
const UPDATES = 1500;
/** Transitions between two updates. */
const TRAIN_FREQ = 4;
const EVERY = 100;
/** The looks whose mean counts as the error in the end; from one look to the next it jumps. */
const LATE = 5;
/** Updates between two copies, and the share of the way at each of them: both targets are as old on average. */
const COPY_EVERY = 100;
const TAU = 0.02;

const TARGETS = ["none", "copied", "averaged"] as const;
const variants = TARGETS.flatMap((target) => [true, false].map((replay) => ({ target, replay })));
type Variant = (typeof variants)[number];
const nameOf = ({ target, replay }: Variant) => `target ${target}, replay ${replay ? "on" : "off"}`;

export function targetAndReplay(key: Key, repetitions: number): Part {
  const mdp = lakeWithCost();
  const truth = valueIteration(mdp, { gamma: GAMMA }).values;
  const found = variants.map((variant) => ({ variant, runs: [] as number[][] }));
  for (let i = 0; i < repetitions; i++) {
    const own = key.split("network", i);
    // An episode has at least one step.
    const episodes = playEpisodes(mdp, uniformPolicy(mdp), TRAIN_FREQ * UPDATES + BATCH, own.split("play").stream());
    for (const { variant, runs } of found) runs.push(learn(variant, episodes, truth, own));
  }
  const last = (target: Variant["target"], replay: boolean): Measured => {
    const { variant, runs } = found.find((one) => one.variant.target === target && one.variant.replay === replay)!;
    return { name: `error with ${nameOf(variant)}`, values: runs.map((errors) => meanOf(errors.slice(-LATE))) };
  };
  const at = Array.from({ length: UPDATES / EVERY }, (_, i) => (i + 1) * EVERY);
  return {
    tables: [
      {
        title: `A network on the lake: RMS error of max Q over the last third of ${UPDATES} updates`,
        columns: ["replay on", "replay off"],
        rows: TARGETS.map((target) => ({
          name: `target ${target}`,
          cells: [true, false].map((replay) => intervalOf(last(target, replay).values)),
        })),
      },
    ],
    charts: [true, false].map((replay) =>
      lines(
        {
          title: `Error of a network's values, replay ${replay ? "on" : "off"}`,
          x: "updates",
          y: "RMS error of max Q",
        },
        found
          .filter(({ variant }) => variant.replay === replay)
          .map(({ variant, runs }) => curve(`target ${variant.target}`, at, runs)),
      ),
    ),
    claims: [
      isBelow(
        "A copied target network lowers a network's error, with replay",
        last("copied", true),
        last("none", true),
      ),
      isBelow("An averaged target network lowers it, with replay", last("averaged", true), last("none", true)),
      isBelow(
        "Replay lowers a network's error, with a copied target network",
        last("copied", true),
        last("copied", false),
      ),
      isBelow("Replay lowers it without a target network", last("none", true), last("none", false)),
    ],
  };
}

/** Row, column, and nothing else: states that are neighbours share what is learned. */
function featuresOf(state: number): [number, number] {
  return [(state >> 2) / 1.5 - 1, (state & 3) / 1.5 - 1];
}

function makeNetwork(key: Key) {
  return mlp({ inputs: 2, hidden: [32, 32], outputs: 4, activation: "tanh", key: key.split("weights") });
}

/** The RMS error of max_a Q against V*, over the states that are ever left, each `EVERY` updates. */
function learn({ target, replay }: Variant, episodes: Episodes, truth: Float64Array, key: Key): number[] {
  const [network, slow] = [makeNetwork(key), makeNetwork(key)];
  const judge = target === "none" ? network : slow;
  const optimiser = adam(joinParameters({ q: network }), { learningRate: 3e-3 });
  const update = plan(
    {
      states: { shape: [BATCH, 2] },
      nextStates: { shape: [BATCH, 2] },
      actions: { shape: [BATCH], dtype: "int32" },
      rewards: { shape: [BATCH] },
      discounts: { shape: [BATCH] },
    },
    ({ states, nextStates, actions, rewards, discounts }) => {
      const targets = noGrad(() => add(rewards, mul(discounts, maxRows(judge.forward(nextStates)))));
      optimiser.update(backward(mseLoss(pick(network.forward(states), actions), targets)));
      if (target === "averaged") follow(TAU);
    },
  );
  function follow(tau: number): void {
    for (const [name, weight] of Object.entries(slow.parameters()))
      moveTowards(weight, network.parameters()[name]!, tau);
  }
  const random = key.split("replay").stream();
  const seen = Float64Array.from(truth, (_, state) => +episodes.states.includes(state));
  const all = tensor(Array.from(truth, (_, state) => featuresOf(state)));
  const errors: number[] = [];
  for (let done = 1; done <= UPDATES; done++) {
    const newest = BATCH + TRAIN_FREQ * done;
    const { states, nextStates, actions, rewards, discounts } = update.inputs;
    for (let b = 0; b < BATCH; b++) {
      const i = replay ? random.integer(newest) : newest - BATCH + b;
      states.data.set(featuresOf(episodes.states[i]!), 2 * b);
      nextStates.data.set(featuresOf(episodes.nextStates[i]!), 2 * b);
      actions.data[b] = episodes.actions[i]!;
      rewards.data[b] = episodes.rewards[i]!;
      discounts.data[b] = episodes.terminated[i] ? 0 : GAMMA;
    }
    update.run();
    if (target === "copied" && done % COPY_EVERY === 0) follow(1);
    if (done % EVERY !== 0) continue;
    errors.push(
      rootMeanSquare(
        noGrad(() => step(() => maxRows(network.forward(all)).toArray())),
        truth,
        seen,
      ),
    );
  }
  return errors;
}
