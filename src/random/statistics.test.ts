import { describe, expect, it } from "vitest";
import { Key } from "./index.ts";

/**
 * Statistical tests with significance 1e-5 each (about 30 of them), on fixed seeds: they cannot fail by chance from
 * one run to the next, and a generator that is broken fails them by orders of magnitude, as the negative controls
 * show.
 */

const key = Key.fromSeed(2024).split("statistics");

/** One-sided normal quantile of 1 - 1e-5. */
const Z = 4.2649;

/** Critical value of χ² with `degrees` degrees of freedom at 1e-5 (Wilson and Hilferty 1931). */
const chiSquareLimit = (degrees: number): number =>
  degrees * (1 - 2 / (9 * degrees) + Z * Math.sqrt(2 / (9 * degrees))) ** 3;

function chiSquare(counts: ArrayLike<number>, expected: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += (counts[i] - expected(i)) ** 2 / expected(i);
  return sum;
}

/** √n · the largest gap between the empirical distribution of `samples` and `cdf`; its limit at 1e-5 is 2.471. */
function kolmogorovSmirnov(samples: Float32Array | Float64Array, cdf: (x: number) => number): number {
  const sorted = samples.slice().sort();
  let gap = 0;
  for (let i = 0; i < sorted.length; i++) {
    const p = cdf(sorted[i]);
    gap = Math.max(gap, p - i / sorted.length, (i + 1) / sorted.length - p);
  }
  return gap * Math.sqrt(sorted.length);
}
const KS_LIMIT = 2.471;

/** Φ by its series and, in the tails, its continued fraction (Abramowitz and Stegun 26.2.10, 26.2.14). */
function normalCdf(x: number): number {
  if (x > 0) return 1 - normalCdf(-x);
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x < -4) {
    let fraction = -x;
    for (let k = 60; k >= 1; k--) fraction = -x + k / fraction;
    return density / fraction;
  }
  let term = x;
  let sum = x;
  for (let k = 3; k < 200; k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + density * sum;
}

