import { describe, expect, it } from "vitest";
import { makeEnv, smoothThreshold as smoothGame, threshold as thresholdGame } from "../../envs/index.ts";
import { exp } from "../../math/index.ts";
import { Key, Streams } from "../../random/index.ts";
import { noGrad, slice, step, tensor } from "../../tensor/index.ts";
import type { Claim } from "../claims.ts";
import { brokenChain, ways } from "./broken-chain.ts";
import { delayedReward, exactVariance, LENGTH, reaches } from "./delayed-reward.ts";
import { digitsAndPong } from "./digits-and-pong.ts";
import { gradientQuality } from "./gradient-quality.ts";
import { knownDynamics } from "./known-dynamics.ts";
import { learningPong, lessons, reachesEven, untilEvenCell } from "./learning-pong.ts";
import { leftOrRight, type OneChoice, smoothThreshold, threshold } from "./one-choice.ts";
import { finalScore, nextPoint, type Opening, pointsToGo } from "./opening.ts";
import { reachOfCredit, truncated } from "./reach-of-credit.ts";
import { remembering } from "./remembering.ts";
import { oneWeight } from "./softmax-score.ts";

const key = Key.fromSeed(4);
const outcomes = (claims: readonly Claim[]) => claims.map(({ outcome }) => outcome);
const all = (outcome: string, count: number) => new Array<string>(count).fill(outcome);

describe("an opening of Pong", () => {
  const weight = oneWeight(4, 60);
  const opening = weight.play(1, key);

  it("is the same with the same luck, and follows from the weight", () => {
    expect(weight.play(1, key)).toEqual(opening);
    expect(weight.play(3, key).actions).not.toEqual(opening.actions);
    opening.scores.forEach((score, n) => {
      expect(score).toBe(opening.rewards.reduce((sum, reward, i) => sum + (i % 4 === n ? reward : 0), 0));
    });
    expect(opening.rewards.some((reward) => reward !== 0)).toBe(true);
  });

  it("has a score-function estimate that is Σ ∇ log π · (points to go less those of the other games)", () => {
    const toGo = (t: number, n: number) => {
      let sum = 0;
      for (let later = t; later < 60; later++) sum += opening.rewards[4 * later + n]!;
      return sum;
    };
    let estimate = 0;
    for (let i = 0; i < 240; i++) {
      const [t, n] = [Math.floor(i / 4), i % 4];
      const way = opening.observations[9 * i + 5]! - opening.observations[9 * i]!;
      const weights = [1, exp(-way), exp(way)];
      const mean = (way * (weights[2]! - weights[1]!)) / (weights[0]! + weights[1]! + weights[2]!);
      const score = [0, -way, way][opening.actions[i]!]! - mean;
      const others = [0, 1, 2, 3].filter((m) => m !== n).reduce((sum, m) => sum + toGo(t, m) / 3, 0);
      estimate += (score * (toGo(t, n) - others)) / 4;
    }
    expect(weight.scoreFunction(1, opening, pointsToGo)).toBeCloseTo(estimate, 10);
  });

  it("credits its steps with what came after them", () => {
    const played = { games: 2, steps: 3, rewards: Float64Array.of(0, 1, -1, 0, 1, 1), scores: Float64Array.of(0, 2) };
    const of = (credit: typeof pointsToGo) => Array.from(credit(played as unknown as Opening));
    expect(of(pointsToGo)).toEqual([0, 2, 0, 1, 1, 1]);
    expect(of(nextPoint)).toEqual([-0.99, 1, -1, 0.99, 1, 1]);
    expect(of(finalScore)).toEqual([0, 2, 0, 2, 0, 2]);
  });
});

describe("digits against Pong", () => {
  it("finds which has a derivative; control: a credit that does not look at points does not give that of the score", () => {
    const { claims, charts, tables } = digitsAndPong(key, 3, pointsToGo, { many: 1000, few: 100 });
    expect(outcomes(claims).slice(0, 4)).toEqual(all("holds", 4));
    const [score, difference] = tables[1]!.rows.map(({ cells }) => (cells[0] as { mean: number }).mean);
    expect(Math.abs(score! / difference! - 1)).toBeLessThan(0.5);
    const [game, mean] = charts[0]!.kind === "line" ? charts[0]!.series : [];
    expect(game!.points.every(({ y }) => Number.isInteger(y))).toBe(true);
    expect(mean!.points.at(-1)!.y).toBeGreaterThan(mean!.points[20]!.y + 0.5);
    const blind = digitsAndPong(key, 2, ({ rewards }) => rewards.map(() => 1), { many: 200, few: 10 });
    expect(outcomes(blind.claims)[4]).toBe("fails");
  });
});

