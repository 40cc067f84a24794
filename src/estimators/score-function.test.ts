import { describe, expect, it } from "vitest";
import {
  Bernoulli,
  Categorical,
  DiagonalGaussian,
  type Distribution,
  MultiCategorical,
} from "../distributions/index.ts";
import { Key } from "../random/index.ts";
import {
  broadcastTo,
  dotRows,
  embedding,
  mean,
  noGrad,
  parameter,
  pick,
  plan,
  randomStream,
  reshape,
  type Shape,
  slice,
  square,
  step,
  sub,
  sum,
  type Tensor,
  tensor,
} from "../tensor/index.ts";
import { type Baseline, pathwiseGradient, scoreFunctionGradient } from "./index.ts";

/** Samples of one estimate, and estimates. */
const N = 256;
const ESTIMATES = 1000;

const float = (values: readonly number[], shape?: Shape) => tensor(values, shape, "float64");
const weights = (values: readonly number[], shape: Shape) => parameter(values, shape, "float64");
const repeated = (row: Tensor, rows: number) => broadcastTo(row, [rows, row.shape[1]!]);

/** Mean and variance of many estimates, by entry of all parameters one after the other. */
function moments(parameters: readonly Tensor[], estimate: (stream: Tensor) => { of(parameter: Tensor): Tensor }) {
  const stream = randomStream(Key.fromSeed(5).split("samples"));
  const recorded = plan({}, () => {
    const gradients = estimate(stream);
    return parameters.map((p) => gradients.of(p));
  });
  const size = parameters.reduce((total, p) => total + p.size, 0);
  const [sums, squares] = [new Float64Array(size), new Float64Array(size)];
  for (let i = 0; i < ESTIMATES; i++) {
    const outputs = recorded.run();
    outputs
      .flatMap((gradient) => [...gradient.data])
      .forEach((g, k) => {
        sums[k]! += g;
        squares[k]! += g * g;
      });
  }
  return Array.from(sums, (total, k) => {
    const average = total / ESTIMATES;
    const variance = squares[k]! / ESTIMATES - average * average;
    return { mean: average, variance, standardError: Math.sqrt(variance / ESTIMATES) };
  });
}

type Moments = ReturnType<typeof moments>;

/** By how many standard errors the worst entry is off. */
const errors = (found: Moments, exact: readonly number[]) =>
  Math.max(...found.map(({ mean, standardError }, k) => Math.abs(mean - exact[k]!) / standardError));
const total = (found: Moments) => found.reduce((sum, { variance }) => sum + variance, 0);

interface Case {
  readonly parameters: readonly Tensor[];
  readonly distribution: () => Distribution;
  readonly f: (samples: Tensor) => Tensor;
  /** ∂E[f]/∂θ, by entry. */
  readonly exact: readonly number[];
}

/** Σ_x p(x) f(x) ∂ log p(x)/∂logit for a distribution over a few values: `log p` by value, differentiated by hand. */
function enumerated(values: readonly { p: number; f: number; score: readonly number[] }[]): number[] {
  return values[0]!.score.map((_, k) => values.reduce((sum, { p, f, score }) => sum + p * f * score[k]!, 0));
}

const softmaxOf = (logits: readonly number[]) => {
  const powers = logits.map(Math.exp);
  const whole = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / whole);
};

function categoricalCase(rows = N): Case {
  const logits = [0.2, -0.5, 2.5];
  const scores = [9, 8, 5];
  const p = softmaxOf(logits);
  const table = float(scores, [3, 1]);
  const theta = weights(logits, [1, 3]);
  return {
    parameters: [theta],
    distribution: () => new Categorical(repeated(theta, rows)),
    f: (x) => reshape(embedding(table, x), [rows]),
    exact: enumerated(
      p.map((q, x) => ({ p: q, f: scores[x]!, score: p.map((other, k) => (k === x ? 1 : 0) - other) })),
    ),
  };
}

