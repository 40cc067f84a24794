/**
 * What is backpropagated to a network that plays Pong, and what it learns from it. Always the same network, the same optimiser and
 * ∇ log π of an action, as in a classifier; what differs is where the action comes from, and what it is weighed with.
 */
import { Categorical } from "../../distributions/index.ts";
import { normalizeAdvantages } from "../../estimators/index.ts";
import type { Point } from "../../inspection/figures/svg.ts";
import { adam, mlp } from "../../nn/index.ts";
import { Key } from "../../random/index.ts";
import {
  backward,
  cast,
  mean,
  mul,
  neg,
  parameter,
  plan,
  randomStream,
  square,
  step,
  sum,
} from "../../tensor/index.ts";
import { train } from "../../training/index.ts";
import { type Claim, isBelow, isWithin, type Measured, neverExceeds } from "../claims.ts";
import { intervalOf, meanOf } from "../interval.ts";
import type { Cell, Part } from "../lab.ts";
import { curve, lines } from "../learning-curve.ts";
import { ACTIONS, BALL, finalScore, INPUTS, nextPoint, type Opening, openingOf, PADDLE } from "./opening.ts";

const GAMES = 32;
const LENGTH = 200;
const HIDDEN = 16;
const LEARNING_RATE = 0.03;
/** Points that an opening must be better by. */
const LEARNED = 1;

/** Which actions are made likelier, `[T, N]`, and how much. */
export type Lesson = (opening: Opening) => { readonly actions: Int32Array; readonly weights: Float64Array };

const NEAR = 0.05;

export const lessons: Readonly<Record<string, Lesson>> = {
  // Those of a teacher, who goes after the ball.
  "teacher's labels": (opening) => ({
    actions: opening.actions.map((_, i) => {
      const way = opening.observations[i * INPUTS + BALL]! - opening.observations[i * INPUTS + PADDLE]!;
      return Math.abs(way) < NEAR ? 0 : way < 0 ? 1 : 2;
    }),
    weights: opening.rewards.map(() => 1),
  }),
  // From here on what the network itself did, as far as it turned out well.
  "next point": (opening) => ({ actions: opening.actions, weights: standardised(nextPoint(opening)) }),
  "final score": (opening) => ({ actions: opening.actions, weights: standardised(finalScore(opening)) }),
  // As if it had been right.
  "own labels": ({ actions, rewards }) => ({ actions, weights: rewards.map(() => 1) }),
  // Whatever comes back from points to an action that was drawn is multiplied by this on its way to the network.
  "through the game": ({ actions, rewards }) => {
    const factor = slopeOfDraw();
    return { actions, weights: rewards.map(() => factor) };
  },
};

/** ‖∂action/∂logits‖ of an action that was drawn, by the tape. */
function slopeOfDraw(): number {
  return step(() => {
    const logits = parameter(new Float64Array(ACTIONS), [1, ACTIONS], "float64");
    const action = cast(new Categorical(logits).sample(randomStream(Key.fromSeed(0))), "float64");
    if (!action.requiresGrad) return 0;
    return Math.sqrt(sum(square(backward(sum(action)).of(logits))).item());
  });
}

export interface Size {
  /** Updates of each lesson. */
  readonly updates: number;
  /** Runs of PPO and DQN each, which stop at the first score of 0; 0 for none. */
  readonly runs: number;
}

export function learningPong(key: Key, repetitions: number, { updates, runs }: Size, by = lessons): Part {
  const found = Object.entries(by).map(([name, lesson]) => ({
    name,
    learned: Array.from({ length: repetitions }, (_, i) => learn(lesson, updates, key.split("lesson", i))),
  }));
  const steps = Array.from({ length: updates }, (_, i) => i * GAMES * LENGTH);
  const algorithms = Object.entries(runs > 0 ? ALGORITHMS : {}).map(([name, config]) => ({
    name,
    config,
    curves: Array.from({ length: runs }, (_, i) => untilEven(config, key.split(name, i))),
  }));
  return {
    tables: [
      {
        title: `The first ${LENGTH} steps of Pong, after ${updates * GAMES * LENGTH} steps of learning from them`,
        columns: ["score before", "score after", "mean on the way"],
        rows: found.map(({ name, learned }) => ({
          name,
          cells: [before, after, meanOf].map((read) => intervalOf(learned.map(({ scores }) => read(scores)))),
        })),
      },
      {
        title: `Whole games of Pong (${runs} runs each)`,
        columns: ["mean score at first", "thousand steps until it is 0"],
        rows: algorithms.map(({ name, curves }) => ({
          name,
          cells: [intervalOf(curves.map(([first]) => first!.y)), untilEvenCell(curves)],
        })),
      },
    ],
    charts: [
      lines(
        { title: "One network, five lessons", x: "steps", y: `score of the first ${LENGTH} steps` },
        found.map(({ name, learned }) =>
          curve(
            name,
            steps,
            learned.map(({ scores }) => scores),
          ),
        ),
        "free",
      ),
      lines(
        { title: "Whole games, until they are even", x: "steps", y: "mean score of the last 100 games" },
        algorithms.flatMap(({ name, curves }) =>
          curves.map((points, i) => ({ name: `${name}, run ${i + 1}`, points })),
        ),
        "free",
      ),
    ],
    claims: [...claimsOf(found), ...algorithms.map(reachesEven)],
  };
}

interface Learned {
  /** Mean score of the games of each update, played before it. */
  readonly scores: readonly number[];
  /** How far the weight that moved most is from where it began. */
  readonly moved: number;
}

