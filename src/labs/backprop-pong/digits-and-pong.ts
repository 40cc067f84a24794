/**
 * What is to be differentiated: the loss of a network that reads digits has a derivative by each weight, the score of a network that
 * plays Pong has none worth having. It is 0 or a jump, whatever the step; the *expected* score is smooth, and its derivative is known.
 */
import { makeEnv } from "../../envs/index.ts";
import { mlp } from "../../nn/index.ts";
import type { Key } from "../../random/index.ts";
import { backward, crossEntropyLoss, noGrad, step, type Tensor, tensor } from "../../tensor/index.ts";
import { isBelow, isWithin, neverExceeds } from "../claims.ts";
import { intervalOf, meanOf } from "../interval.ts";
import type { Part } from "../lab.ts";
import { curve, lines } from "../learning-curve.ts";
import { log10 } from "../log10.ts";
import { type Credit, pointsToGo } from "./opening.ts";
import { type OneWeight, oneWeight } from "./softmax-score.ts";

/** Steps of the difference quotient (f(w + h) − f(w)) / h. */
const STEPS = [1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7];
/** Of the central difference of the expected score: its mean of games varies too much for a smaller one. */
const WIDE = 0.5;
/** Where the weight is. */
const START = 1;
/** How far the two derivatives of the expected score may be apart, as a part of it. */
const AGREES = 0.2;
/** Steps of an opening. */
const LENGTH = 60;

export interface GamesPlayed {
  /** For each estimate of a derivative. */
  readonly many: number;
  /** With each of `STEPS`, and wherever the weight is moved to. */
  readonly few: number;
}

const SIZE: GamesPlayed = { many: 5000, few: 200 };

/**
 * @param credit of the score function, which a test may replace by a wrong one
 */
export function digitsAndPong(key: Key, repetitions: number, credit: Credit = pointsToGo, size = SIZE): Part {
  const [many, few] = [oneWeight(size.many, LENGTH), oneWeight(size.few, LENGTH)];
  const each = <T>(measure: (own: Key) => T) =>
    Array.from({ length: repetitions }, (_, i) => measure(key.split("derivative", i)));
  const digits = each(quotientsOfDigits);
  const scores = each((luck) => quotientsOfScore(few, luck));
  const expected = each((luck) => slopesOfExpectedScore(many, luck, credit));
  const slope = meanOf(expected.map(({ scoreFunction }) => scoreFunction));
  const offDigits = digits.map(({ quotients, derivative }) => quotients.map((q) => Math.abs(q / derivative - 1)));
  const offPong = scores.map(({ quotients }) => quotients.map((of) => rootMeanSquare(of.map((q) => q / slope - 1))));
  const changed = scores.map(({ quotients }) => quotients.map((of) => meanOf(of.map((q) => Number(q !== 0)))));
  const at = (h: number, runs: readonly number[][]) => runs.map((run) => run[STEPS.indexOf(h)]!);
  const logsOf = (runs: readonly number[][]) => runs.map((run) => run.map(log10));
  const smallest = STEPS.at(-1)!;
  const differences = expected.map(({ difference }) => difference);
  const estimate = expected.map(({ scoreFunction }) => scoreFunction);
  const zero = new Array<number>(repetitions).fill(0);
  return {
    tables: [
      {
        title: `Difference quotients by one weight, and how far off the derivative they are (Pong: ${LENGTH} steps, root mean square over games)`,
        columns: ["digits: loss", "Pong: score", "Pong: games whose score changed"],
        rows: STEPS.map((h) => ({
          name: `h = ${h < 1e-3 ? h.toExponential() : h}`,
          cells: [offDigits, offPong, changed].map((runs) => intervalOf(at(h, runs))),
        })),
      },
      {
        title: "Derivative of Pong's score by one weight",
        columns: ["found"],
        rows: [
          { name: "of the expected score, by the score function", cells: [intervalOf(estimate)] },
          { name: `of the expected score, by its difference (h = ${WIDE})`, cells: [intervalOf(differences)] },
          {
            name: `of the score of a game (h = ${smallest})`,
            cells: [intervalOf(scores.map(({ quotients }) => meanOf(quotients.at(-1)!)))],
          },
        ],
      },
    ],
    charts: [
      moved(few, key.split("moved")),
      lines(
        { title: "A smaller step: nearer to a derivative, or not", x: "log₁₀ h", y: "log₁₀ of the relative error" },
        [
          curve("loss of digits", STEPS.map(log10), logsOf(offDigits)),
          curve("score of a game of Pong", STEPS.map(log10), logsOf(offPong)),
        ],
        "free",
      ),
    ],
    claims: [
      neverExceeds(
        `Digits: the difference quotient (h = ${smallest}) is what backpropagation gives`,
        [{ name: "relative error", values: at(smallest, offDigits) }],
        1e-5,
      ),
      neverExceeds(
        `Pong: with the smallest step (h = ${smallest}) no game's score changes, and the quotient is 0`,
        [{ name: "share of games whose score changed", values: at(smallest, changed) }],
        0,
      ),
      isBelow(
        "Pong: where scores change they jump, so that a smaller step makes the quotient worse",
        { name: "log₁₀ of the relative error at h = 1", values: at(1, logsOf(offPong)) },
        { name: "at h = 0.1", values: at(0.1, logsOf(offPong)) },
      ),
      isBelow(
        "The expected score of Pong does rise with that weight",
        { name: "no slope", values: zero },
        { name: "difference", values: differences },
      ),
      isWithin(
        "The score function gives the derivative of the expected score, with nothing differentiated but the network",
        {
          name: "distance from its difference, as a part of it",
          values: estimate.map((of, i) => (of - differences[i]!) / meanOf(differences)),
        },
        -AGREES,
        AGREES,
      ),
    ],
  };
}