/** Two switches, or two choices of 2 and 3: f is (1 + first)(3 − second). */
function pairCase(kind: "switches" | "choices", rows: number): Case {
  const logits = kind === "switches" ? [0.4, -0.8] : [0.3, -0.2, 0.1, 0.9, -0.6];
  const theta = weights(logits, [1, logits.length]);
  const on = logits.map((logit) => 1 / (1 + Math.exp(-logit)));
  const [first, second] = [softmaxOf(logits.slice(0, 2)), softmaxOf(logits.slice(2))];
  const values = [];
  for (let a = 0; a < 2; a++) {
    for (let b = 0; b < (kind === "switches" ? 2 : 3); b++) {
      const f = (1 + a) * (3 - b);
      if (kind === "switches") {
        const p = (a ? on[0]! : 1 - on[0]!) * (b ? on[1]! : 1 - on[1]!);
        values.push({ p, f, score: [a - on[0]!, b - on[1]!] });
      } else {
        const score = [...first.map((q, k) => +(k === a) - q), ...second.map((q, k) => +(k === b) - q)];
        values.push({ p: first[a]! * second[b]!, f, score });
      }
    }
  }
  const firstTable = float([1, 2], [2, 1]);
  const secondTable = float([3, 2, 1], [3, 1]);
  return {
    parameters: [theta],
    distribution: () =>
      kind === "switches" ? new Bernoulli(repeated(theta, rows)) : new MultiCategorical(repeated(theta, rows), [2, 3]),
    f: (x) => {
      const choice = (i: number) => reshape(slice(x, 1, i, i + 1), [rows]);
      return dotRows(embedding(firstTable, choice(0)), embedding(secondTable, choice(1)));
    },
    exact: enumerated(values),
  };
}

/** E[(x − 3)² + y²] over a Gaussian: ∂/∂μ = 2(μ − c), ∂/∂ log σ = 2σ². */
function gaussianCase(rows = N): Case {
  const mu = weights([0.5, -1], [1, 2]);
  const logStd = weights([-0.4, 0.3], [2]);
  const target = float([3, 0], [1, 2]);
  return {
    parameters: [mu, logStd],
    distribution: () => new DiagonalGaussian(repeated(mu, rows), logStd),
    f: (x) => sum(square(sub(x, target)), 1),
    exact: [2 * (0.5 - 3), 2 * -1, 2 * Math.exp(-0.8), 2 * Math.exp(0.6)],
  };
}

function scored({ parameters, distribution, f }: Case, baseline: Baseline): Moments {
  return moments(parameters, (stream) => {
    const p = distribution();
    const samples = noGrad(() => p.sample(stream));
    return scoreFunctionGradient(p, samples, f(samples), { baseline, parameters });
  });
}

const cases: Record<string, (rows: number) => Case> = {
  "a choice": categoricalCase,
  "two switches": (rows) => pairCase("switches", rows),
  "two choices": (rows) => pairCase("choices", rows),
  "a Gaussian": gaussianCase,
};

describe.each(Object.entries(cases))("the score function of %s", (_name, make) => {
  const known = make(N);
  const [none, average, optimal] = (["none", "average", "optimal"] as const).map((b) => scored(known, b)) as [
    Moments,
    Moments,
    Moments,
  ];

  it("gives the exact gradient in the mean, whatever the baseline", () => {
    for (const found of [none, average, optimal]) expect(errors(found, known.exact)).toBeLessThan(4);
  });

  it("varies less with a constant baseline, and least with the optimal one", () => {
    expect(total(average)).toBeLessThan(0.8 * total(none));
    expect(total(optimal)).toBeLessThan(total(average));
  });

  it("control: the other sign, and a baseline that contains the sample itself, are noticed", () => {
    const few = 4;
    const { parameters, distribution, f } = make(few);
    const wrong = (values: (f: Tensor) => Tensor, baseline: (f: Tensor) => Baseline) =>
      moments(parameters, (stream) => {
        const p = distribution();
        const samples = noGrad(() => p.sample(stream));
        return scoreFunctionGradient(p, samples, values(f(samples)), { baseline: baseline(f(samples)) });
      });
    const negated = wrong(
      (values) => sub(0, values),
      () => "average",
    );
    expect(errors(negated, known.exact)).toBeGreaterThan(10);
    // Shrinks the estimate by a quarter.
    const biased = wrong(
      (values) => values,
      (values) => broadcastTo(mean(values), [few]),
    );
    expect(errors(biased, known.exact)).toBeGreaterThan(4);
  });
});

