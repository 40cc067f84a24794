/**
 * The maximum over continuous actions, which Q-learning asks for at every step: approximated by a grid, by random actions, and by the
 * cross-entropy method (Rubinstein 1999), or read off where Q has the structure for it, with the same number of looks at Q. Q here has
 * its maximum 0 at a random place of [−1, 1]^d, and is a hill around it, or has a second one that is lower.
 */
import type { Key, Random } from "../../random/index.ts";
import { isBelow, type Measured, together } from "../claims.ts";
import { intervalOf } from "../interval.ts";
import type { Part } from "../lab.ts";
import { pointOf } from "../learning-curve.ts";
import { structured } from "./structure.ts";

const LOOKS = 64;
const DIMENSIONS = [1, 2, 3, 6];
const ROUNDS = 4;
const ELITE = 4;
const STRUCTURE = "structure (NAF)";
/** What the top of the second hill is worth. */
const LOWER = -0.1;

type Value = (action: readonly number[]) => number;
export type Search = (value: Value, dimensions: number, random: Random) => number;

export const searches: Readonly<Record<string, Search>> = {
  grid: (value, dimensions) => {
    // As many places along each axis as the looks allow; the cells' middles.
    let side = 1;
    while (power(side + 1, dimensions) <= LOOKS) side++;
    let best = Number.NEGATIVE_INFINITY;
    for (let cell = 0; cell < power(side, dimensions); cell++) {
      let left = cell;
      const action = Array.from({ length: dimensions }, () => {
        const place = left % side;
        left = Math.floor(left / side);
        return (2 * place + 1) / side - 1;
      });
      best = Math.max(best, value(action));
    }
    return best;
  },
  "random actions": (value, dimensions, random) => {
    let best = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < LOOKS; i++) {
      best = Math.max(best, value(Array.from({ length: dimensions }, () => 2 * random.uniform() - 1)));
    }
    return best;
  },
  "cross-entropy method": (value, dimensions, random) => {
    let mean = new Array<number>(dimensions).fill(0);
    let std = new Array<number>(dimensions).fill(0.6);
    let best = Number.NEGATIVE_INFINITY;
    for (let round = 0; round < ROUNDS; round++) {
      const tried = Array.from({ length: LOOKS / ROUNDS }, () => {
        const action = mean.map((m, d) => Math.min(1, Math.max(-1, m + std[d]! * random.normal())));
        return { action, value: value(action) };
      });
      const elite = tried.toSorted((a, b) => b.value - a.value).slice(0, ELITE);
      best = Math.max(best, elite[0]!.value);
      const average = (of: (action: readonly number[]) => number) =>
        elite.reduce((sum, { action }) => sum + of(action), 0) / ELITE;
      const centre = mean.map((_, d) => average((action) => action[d]!));
      std = centre.map((m, d) => Math.sqrt(average((action) => (action[d]! - m) * (action[d]! - m))));
      mean = centre;
    }
    return best;
  },
};

const hills = ["one hill", "two hills"] as const;
type Hills = (typeof hills)[number];

export function maximum(key: Key, repetitions: number, ways = searches): Part {
  const found = hills.map((kind) => ({ kind, ways: gapsOf(key, repetitions, kind, ways) }));
  const of = (name: string, dimensions: number, kind: Hills = "one hill"): Measured => {
    const gaps = found.find((one) => one.kind === kind)!.ways[name]!;
    return { name: `gap of ${name}`, values: gaps[DIMENSIONS.indexOf(dimensions)]! };
  };
  return {
    tables: found.map(({ kind, ways }) => ({
      title: `How far below the maximum over continuous actions, after ${LOOKS} looks at a Q of ${kind}`,
      columns: DIMENSIONS.map((dimensions) => `${dimensions} dim.`),
      rows: Object.entries(ways).map(([name, gaps]) => ({ name, cells: gaps.map((values) => intervalOf(values)) })),
    })),
    charts: found.map(({ kind, ways }) => ({
      kind: "line",
      text: {
        title: `Gap to the maximum after ${LOOKS} looks at a Q of ${kind}`,
        x: "dimensions of the action",
        y: "gap",
      },
      series: Object.entries(ways).map(([name, gaps]) => ({
        name,
        points: gaps.map((values, i) => pointOf(DIMENSIONS[i]!, values)),
      })),
    })),
    claims: [
      isBelow(
        "In one dimension a grid is nearer to the maximum than random actions",
        of("grid", 1),
        of("random actions", 1),
      ),
      isBelow(
        "In six dimensions the cross-entropy method is nearer than random actions",
        of("cross-entropy method", 6),
        of("random actions", 6),
      ),
      isBelow("In six dimensions it is nearer than a grid", of("cross-entropy method", 6), of("grid", 6)),
      together(
        "Where Q has one hill, structure in Q is nearer than each search in six dimensions",
        Object.keys(ways).map((name) => isBelow(name, of(STRUCTURE, 6), of(name, 6))),
      ),
      isBelow(
        "Where it has two, which that structure cannot have, the cross-entropy method is nearer in two dimensions",
        of("cross-entropy method", 2, "two hills"),
        of(STRUCTURE, 2, "two hills"),
      ),
    ],
  };
}

/** By way, for each number of dimensions one gap for each repetition. */
function gapsOf(key: Key, repetitions: number, kind: Hills, ways: typeof searches): Record<string, number[][]> {
  const all: Record<string, number[][]> = Object.fromEntries(
    [...Object.keys(ways), STRUCTURE].map((name) => [name, []]),
  );
  for (const dimensions of DIMENSIONS) {
    const owns = Array.from({ length: repetitions }, (_, i) => key.split("maximum", i));
    const values = owns.map((own) => qOf(own, kind, dimensions));
    for (const [name, search] of Object.entries(ways)) {
      all[name]!.push(values.map((value, i) => -search(value, dimensions, owns[i]!.split(name).stream())));
    }
    const randoms = owns.map((own) => own.split(STRUCTURE).stream());
    all[STRUCTURE]!.push(structured(values, dimensions, LOOKS, randoms).map((value) => -value));
  }
  return all;
}

function qOf(key: Key, kind: Hills, dimensions: number): Value {
  const hill = (name: string): Value => {
    const top = new Float64Array(dimensions);
    key.split(name).stream().fillUniform(top, -1, 1);
    return (action) => -action.reduce((sum, a, d) => sum + (a - top[d]!) * (a - top[d]!), 0) / dimensions;
  };
  const [one, other] = [hill("top"), hill("lower top")];
  return kind === "one hill" ? one : (action) => Math.max(one(action), LOWER + other(action));
}

function power(base: number, exponent: number): number {
  let product = 1;
  for (let i = 0; i < exponent; i++) product *= base;
  return product;
}
