import { describe, expect, it } from "vitest";
import { type BigReal, bigMath, doublesBetween, roundToDouble, ulpError } from "../../test/support/big-math.ts";
import { Key } from "../random/index.ts";
import * as math from "./index.ts";

/**
 * Every function against 180-bit arithmetic: never more than one double away from the correctly rounded one, and the
 * error in units in the last place below what its docstring says.
 */

const random = Key.fromSeed(20).split("accuracy").stream();
const between = (low: number, high: number): number => low + (high - low) * random.uniform();
const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** Any double of the interval, all magnitudes alike: random bits. */
function anyIn(low: number, high: number): number {
  for (;;) {
    words[0] = random.bits();
    words[1] = random.bits();
    if (double[0] >= low && double[0] <= high) return double[0];
  }
}

/** Between 0 and 1 in size, down to 2^-most. */
const small = (most: number): number => (random.bits() & 1 ? 1 : -1) * between(1, 2) * 2 ** -between(1, most);

/** One to three doubles beside x. */
function beside(x: number): number {
  double[0] = x;
  words[0] = (words[0] + random.integer(7) - 3) >>> 0;
  return double[0];
}

type Point = readonly number[];
interface Subject {
  readonly f: (...x: number[]) => number;
  readonly exact: (...x: number[]) => BigReal;
  /** Largest error in ulp that the docstring admits. */
  readonly ulps: number;
  readonly points: readonly (() => Point)[];
}

const subjects: Record<string, Subject> = {
  exp: {
    f: math.exp,
    exact: bigMath.exp,
    ulps: 0.52,
    points: [
      () => [between(-20, 20)],
      () => [between(-708, 709.7)],
      () => [small(60)],
      () => [beside(((random.integer(4000) - 2000 + 0.5) * Math.LN2) / 128)],
    ],
  },
  "exp, subnormal results": { f: math.exp, exact: bigMath.exp, ulps: 1, points: [() => [between(-745.1, -708)]] },
  expm1: {
    f: math.expm1,
    exact: bigMath.expm1,
    ulps: 0.53,
    points: [
      () => [between(-1, 1)],
      () => [between(-45, 709.7)],
      () => [small(60)],
      () => [beside(((random.integer(400) - 200 + 0.5) * Math.LN2) / 128)],
      () => [anyIn(-1, 1)],
    ],
  },
  log: {
    f: math.log,
    exact: bigMath.log,
    ulps: 0.52,
    points: [
      () => [anyIn(0, Number.MAX_VALUE)],
      () => [between(0.5, 2)],
      () => [1 + small(50)],
      () => [beside(0.6875 + random.integer(128) / 128)],
      () => [between(0, 2 ** -1022)],
    ],
  },
  log1p: {
    f: math.log1p,
    exact: bigMath.log1p,
    ulps: 0.52,
    points: [
      () => [between(-0.999, 3)],
      () => [small(60)],
      () => [-1 + Math.abs(small(52)) / 2],
      () => [anyIn(1, Number.MAX_VALUE)],
      () => [anyIn(-1, 1)],
    ],
  },
  tanh: {
    f: math.tanh,
    exact: bigMath.tanh,
    ulps: 0.8,
    points: [
      () => [between(-1, 1)],
      () => [between(-22, 22)],
      () => [small(40)],
      () => [beside(0.55)],
      () => [anyIn(-1, 1)],
    ],
  },
  sigmoid: {
    f: math.sigmoid,
    exact: bigMath.sigmoid,
    ulps: 0.54,
    points: [() => [between(-5, 5)], () => [between(-41, 41)], () => [between(-708, -30)], () => [small(60)]],
  },
  softplus: {
    f: math.softplus,
    exact: bigMath.softplus,
    ulps: 0.52,
    points: [() => [between(-5, 5)], () => [between(-41, 41)], () => [between(-708, -30)], () => [small(60)]],
  },
  atanh: {
    f: math.atanh,
    exact: bigMath.atanh,
    ulps: 0.52,
    points: [() => [between(-1, 1)], () => [small(40)], () => [1 - Math.abs(small(52)) / 2], () => [anyIn(-1, 1)]],
  },
  sin: {
    f: math.sin,
    exact: bigMath.sin,
    ulps: 0.76,
    points: [
      () => [between(-Math.PI / 4, Math.PI / 4)],
      () => [between(-100, 100)],
      () => [between(-2e6, 2e6)],
      () => [beside((random.integer(2_000_000) * Math.PI) / 2)],
      () => [small(40)],
      () => [anyIn(-Number.MAX_VALUE, Number.MAX_VALUE)],
    ],
  },
  cos: {
    f: math.cos,
    exact: bigMath.cos,
    ulps: 0.76,
    points: [
      () => [between(-Math.PI / 4, Math.PI / 4)],
      () => [between(-100, 100)],
      () => [between(-2e6, 2e6)],
      () => [beside((random.integer(2_000_000) * Math.PI) / 2)],
      () => [small(40)],
      () => [anyIn(-Number.MAX_VALUE, Number.MAX_VALUE)],
    ],
  },
  atan2: {
    f: math.atan2,
    exact: bigMath.atan2,
    ulps: 0.52,
    points: [
      () => [between(-1, 1), between(-1, 1)],
      () => [small(60), small(60)],
      () => [beside((random.integer(128) + 0.5) / 128), 1],
      () => [anyIn(-Number.MAX_VALUE, Number.MAX_VALUE), small(200)],
    ],
  },
  pow: {
    f: math.pow,
    exact: bigMath.pow,
    ulps: 0.53,
    points: [
      () => [between(0, 4), between(-20, 20)],
      () => nearRange(() => [1 + small(50), between(-1e6, 1e6)], 700),
      () => nearRange(() => [between(0.5, 2), between(-1200, 1200)], 700),
      () => [anyIn(0, Number.MAX_VALUE), between(-0.98, 0.98)],
      () => [between(0, 2 ** -1022), between(-0.9, 0.9)],
      () => [between(1, 20), random.integer(200)],
    ],
  },
  "pow, overflow and subnormal results": {
    f: math.pow,
    exact: bigMath.pow,
    ulps: 1,
    points: [() => [1 + small(50), between(-1e6, 1e6)], () => [2 ** between(-1, 1), between(-1100, 1100)]],
  },
};

