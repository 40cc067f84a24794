/**
 * A reward that comes k steps late. T choices in a row, left (+1) or right (−1), each step with a policy of its own; the reward of a
 * choice arrives k steps after it, at the latest with the last step. Which reward belongs to which choice is not told, so a choice is
 * credited with all that arrive in some time after it: with all to come, or with those of the next k steps, the shortest time in which
 * its own is among them. Both are unbiased; every other reward among them is noise. Where left and right are equally likely the
 * gradient of a step is ½ and the variance of its estimate ¼ for each other reward in that time, so that with W_t rewards
 *
 *     tr Var[ĝ] / ‖g‖² = 1/T Σ_t (W_t − 1)
 */
import { exp } from "../../math/index.ts";
import type { Key, Random } from "../../random/index.ts";
import { isBelow, isWithin, type Measured, together } from "../claims.ts";
import { intervalOf, meanOf } from "../interval.ts";
import type { Part } from "../lab.ts";
import { curve, lines } from "../learning-curve.ts";
import { gradientQuality } from "./gradient-quality.ts";

export const LENGTH = 32;
/** Those that are compared. */
const LATER = [
  [0, 2],
  [2, 8],
  [8, LENGTH - 1],
] as const;
const EPISODES = 400;
/** Learning ends where so much of the largest return is expected; by the best of these step sizes. */
const ENOUGH = 0.8;
const STEP_SIZES = [0.02, 0.05, 0.2, 0.8];

export interface DelaySize {
  /** By how many steps rewards come late, those of `LATER` among them; the last is a reward at the end alone. */
  readonly delays: readonly number[];
  /** Episodes that are learned from at most. */
  readonly most: number;
}

const SIZE: DelaySize = { delays: [0, 1, 2, 4, 8, 16, LENGTH - 1], most: 3000 };

/** Up to which step the arriving rewards are counted, from step t on. */
export type Reach = (t: number, delay: number) => number;

export const reaches: Readonly<Record<string, Reach>> = {
  "all to come": () => LENGTH - 1,
  "shortest time": (t, delay) => Math.min(t + delay, LENGTH - 1),
};

/**
 * @param by which rewards a choice is credited with; a test may give wrong ones
 */
export function delayedReward(key: Key, repetitions: number, by = reaches, { delays, most } = SIZE): Part {
  const found = Object.entries(by).map(([name, reach]) => ({
    name,
    reach,
    quality: delays.map((delay) =>
      Array.from({ length: repetitions }, (_, i) => quality(reach, delay, key.split("episodes", i).stream())),
    ),
    episodes: delays.map((delay) => fastest(reach, delay, most, key, repetitions)),
  }));
  const at = (delay: number) => delays.indexOf(delay);
  const [all, shortest] = found;
  const runs = (values: readonly (readonly number[])[]) =>
    Array.from({ length: repetitions }, (_, i) => values.map((of) => of[i]!));
  const variances = ({ quality }: (typeof found)[number]) =>
    quality.map((some) => some.map(({ variance }) => variance));
  const exactly = (name: string, values: readonly number[], exact: number) => {
    const ratio = { name: "measured less exact", values: values.map((value) => value - exact) };
    return isWithin(name, ratio, -0.1 * (exact + 1), 0.1 * (exact + 1));
  };
  const last = delays.at(-1)!;
  const measured = (name: string, values: readonly number[]): Measured => ({ name, values });
  return {
    tables: [
      {
        title: `${LENGTH} choices in a row whose rewards come late: variance / ‖g‖² of an episode's estimate, and episodes to learn`,
        columns: found.flatMap(({ name }) => [`${name}: variance`, "exact", "episodes"]),
        rows: delays.map((delay, d) => ({
          name: delay === last ? "at the end" : `${delay} steps late`,
          cells: found.flatMap((from) => [
            intervalOf(variances(from)[d]!),
            exactVariance(from.reach, delay),
            intervalOf(from.episodes[d]!),
          ]),
        })),
      },
    ],
    charts: [
      lines(
        { title: "How many episodes it takes to learn", x: "steps that the rewards come late", y: "episodes" },
        found.map(({ name, episodes }) => curve(name, delays, runs(episodes))),
      ),
    ],
    claims: [
      together(
        "The variance is the exact one",
        found.flatMap((from) =>
          delays.map((delay, d) =>
            exactly(`${from.name}, ${delay} late`, variances(from)[d]!, exactVariance(from.reach, delay)),
          ),
        ),
      ),
      together(
        "A late reward does not turn the gradient, it hides it: there is no bias",
        found.flatMap(({ name, quality }) =>
          delays.map((delay, d) =>
            isWithin(
              `${name}, ${delay} late`,
              measured(
                "‖bias‖² / ‖g‖²",
                quality[d]!.map(({ bias }) => bias),
              ),
              Number.NEGATIVE_INFINITY,
              0.02,
            ),
          ),
        ),
      ),
      ...LATER.map(([sooner, later]) =>
        isBelow(
          `Who knows how late the rewards come learns more slowly the later: ${later} against ${sooner} steps`,
          measured(`episodes, ${sooner} steps late`, shortest!.episodes[at(sooner)]!),
          measured(`${later} steps late`, shortest!.episodes[at(later)]!),
        ),
      ),
      isBelow(
        "Where rewards come at once, who counts all to come learns more slowly than who counts the next alone",
        measured("episodes, shortest time", shortest!.episodes[0]!),
        measured("all to come", all!.episodes[0]!),
      ),
    ],
  };
}