/** Correlation of two sequences; its standard deviation is 1/√n if they are independent. */
function correlation(a: Float64Array, b: Float64Array): number {
  const n = a.length;
  const mean = (x: Float64Array): number => x.reduce((sum, v) => sum + v, 0) / n;
  const [ma, mb] = [mean(a), mean(b)];
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < n; i++) {
    ab += (a[i] - ma) * (b[i] - mb);
    aa += (a[i] - ma) ** 2;
    bb += (b[i] - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

const N = 200_000;
const uniforms = (name: string, index = 0): Float64Array => {
  const out = new Float64Array(N);
  key.split(name, index).stream().fillUniform(out);
  return out;
};

describe("uniform numbers", () => {
  it("follow the uniform distribution (Kolmogorov-Smirnov), float64 and float32", () => {
    expect(kolmogorovSmirnov(uniforms("ks"), (x) => x)).toBeLessThan(KS_LIMIT);
    const single = new Float32Array(N);
    key.split("ks32").stream().fillUniform(single);
    expect(kolmogorovSmirnov(single, (x) => x)).toBeLessThan(KS_LIMIT);
  });

  it("a slightly wrong distribution is noticed", () => {
    expect(
      kolmogorovSmirnov(
        uniforms("ks").map((x) => x ** 1.02),
        (x) => x,
      ),
    ).toBeGreaterThan(KS_LIMIT);
  });

  it("every bit of a word is fair", () => {
    const random = key.split("bits").stream();
    const ones = new Float64Array(32);
    for (let i = 0; i < 50_000; i++) {
      const word = random.bits();
      for (let bit = 0; bit < 32; bit++) ones[bit] += (word >>> bit) & 1;
    }
    expect(chiSquare(ones, () => 25_000) * 2).toBeLessThan(chiSquareLimit(32));
  });

  it("consecutive pairs and triples fill the square and the cube evenly (chi-square)", () => {
    const x = uniforms("serial");
    const pairs = new Float64Array(32 * 32);
    for (let i = 0; i + 1 < N; i += 2) pairs[Math.floor(x[i] * 32) * 32 + Math.floor(x[i + 1] * 32)]++;
    expect(chiSquare(pairs, () => N / 2 / 1024)).toBeLessThan(chiSquareLimit(1023));
    const triples = new Float64Array(8 ** 3);
    for (let i = 0; i + 2 < N - 2; i += 3) {
      triples[Math.floor(x[i] * 8) * 64 + Math.floor(x[i + 1] * 8) * 8 + Math.floor(x[i + 2] * 8)]++;
    }
    expect(chiSquare(triples, () => Math.floor(N / 3) / 512)).toBeLessThan(chiSquareLimit(511));
  });

  it("RANDU, whose triples lie on 15 planes, fails the test of triples", () => {
    const triples = new Float64Array(16 ** 3);
    let seed = 1;
    const randu = (): number => {
      seed = (65539 * seed) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * 16);
    };
    for (let i = 0; i < N; i++) triples[randu() * 256 + randu() * 16 + randu()]++;
    expect(chiSquare(triples, () => N / 4096)).toBeGreaterThan(chiSquareLimit(4095));
  });

  it("are not correlated with their successors", () => {
    const x = uniforms("lag");
    for (const lag of [1, 2, 3, 8, 64]) {
      expect(Math.abs(correlation(x.subarray(0, N - lag), x.subarray(lag))) * Math.sqrt(N - lag)).toBeLessThan(Z + 0.2);
    }
    const smooth = x.map((_, i) => x[i] + 0.05 * x[Math.max(0, i - 1)]);
    expect(correlation(smooth.subarray(0, N - 1), smooth.subarray(1)) * Math.sqrt(N)).toBeGreaterThan(Z + 0.2);
  });
});

describe("sibling streams are independent", () => {
  it("neighbouring indices, names, seeds, and parent and child", () => {
    const draw = (k: Key): Float64Array => {
      const out = new Float64Array(50_000);
      k.stream().fillUniform(out);
      return out;
    };
    const pairs: [Key, Key][] = [
      [key.split("env", 0), key.split("env", 1)],
      [key.split("env", 0), key.split("env", 2 ** 32)],
      [key.split("a"), key.split("b")],
      [key, key.split("env")],
      [key.split("env"), key.split("env").split("env")],
      [Key.fromSeed(0), Key.fromSeed(1)],
      [Key.fromSeed(1), Key.fromSeed(2 ** 32 + 1)],
    ];
    for (const [a, b] of pairs) {
      const [x, y] = [draw(a), draw(b)];
      expect(Math.abs(correlation(x, y)) * Math.sqrt(x.length)).toBeLessThan(Z + 0.2);
      const joint = new Float64Array(256);
      for (let i = 0; i < x.length; i++) joint[Math.floor(x[i] * 16) * 16 + Math.floor(y[i] * 16)]++;
      expect(chiSquare(joint, () => x.length / 256)).toBeLessThan(chiSquareLimit(255));
    }
  });

  it("the first numbers of many siblings are as random as the numbers of one stream", () => {
    const firsts = new Float64Array(20_000);
    for (let i = 0; i < firsts.length; i++) firsts[i] = key.split("env", i).stream().uniform();
    expect(kolmogorovSmirnov(firsts, (x) => x)).toBeLessThan(KS_LIMIT);
    const n = firsts.length - 1;
    expect(Math.abs(correlation(firsts.subarray(0, n), firsts.subarray(1))) * Math.sqrt(n)).toBeLessThan(Z + 0.2);
  });
});

describe("normal numbers", () => {
  it("follow the normal distribution, float64 and float32 (Kolmogorov-Smirnov, moments)", () => {
    for (const out of [new Float64Array(N), new Float32Array(N)]) {
      key.split("normal").stream().fillNormal(out);
      expect(kolmogorovSmirnov(out, normalCdf)).toBeLessThan(KS_LIMIT);
      // Moments of N(0, 1): 0, 1, 0, 3 with variances 1, 2, 15, 96 per sample.
      const moment = (p: number): number => Float64Array.from(out).reduce((sum, x) => sum + x ** p, 0) / N;
      expect(Math.abs(moment(1))).toBeLessThan((Z + 0.2) * Math.sqrt(1 / N));
      expect(Math.abs(moment(2) - 1)).toBeLessThan((Z + 0.2) * Math.sqrt(2 / N));
      expect(Math.abs(moment(3))).toBeLessThan((Z + 0.2) * Math.sqrt(15 / N));
      expect(Math.abs(moment(4) - 3)).toBeLessThan((Z + 0.2) * Math.sqrt(96 / N));
    }
  });

  it("mean and standard deviation are arguments, and the wrong ones are noticed", () => {
    const out = new Float64Array(N);
    key.split("scaled").stream().fillNormal(out, 3, 0.5);
    expect(kolmogorovSmirnov(out, (x) => normalCdf((x - 3) / 0.5))).toBeLessThan(KS_LIMIT);
    expect(kolmogorovSmirnov(out, (x) => normalCdf((x - 3) / 0.525))).toBeGreaterThan(KS_LIMIT);
  });

  it("have their tails: draws beyond 3, 4 and 4.5 are as many as expected", () => {
    const out = new Float32Array(1_000_000);
    key.split("tails").stream().fillNormal(out);
    for (const limit of [3, 4, 4.5]) {
      const expected = 2 * normalCdf(-limit) * out.length;
      const beyond = out.reduce((count, x) => count + (Math.abs(x) > limit ? 1 : 0), 0);
      expect(Math.abs(beyond - expected)).toBeLessThan((Z + 0.2) * Math.sqrt(expected) + 1);
    }
  });
});

describe("integers and orders", () => {
  it("are uniform for bounds that do not divide 2^32 (chi-square)", () => {
    for (const bound of [3, 10, 97]) {
      const random = key.split("integer", bound).stream();
      const counts = new Float64Array(bound);
      const bulk = new Int32Array(50_000);
      random.fillInteger(bulk, bound);
      for (const x of bulk) counts[x]++;
      for (let i = 0; i < 50_000; i++) counts[random.integer(bound)]++;
      expect(chiSquare(counts, () => 100_000 / bound)).toBeLessThan(chiSquareLimit(bound - 1));
    }
  });

  it("are unbiased where plain scaling of a word is not: bound 3·2^30", () => {
    // floor(word · bound / 2^32) alone would give every third integer twice as often.
    const bound = 3 * 2 ** 30;
    const counts = new Float64Array(3);
    const naive = new Float64Array(3);
    const random = key.split("bias").stream();
    for (let i = 0; i < 60_000; i++) {
      counts[random.integer(bound) % 3]++;
      naive[Math.floor((random.bits() * bound) / 2 ** 32) % 3]++;
    }
    expect(chiSquare(counts, () => 20_000)).toBeLessThan(chiSquareLimit(2));
    expect(chiSquare(naive, () => 20_000)).toBeGreaterThan(chiSquareLimit(2));
  });

  it("all 24 permutations of 4 are equally likely, and a wrong shuffle is noticed", () => {
    const random = key.split("permutation").stream();
    const code = (p: ArrayLike<number>): number => ((p[0] * 4 + p[1]) * 4 + p[2]) * 4 + p[3];
    const good = new Map<number, number>();
    const bad = new Map<number, number>();
    const order = new Int32Array(4);
    for (let i = 0; i < 48_000; i++) {
      random.permutation(order);
      good.set(code(order), (good.get(code(order)) ?? 0) + 1);
      for (let j = 0; j < 4; j++) order[j] = j;
      for (let j = 0; j < 4; j++) {
        const k = random.integer(4);
        [order[j], order[k]] = [order[k], order[j]];
      }
      bad.set(code(order), (bad.get(code(order)) ?? 0) + 1);
    }
    expect(good.size).toBe(24);
    expect(chiSquare([...good.values()], () => 2000)).toBeLessThan(chiSquareLimit(23));
    expect(chiSquare([...bad.values()], () => 2000)).toBeGreaterThan(chiSquareLimit(23));
  });

  it("every item of a long permutation is as likely in every place", () => {
    const random = key.split("places").stream();
    const order = new Int32Array(20);
    const counts = new Float64Array(400);
    for (let i = 0; i < 20_000; i++) {
      random.permutation(order);
      for (let j = 0; j < 20; j++) counts[j * 20 + order[j]]++;
    }
    // 20 × 20 counts whose rows and columns are fixed: 19 × 19 degrees of freedom, entries with variance p (1 - p) n · 20/19.
    expect(chiSquare(counts, () => 1000) * (19 / 20)).toBeLessThan(chiSquareLimit(361));
  });

  it("categories come with their probabilities", () => {
    const random = key.split("categorical").stream();
    const p = [0.05, 0.5, 0, 0.3, 0.15];
    const counts = new Float64Array(5);
    for (let i = 0; i < 60_000; i++) counts[random.categorical(p.map((x) => x * 7))]++;
    expect(counts[2]).toBe(0);
    const used = [0, 1, 3, 4];
    expect(
      chiSquare(
        used.map((i) => counts[i]),
        (i) => 60_000 * p[used[i]],
      ),
    ).toBeLessThan(chiSquareLimit(3));
  });
});