/** A base and exponent whose power is e^±limit at most. */
function nearRange(draw: () => Point, limit: number): Point {
  for (;;) {
    const [x, y] = draw();
    if (x > 0 && Math.abs(y * Math.log(x)) < limit) return [x, y];
  }
}

function largestErrors(subject: Subject, count: number): { ulps: number; doubles: number; at: Point } {
  let ulps = 0;
  let doubles = 0;
  let at: Point = [];
  for (let i = 0; i < count; i++) {
    const point = subject.points[i % subject.points.length]();
    const exact = subject.exact(...point);
    const nearest = roundToDouble(exact);
    const got = subject.f(...point);
    doubles = Math.max(doubles, doublesBetween(got, nearest));
    if (!Number.isFinite(nearest) || !Number.isFinite(got)) continue;
    const error = ulpError(got, exact);
    if (error > ulps) {
      ulps = error;
      at = point;
    }
  }
  return { ulps, doubles, at };
}

/** Set LIMPID_ACCURACY_POINTS for a longer run that also prints the largest error of each function. */
const COUNT = Number(process.env.LIMPID_ACCURACY_POINTS ?? 12_000);

describe("within one unit in the last place of the correctly rounded value", () => {
  for (const [name, subject] of Object.entries(subjects)) {
    it(name, () => {
      const { ulps, doubles, at } = largestErrors(subject, COUNT);
      if (process.env.LIMPID_ACCURACY_POINTS) console.log(name, ulps.toFixed(4), "ulp at", at);
      expect(doubles).toBeLessThanOrEqual(1);
      expect(ulps, `at ${at}`).toBeLessThan(subject.ulps);
    });
  }

  it("notices a result two doubles away, and cancellation", () => {
    const twice = (x: number): number => {
      double[0] = math.exp(x);
      words[0] += 2;
      return double[0];
    };
    expect(largestErrors({ ...subjects.exp, f: twice }, 100).doubles).toBeGreaterThan(1);
    expect(largestErrors({ ...subjects.expm1, f: (x) => math.exp(x) - 1 }, 100).doubles).toBeGreaterThan(1);
    expect(largestErrors({ ...subjects.log1p, f: (x) => math.log(1 + x) }, 100).doubles).toBeGreaterThan(1);
    const shortPi = (x: number): number => math.sin(x - Math.floor(x / (2 * Math.PI)) * 2 * Math.PI);
    expect(largestErrors({ ...subjects.sin, f: shortPi }, 100).doubles).toBeGreaterThan(1);
  });
});