interface Quotients<Q> {
  /** For each of `STEPS`. */
  readonly quotients: readonly Q[];
}

/** A network with one hidden layer, all its held-out digits at once, and a weight of its last layer. */
function quotientsOfDigits(key: Key): Quotients<number> & { derivative: number } {
  const { observations, labels } = makeEnv("Digits-v0").labels!.heldOut!;
  const inputs = observations.length / labels.length;
  const network = mlp({ inputs, hidden: [16], outputs: 10, key, dtype: "float64" });
  const weight = network.parameters()["2.weight"]!;
  const loss = (): Tensor => {
    const logits = network.forward(tensor(observations, [labels.length, inputs], "float64"));
    return crossEntropyLoss(logits, tensor(labels, [labels.length], "int32"));
  };
  const derivative = step(() => backward(loss()).of(weight).data[0]!);
  const start = weight.data[0]!;
  const at = (value: number) => {
    weight.data[0] = value;
    return noGrad(() => step(() => loss().item()));
  };
  const before = at(start);
  return { derivative, quotients: STEPS.map((h) => (at(start + h) - before) / h) };
}

/** The same luck for each step; one quotient for each game. */
function quotientsOfScore({ play }: OneWeight, luck: Key): Quotients<readonly number[]> {
  const before = play(START, luck).scores;
  const quotients = STEPS.map((h) => {
    const { scores } = play(START + h, luck);
    return Array.from(scores, (score, n) => (score - before[n]!) / h);
  });
  return { quotients };
}

/** Each from games of its own. */
function slopesOfExpectedScore({ play, scoreFunction }: OneWeight, key: Key, credit: Credit) {
  const luck = key.split("difference");
  const [up, down] = [WIDE, -WIDE].map((h) => meanOf(play(START + h, luck).scores));
  return {
    difference: (up! - down!) / (2 * WIDE),
    scoreFunction: scoreFunction(START, play(START, key.split("score function")), credit),
  };
}

/** The score of the game that changes most often, and the mean of all, while the weight is moved and the luck stays. */
function moved({ play }: OneWeight, luck: Key) {
  const values = Array.from({ length: 81 }, (_, i) => (i - 20) / 5);
  const scores = values.map((value) => play(value, luck).scores);
  const jumps = scores[0]!.map((_, n) => scores.filter((of, i) => i > 0 && of[n] !== scores[i - 1]![n]).length);
  const restless = jumps.indexOf(Math.max(...jumps));
  return lines(
    { title: "One weight moved, the same luck: the score jumps, its mean is smooth", x: "weight", y: "score" },
    [
      { name: "one game", points: values.map((x, i) => ({ x, y: scores[i]![restless]! })) },
      { name: `mean of ${scores[0]!.length}`, points: values.map((x, i) => ({ x, y: meanOf(scores[i]!) })) },
    ],
    "free",
  );
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(meanOf(values.map((value) => value * value)));
}