/** When the reward of each choice arrives. */
const arrival = (t: number, delay: number) => Math.min(t + delay, LENGTH - 1);

export function exactVariance(reach: Reach, delay: number): number {
  const steps = Array.from({ length: LENGTH }, (_, t) => t);
  const counted = (t: number) => steps.filter((j) => arrival(j, delay) >= t && arrival(j, delay) <= reach(t, delay));
  return meanOf(steps.map((t) => counted(t).length - 1));
}

/** ĝ of one episode, Σ of the rewards that are counted times ∇ log π, for the logits of left. */
function estimate(reach: Reach, delay: number, left: Float64Array, random: Random): Float64Array {
  const [scores, received] = [new Float64Array(LENGTH), new Float64Array(LENGTH + 1)];
  for (let t = 0; t < LENGTH; t++) {
    const isLeft = random.uniform() < left[t]!;
    scores[t] = (isLeft ? 1 : 0) - left[t]!;
    received[arrival(t, delay)]! += isLeft ? 1 : -1;
  }
  // received[t]: all from step t on.
  for (let t = LENGTH - 1; t >= 0; t--) received[t]! += received[t + 1]!;
  return scores.map((score, t) => score * (received[t]! - received[reach(t, delay) + 1]!));
}

function quality(reach: Reach, delay: number, random: Random) {
  const left = new Float64Array(LENGTH).fill(0.5);
  const estimates = Array.from({ length: EPISODES }, () => estimate(reach, delay, left, random));
  return gradientQuality(estimates, new Float64Array(LENGTH).fill(0.5));
}

/** Episodes that it took, with the step size that took the fewest on average. */
function fastest(reach: Reach, delay: number, most: number, key: Key, repetitions: number): number[] {
  const each = STEP_SIZES.map((size) =>
    Array.from({ length: repetitions }, (_, i) => learn(reach, delay, size, most, key.split("learning", i).stream())),
  );
  return each.toSorted((a, b) => meanOf(a) - meanOf(b))[0]!;
}

/** Episodes, one update each, until the expected return Σ (2 π(left) − 1) is large enough. */
function learn(reach: Reach, delay: number, size: number, most: number, random: Random): number {
  const logits = new Float64Array(LENGTH);
  for (let episode = 1; episode <= most; episode++) {
    const left = logits.map((logit) => 1 / (1 + exp(-logit)));
    if (left.reduce((sum, p) => sum + 2 * p - 1, 0) >= ENOUGH * LENGTH) return episode - 1;
    const gradient = estimate(reach, delay, left, random);
    for (let t = 0; t < LENGTH; t++) logits[t]! += size * gradient[t]!;
  }
  return most;
}