const before = (scores: readonly number[]) => scores[0]!;
const after = (scores: readonly number[]) => meanOf(scores.slice(-5));

function claimsOf(found: readonly { readonly name: string; readonly learned: readonly Learned[] }[]): Claim[] {
  const [teacher, points, atTheEnd, labels, game] = found as [Found, Found, Found, Found, Found];
  const of = ({ learned, name }: Found, what: string, read: (scores: readonly number[]) => number): Measured => ({
    name: `${name}: ${what}`,
    values: learned.map(({ scores }) => read(scores)),
  });
  const gain = (from: Found) => of(from, "score after, less that before", (scores) => after(scores) - before(scores));
  const learns = (claim: string, from: Found) => isWithin(claim, gain(from), LEARNED, Number.POSITIVE_INFINITY);
  return [
    learns("With a teacher's actions as labels the network learns Pong as it would learn digits", teacher),
    learns("It learns Pong without a teacher, from its own actions, where each is weighed by the next point", points),
    isWithin(
      "From its own actions as labels, all weighed alike, it learns nothing",
      gain(labels),
      Number.NEGATIVE_INFINITY,
      LEARNED,
    ),
    isBelow(
      "And is far behind the same actions, weighed by points",
      of(labels, "after", after),
      of(points, "after", after),
    ),
    neverExceeds(
      "Through the game itself no weight ever moves",
      [{ name: "largest change of a weight", values: game.learned.map(({ moved }) => moved) }],
      0,
    ),
    isBelow(
      "A score that is told at the end teaches more slowly than points when they are made",
      of(atTheEnd, "on the way", meanOf),
      of(points, "on the way", meanOf),
    ),
  ];
}

type Found = { readonly name: string; readonly learned: readonly Learned[] };

function learn(lesson: Lesson, updates: number, key: Key): Learned {
  const network = mlp({
    inputs: INPUTS,
    hidden: [HIDDEN],
    outputs: ACTIONS,
    key: key.split("network"),
    dtype: "float64",
  });
  const parameters = Object.values(network.parameters());
  const first = parameters.map((one) => one.toArray());
  const play = openingOf(network, GAMES, LENGTH);
  const optimiser = adam(network, { learningRate: LEARNING_RATE });
  const rows = GAMES * LENGTH;
  const specs = {
    observations: { shape: [rows, INPUTS], dtype: "float64" },
    actions: { shape: [rows], dtype: "int32" },
    weights: { shape: [rows], dtype: "float64" },
  } as const;
  const update = plan(specs, ({ observations, actions, weights }) => {
    const policy = new Categorical(network.forward(observations));
    optimiser.update(backward(neg(mean(mul(policy.logProb(actions), weights)))));
  });
  const scores = Array.from({ length: updates }, (_, i) => {
    const opening = play(key.split("game", i));
    const { actions, weights } = lesson(opening);
    update.inputs.observations.set(opening.observations);
    update.inputs.actions.set(actions);
    update.inputs.weights.set(weights);
    update.run();
    return meanOf(opening.scores);
  });
  const change = parameters.map((one, p) =>
    Math.max(...Array.from(one.toArray(), (weight, i) => Math.abs(weight - first[p]![i]!))),
  );
  return { scores, moved: Math.max(...change) };
}

/** Less their mean, over their standard deviation; where all are the same, 0. */
function standardised(credit: Float64Array): Float64Array {
  return normalizeAdvantages(credit, credit);
}

/** The preset of PPO; DQN with a smaller network and smaller batches than its preset. Steps are those that are never exceeded. */
const ALGORITHMS = {
  ppo: { algorithm: "ppo", env: "Pong-v0", steps: 350_000 },
  dqn: { algorithm: "dqn", env: "Pong-v0", steps: 200_000, hidden: [64, 64], batchSize: 128, learningStarts: 2000 },
};

/** The mean score of the last 100 games by number of steps, until it is 0 or better. */
function untilEven(config: { readonly algorithm: string; readonly steps: number }, key: Key): Point[] {
  const run = train({ ...config, seed: key.stream().integer(2 ** 31) });
  const points: Point[] = [];
  for (const { step, metrics } of run) {
    const score = metrics["episode/return"];
    if (score === undefined) continue;
    const isEven = score >= 0;
    if (points.length === 0 || isEven || step - points.at(-1)!.x >= config.steps / 40)
      points.push({ x: step, y: score });
    if (isEven) break;
  }
  return points;
}

/** Runs of an algorithm, each the mean score by the number of steps. */
interface WholeGames {
  readonly name: string;
  /** Steps that are never exceeded. */
  readonly config: { readonly steps: number };
  readonly curves: readonly (readonly Point[])[];
}

/** Thousand steps until the score is 0 or better; infinite in a run that ended before. */
function thousandsUntilEven(curves: readonly (readonly Point[])[]): number[] {
  return curves.map((points) => (points.at(-1)!.y >= 0 ? points.at(-1)!.x / 1000 : Number.POSITIVE_INFINITY));
}

/** Runs that never get there have no number that a mean could be made of. */
export function untilEvenCell(curves: readonly (readonly Point[])[]): Cell {
  const thousands = thousandsUntilEven(curves);
  const reached = thousands.filter(Number.isFinite).length;
  return reached === curves.length ? intervalOf(thousands) : `reached by ${reached} of ${curves.length}`;
}

export function reachesEven({ name, config, curves }: WholeGames): Claim {
  return neverExceeds(
    `${name.toUpperCase()} gets even with the opponent`,
    [{ name: "thousand steps", values: thousandsUntilEven(curves) }],
    config.steps / 1000,
  );
}
