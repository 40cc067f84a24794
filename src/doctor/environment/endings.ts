/**
 * Whether `terminated` and `truncated` say what they mean. An end of the task lies in the state: whoever sees the last observation
 * can tell it from others. A time limit lies in the clock: it comes after the same number of steps, and the last observation looks
 * like any other. A flag that behaves like the other one is the other one.
 */
import type { Played, PlayedStep } from "./play.ts";

/** Fewer episodes say too little. */
const EPISODES = 5;
/** Shorter ones, all of the same length, are games of so many moves, not time limits. */
const SHORTEST_LIMIT = 10;
/** Shares of observations that their nearest neighbour puts among the last ones or the others rightly; chance would be 0.5. */
const TOLD_APART = 0.8;
const NOT_TOLD_APART = 0.7;
const ENDS = 60;
/** Entries up to which each is looked at alone; of thousands, one tells apart by chance. */
const WIDEST_APART = 64;

export interface Endings {
  readonly flag: "terminated" | "truncated";
  readonly episodes: number;
  readonly shortest: number;
  readonly longest: number;
  /** How well last observations can be told from others. */
  readonly toldApart: number;
}

/** The flag that behaves like the other one, and how; undefined where both say what they mean, or too few episodes ended. */
export function mistakenFlag({ steps }: Played): Endings | undefined {
  for (const flag of ["truncated", "terminated"] as const) {
    const ends = steps.filter((step) => step[flag] && !(flag === "truncated" && step.terminated)).slice(0, ENDS);
    if (ends.length < EPISODES) continue;
    const lengths = ends.map(({ t }) => t);
    const [shortest, longest] = [Math.min(...lengths), Math.max(...lengths)];
    const isClock = shortest === longest && longest >= SHORTEST_LIMIT;
    const isState = shortest < longest;
    if (!(flag === "truncated" ? isState : isClock)) continue;
    // Of the later half of episodes: what is only seen soon after a start would be told apart by that.
    const others = steps.filter(
      ({ terminated, truncated, t }) => !terminated && !truncated && (isState || 2 * t >= longest),
    );
    const toldApart = separability(ends, others);
    if (flag === "truncated" ? toldApart >= TOLD_APART : toldApart <= NOT_TOLD_APART)
      return { flag, episodes: ends.length, shortest, longest, toldApart };
  }
  return undefined;
}

/**
 * The share of `ends` and of as many of `others` whose nearest neighbour, itself left out, is of their own kind: by all entries together,
 * or by the one that tells most, since many that say nothing drown it.
 */
function separability(ends: readonly PlayedStep[], others: readonly PlayedStep[]): number {
  const count = Math.min(ends.length, others.length);
  if (count < EPISODES) return Number.NaN;
  const evenly = (all: readonly PlayedStep[]) =>
    Array.from({ length: count }, (_, i) => all[Math.floor(((i + 0.5) * all.length) / count)]!.observation);
  const rows = [...evenly(ends), ...evenly(others)];
  const scales = deviations(rows);
  const entries = Array.from(scales.keys()).filter((f) => scales[f]! > 0);
  const alone = entries.length <= WIDEST_APART ? entries.map((f) => [f]) : [];
  return Math.max(...[entries, ...alone].map((chosen) => neighboursRight(rows, count, scales, chosen)));
}

function neighboursRight(
  rows: readonly Float32Array[],
  count: number,
  scales: Float64Array,
  entries: readonly number[],
): number {
  let right = 0;
  rows.forEach((row, i) => {
    let [nearest, least] = [-1, Number.POSITIVE_INFINITY];
    rows.forEach((other, j) => {
      if (i === j) return;
      let distance = 0;
      for (let e = 0; e < entries.length && distance < least; e++) {
        const f = entries[e]!;
        const difference = (row[f]! - other[f]!) / scales[f]!;
        distance += difference * difference;
      }
      if (distance < least) [nearest, least] = [j, distance];
    });
    if (nearest < count === i < count) right++;
  });
  return right / rows.length;
}

function deviations(rows: readonly Float32Array[]): Float64Array {
  return Float64Array.from(rows[0]!, (_, f) => {
    const mean = rows.reduce((sum, row) => sum + row[f]!, 0) / rows.length;
    return Math.sqrt(rows.reduce((sum, row) => sum + (row[f]! - mean) * (row[f]! - mean), 0) / rows.length);
  });
}