describe("a game of one choice", () => {
  const games: OneChoice[] = [leftOrRight(), threshold(), smoothThreshold(3), smoothThreshold(100)];

  it.each(games.map((game) => [game.name, game] as const))("%s: has the gradient of its expected reward", (_, game) => {
    const { parameters } = game;
    const { gradient } = game.exact();
    const start = parameters.toArray();
    gradient.forEach((slope, i) => {
      const at = (by: number) => {
        parameters.set(start.map((value, j) => value + (i === j ? by : 0)));
        const { value } = game.exact();
        parameters.set(start);
        return value;
      };
      // Quadrature of a step is off by its grid.
      expect((at(0.01) - at(-0.01)) / 0.02).toBeCloseTo(slope, game.name === "threshold" ? 1 : 2);
    });
  });

  it("gives the rewards of the environments", () => {
    const choices = Float32Array.of(-0.3, 0.1, 0.49, 0.51, 0.8, 1.4);
    const rewards = new Float64Array(6);
    const given = (game: OneChoice) =>
      noGrad(() => step(() => Array.from(game.rewards(tensor(choices, [6, 1], "float64")).toArray())));
    for (const [dynamics, game] of [
      [thresholdGame(), threshold()],
      [smoothGame({ steepness: 3 }), smoothThreshold(3)],
    ] as const) {
      dynamics.advance(new Float64Array(12), choices, rewards, new Uint8Array(6), 6, new Streams([]));
      given(game).forEach((reward, i) => {
        expect(reward, game.name).toBeCloseTo(rewards[i]!, 12);
      });
    }
  });

  it("breaks the chain or not; control: the lab tells where a way is another than its name says", () => {
    expect(outcomes(brokenChain(key, 2).claims)).toEqual(all("holds", 7));
    const [through, score] = ["through the game", "score function"];
    const exchanged = { ...ways, [through!]: ways[score!]!, [score!]: ways[through!]! };
    expect(outcomes(brokenChain(key, 2, exchanged).claims).slice(0, 3)).toEqual(all("fails", 3));
  });
});

it("the quality of estimates: exact ones have neither bias nor variance, and 0 points nowhere", () => {
  expect(
    gradientQuality(
      [
        [3, 4],
        [3, 4],
      ],
      [3, 4],
    ),
  ).toEqual({ bias: 0, variance: 0, cosine: 1 });
  expect(
    gradientQuality(
      [
        [0, 0],
        [0, 0],
      ],
      [3, 4],
    ),
  ).toEqual({ bias: 1, variance: 0, cosine: 0 });
  // Means 3 and 4, variance 2 of the first: of the mean 1, which is no bias.
  expect(
    gradientQuality(
      [
        [2, 4],
        [4, 4],
      ],
      [3, 4],
    ),
  ).toMatchObject({ bias: -1 / 25, variance: 2 / 25 });
});

describe("known dynamics", () => {
  it("say more than rewards; control: not the same where no gradient flows through the states", () => {
    expect(outcomes(knownDynamics(key, 2).claims)).not.toContain("fails");
    const { dynamics } = makeEnv("PointMass-v0").differentiable!;
    const cut: typeof dynamics.step = (states, actions) =>
      dynamics.step(tensor(states.toArray(), states.shape, "float64"), actions);
    expect(outcomes(knownDynamics(key, 2, { ...dynamics, step: cut }).claims)[1]).toBe("fails");
  });
});

describe("learning Pong", () => {
  const size = { updates: 8, runs: 0 };

  it("is quick with a teacher; control: without a lesson nothing is said to be learned", () => {
    const found = outcomes(learningPong(key, 2, size).claims);
    expect([found[0], found[2], found[4]]).toEqual(all("holds", 3));
    const none = lessons["through the game"]!;
    const wrong = { ...lessons, "teacher's labels": none, "through the game": lessons["own labels"]! };
    const without = outcomes(learningPong(key, 2, size, wrong).claims);
    expect(without[0]).not.toBe("holds");
    expect(without[4]).toBe("fails");
  });

  it("has no number of steps for runs that end before they are even", () => {
    const even = [
      { x: 1000, y: -20 },
      { x: 90_000, y: 0.5 },
    ];
    const [reached, ended] = [
      [even, even],
      [even, even.slice(0, 1)],
    ];
    const outcome = (curves: typeof reached) =>
      reachesEven({ name: "ppo", config: { steps: 100_000 }, curves }).outcome;
    expect([outcome(reached), outcome(ended)]).toEqual(["holds", "fails"]);
    expect(untilEvenCell(reached)).toMatchObject({ mean: 90 });
    expect(untilEvenCell(ended)).toBe("reached by 1 of 2");
  });
});

describe("a late reward", () => {
  it("has the variance of its formula", () => {
    // All to come: of T rewards those from t − k on.
    for (const delay of [0, 4, LENGTH - 1]) {
      let others = 0;
      for (let t = 0; t < LENGTH; t++) others += LENGTH - 1 - Math.max(t - delay, 0);
      expect(exactVariance(reaches["all to come"]!, delay)).toBeCloseTo(others / LENGTH, 12);
    }
    expect(exactVariance(reaches["shortest time"]!, 0)).toBe(0);
  });

  it("makes learning slow; control: a credit that leaves the own reward out is found to be biased", () => {
    const delays = [0, 2, 8, LENGTH - 1];
    const found = outcomes(delayedReward(key, 2, reaches, { delays, most: 1000 }).claims);
    expect(found.slice(0, 2)).not.toContain("fails");
    expect(found.slice(2)).toEqual(all("holds", 4));
    const early = { ...reaches, "shortest time": (t: number, delay: number) => Math.max(t - delay, t - 1) };
    expect(outcomes(delayedReward(key, 2, early, { delays, most: 1 }).claims)[1]).toBe("fails");
  });
});

describe("the reach of credit", () => {
  it("ends with the window; control: not where gradients flow through everything", () => {
    expect(outcomes(reachOfCredit(key, 6).claims)).toEqual(all("holds", 5));
    const whole = reachOfCredit(key, 2, (layer, x) => slice(layer.forward(x).output, 1, x.shape[1]! - 1, x.shape[1]!));
    expect(outcomes(whole.claims)[3]).toBe("fails");
  });

  it("decides what is remembered; control: nothing is where it goes back one step", () => {
    expect(outcomes(remembering(key, 1, truncated, 8).claims)[0]).toBe("holds");
    const never = remembering(key, 1, (layer, x) => truncated(layer, x, 1), 8);
    expect(outcomes(never.claims)[0]).toBe("fails");
  });
});
