/** Where the chain of backpropagation breaks, on games of one choice whose gradients are exactly known, and three ways around it. */
import type { Key } from "../../random/index.ts";
import { type Claim, isBelow, isWithin, type Measured, neverExceeds, together } from "../claims.ts";
import { intervalOf } from "../interval.ts";
import type { Part } from "../lab.ts";
import { curve, lines } from "../learning-curve.ts";
import { log10 } from "../log10.ts";
import { type GradientQuality, gradientQuality } from "./gradient-quality.ts";
import { leftOrRight, type OneChoice, smoothThreshold, threshold } from "./one-choice.ts";
import { learnedQ, scoreFunction, throughTheGame, type Way } from "./ways-around.ts";

/** Choices of one estimate, and estimates of one repetition. */
const CHOICES = 100;
const ESTIMATES = 16;
const STEEPNESSES = [1, 3, 10, 30, 100, 300, 1000];
/** ‖bias‖² of less than this part of ‖g‖² counts as none. */
const NO_BIAS = 0.02;

export const ways: Readonly<Record<string, Way>> = {
  "through the game": throughTheGame,
  "score function": scoreFunction,
  "a learned Q": learnedQ,
};

export function brokenChain(key: Key, repetitions: number, by = ways): Part {
  const games = [leftOrRight(), threshold(), smoothThreshold(3)];
  const found = games.map((game) => ({
    game,
    ...Object.fromEntries(Object.keys(by).map((way) => [way, measure(game, by[way]!, key.split(way), repetitions)])),
  })) as ({ game: OneChoice } & Record<string, Found>)[];
  const [choice, step, smooth] = found;
  const of = (from: Record<string, Found>, way: string, what: keyof GradientQuality): Measured => ({
    name: way,
    values: from[way]!.quality.map((quality) => quality[what]),
  });
  const nothing = (claim: string, from: Record<string, Found>): Claim =>
    neverExceeds(claim, [{ name: "‖gradient‖", values: from["through the game"]!.norms }], 0);
  const unbiased = (way: string, some: typeof found) =>
    some.map((from) =>
      isWithin(
        `${from.game.name}: ${way}`,
        { ...of(from, way, "bias"), name: "‖bias‖² / ‖g‖²" },
        Number.NEGATIVE_INFINITY,
        NO_BIAS,
      ),
    );
  const steeper = bySteepness(key.split("steepness"), repetitions, by);
  return {
    tables: [
      {
        title: `Gradients of the expected reward from ${CHOICES} choices, against the exact ones`,
        columns: ["‖bias‖² / ‖g‖²", "variance / ‖g‖²", "cosine"],
        rows: found.flatMap((from) =>
          Object.keys(by).map((way) => ({
            name: `${from.game.name}, ${way}`,
            cells: (["bias", "variance", "cosine"] as const).map((what) => intervalOf(of(from, way, what).values)),
          })),
        ),
      },
    ],
    charts: [steeper.chart],
    claims: [
      nothing("Left or right: a sampled action lets no gradient through", choice!),
      nothing("Threshold: the action lets it through, and the game's derivative is 0", step!),
      together("The score function has no bias in any of them", unbiased("score function", found)),
      together("Through the smooth threshold the chain rule has no bias", unbiased("through the game", [smooth!])),
      isBelow(
        "Through the smooth threshold the chain rule varies less than the score function",
        of(smooth!, "through the game", "variance"),
        of(smooth!, "score function", "variance"),
      ),
      ...steeper.claims,
      together(
        "A learned Q shows the way in all three",
        found.map((from) => {
          const cosine = { ...of(from, "a learned Q", "cosine"), name: "cosine" };
          return isWithin(from.game.name, cosine, 0.9, Number.POSITIVE_INFINITY);
        }),
      ),
    ],
  };
}

interface Found {
  readonly quality: readonly GradientQuality[];
  /** Of every estimate. */
  readonly norms: readonly number[];
}

function measure(game: OneChoice, way: Way, key: Key, repetitions: number): Found {
  const { gradient } = game.exact();
  const norms: number[] = [];
  const quality = Array.from({ length: repetitions }, (_, i) => {
    const estimate = way(game, CHOICES, key.split(game.name, i));
    const estimates = Array.from({ length: ESTIMATES }, () => estimate());
    norms.push(...estimates.map((one) => Math.sqrt(one.reduce((sum, g) => sum + g * g, 0))));
    return gradientQuality(estimates, gradient);
  });
  return { quality, norms };
}

/** The smooth threshold becomes the threshold: what the derivative says is the same on average, and said by ever fewer choices. */
function bySteepness(key: Key, repetitions: number, by: typeof ways) {
  const logs = ["through the game", "score function"].map((way) =>
    STEEPNESSES.map((k) =>
      measure(smoothThreshold(k), by[way]!, key.split(way), repetitions).quality.map(({ variance }) => log10(variance)),
    ),
  );
  const [through, score] = logs.map((of) => of.at(-1)!);
  const runs = (of: readonly number[][]) => Array.from({ length: repetitions }, (_, i) => of.map((at) => at[i]!));
  return {
    chart: lines(
      {
        title: "From the smooth threshold to the threshold",
        x: "log₁₀ of the steepness",
        y: "log₁₀ of variance / ‖g‖²",
      },
      [
        curve("through the game", STEEPNESSES.map(log10), runs(logs[0]!)),
        curve("score function", STEEPNESSES.map(log10), runs(logs[1]!)),
      ],
      "free",
    ),
    claims: [
      isBelow(
        `Where the threshold is steep (${STEEPNESSES.at(-1)}) it is the other way round`,
        { name: "log₁₀ variance of the score function", values: score! },
        { name: "of the chain rule", values: through! },
      ),
    ],
  };
}