describe("a baseline for each row", () => {
  it("takes off what depends on the state: no bias, and less variance than the best constant", () => {
    // Two states, in which the same choices are worth 10 more or less.
    const logits = [
      [0.2, -0.4],
      [-0.3, 0.5],
    ];
    const scores = [
      [11, 9],
      [-9, -11],
    ];
    const theta = weights(logits.flat(), [2, 2]);
    const states = tensor(
      Array.from({ length: N }, (_, i) => i % 2),
      [N],
      "int32",
    );
    const p = logits.map(softmaxOf);
    const expected = p.map((row, s) => row[0]! * scores[s]![0]! + row[1]! * scores[s]![1]!);
    const exact = p.flatMap((row, s) => row.map((q, k) => (q * (scores[s]![k]! - expected[s]!)) / 2));
    const table = float(scores.flat(), [2, 2]);
    const values = float(Array.from({ length: N }, (_, i) => expected[i % 2]!));
    const found = (baseline: Baseline) =>
      moments([theta], (stream) => {
        const distribution = new Categorical(embedding(theta, states));
        const choice = distribution.sample(stream);
        const f = pick(embedding(table, states), choice);
        return scoreFunctionGradient(distribution, choice, f, { baseline, parameters: [theta] });
      });
    const [optimal, own] = [found("optimal"), found(values)];
    expect(errors(optimal, exact)).toBeLessThan(4);
    expect(errors(own, exact)).toBeLessThan(4);
    expect(total(own)).toBeLessThan(0.05 * total(optimal));
  });
});

describe("the pathwise gradient", () => {
  const { parameters, distribution, f, exact } = gaussianCase();
  const found = moments(parameters, (stream) => pathwiseGradient(distribution(), stream, f));

  it("gives the exact gradient in the mean, with less variance than any score function", () => {
    expect(errors(found, exact)).toBeLessThan(4);
    expect(total(found)).toBeLessThan(0.5 * total(scored(gaussianCase(), "optimal")));
  });

  it("control: samples that the parameters do not move have none", () => {
    const still = () =>
      moments(parameters, (stream) => pathwiseGradient(distribution(), stream, (x) => f(x.view(x.shape))));
    expect(still).toThrow(/no gradient reached/);
  });

  it("does not exist for choices", () => {
    const choice = categoricalCase();
    const ask = () => step(() => pathwiseGradient(choice.distribution(), randomStream(Key.fromSeed(1)), choice.f));
    expect(ask).toThrow(/distribution must be one whose samples are differentiable.*got "Categorical".*scoreFunction/);
  });
});

describe("the score function refuses", () => {
  const p = () => new DiagonalGaussian(weights([0], [1, 1]), weights([0], [1]));
  const one = float([0.5], [1, 1]);

  it("values of another shape, and averages of one sample", () => {
    step(() => {
      expect(() => scoreFunctionGradient(p(), one, float([1, 2]))).toThrow(/values must be of shape \[1\]/);
      expect(() => scoreFunctionGradient(p(), one, float([1]), { baseline: float([1, 2]) })).toThrow(
        /baseline must be/,
      );
      for (const baseline of ["average", "optimal"] as const) {
        expect(() => scoreFunctionGradient(p(), one, float([1]), { baseline, parameters: [] })).toThrow(
          /baseline must be "none" or a tensor where there is one sample/,
        );
      }
    });
  });

  it("an optimal baseline of unknown parameters", () => {
    step(() => {
      const two = new DiagonalGaussian(weights([0, 0], [2, 1]), weights([0], [1]));
      const ask = () => scoreFunctionGradient(two, float([1, 2], [2, 1]), float([1, 2]), { baseline: "optimal" });
      expect(ask).toThrow(/parameters must be given where the baseline is optimal/);
    });
  });
});
