import { describe, expect, it } from "vitest";
import { indices, uniform } from "../../../test/support/gradients.ts";
import { checkPerSample, expectClose } from "../../../test/support/per-sample.ts";
import { ConfigError, ShapeError } from "../../errors.ts";
import { Key } from "../../random/index.ts";
import type { PerSampleRule } from "../contribution.ts";
import type { Tensor } from "../index.ts";
import * as t from "../index.ts";
import { differentiable } from "../tape.ts";

const N = 4;
const random = Key.fromSeed(5).stream();
const weight = (...shape: number[]) => t.parameter(uniform(random, shape).toArray(), shape, "float64");
const data = (...shape: number[]) => uniform(random, shape);
const squares = (y: Tensor) => t.sum(t.square(y));

function trace(loss: Tensor, parameters: Tensor[], options: Partial<t.PerSampleOptions> = {}): t.PerSampleGradients {
  return t.perSample(t.backward(loss), parameters, { batch: N, ...options });
}

describe("perSample", () => {
  const [w, b, x] = [weight(3, 2), weight(3), data(N, 2)];

  it("gives parts that sum to the gradient of the batch", () => {
    const gradients = t.backward(squares(t.linear(x, w, b)));
    const samples = t.perSample(gradients, [w, b], { batch: N });
    for (const p of [w, b]) expectClose(t.sum(samples.of(p), 0).toArray(), gradients.of(p).toArray(), 1e-14, "sum");
    const total = [w, b].map((p) => t.sum(t.square(gradients.of(p))).item()).reduce((a, c) => a + c);
    expectClose([t.sum(samples.inner()).item()], [total], 1e-14, "Σ ⟨g_i, G⟩ = ‖G‖²");
  });

  it("can be asked for some of the parameters, and along any direction", () => {
    const samples = trace(squares(t.linear(x, w, b)), [w, b]);
    const norms = (p: Tensor) => t.sum(t.square(t.reshape(samples.of(p), [N, -1])), 1).toArray();
    expectClose(samples.squaredNorms([b]).toArray(), norms(b), 1e-14, "bias alone");
    expectClose(samples.squaredNorms([w]).toArray(), norms(w), 1e-14, "weight alone");
    const ones = samples.inner((p) => t.ones(p.shape, p.dtype), [w]).toArray();
    expectClose(ones, t.sum(t.reshape(samples.of(w), [N, -1]), 1).toArray(), 1e-13, "along ones");
    expect(() => samples.inner(() => b, [w])).toThrow(ShapeError);
    expect(() => samples.of(x)).toThrow(/one of those that perSample\(\) was called with/);
    expect(() => samples.squaredNorms([])).toThrow(/at least one/);
  });

  it("scales", () => {
    const loss = t.mean(t.sum(t.square(t.linear(x, w)), 1));
    const [own, scaled] = [trace(loss, [w]), trace(loss, [w], { scale: N })];
    const times = (values: ArrayLike<number>, factor: number) => Array.from(values, (v) => v * factor);
    expectClose(scaled.of(w).toArray(), times(own.of(w).toArray(), N), 1e-15, "gradients");
    expectClose(scaled.inner().toArray(), times(own.inner().toArray(), N), 1e-15, "inner products");
    expectClose(scaled.squaredNorms().toArray(), times(own.squaredNorms().toArray(), N * N), 1e-15, "norms");
  });

  it("says where the rows of the data are no multiple of the samples", () => {
    const loss = t.mean(t.square(t.linear(data(10, 2), w, b)));
    expect(() => trace(loss, [w, b])).toThrow(
      "batch must be a number of samples that the 10 rows of the data [10,2] can be shared out among; got 4",
    );
    expect(trace(loss, [w, b], { batch: 5 }).squaredNorms().shape).toEqual([5]);
    const penalty = t.add(squares(t.linear(x, w)), squares(w));
    expect(() => trace(penalty, [w])).toThrow(/taken of a loss of which every term depends on the samples/);
  });

  it("knows that one sample has the whole gradient, however it was computed", () => {
    const one = data(1, 2);
    const loss = t.sum(t.softmax(t.reshape(t.linear(one, w, b), [3])));
    const samples = trace(t.mul(loss, loss), [w, b], { batch: 1 });
    expect(samples.of(w).shape).toEqual([1, 3, 2]);
    expect(samples.squaredNorms().shape).toEqual([1]);
  });

  it("tells apart a batch as large as a weight is wide", () => {
    const [square, mask, many] = [weight(N, N), t.cast(indices(random, [N, N], 2), "float64"), data(N, N)];
    checkPerSample({
      parameters: [square],
      batch: N,
      losses: (rows) => t.sum(t.tanh(t.linear(t.tanh(t.linear(rows(many), t.mul(square, mask))), square)), 1),
    });
  });

  it("gives each sample its own rows of a tensor that has a row for each", () => {
    const [codes, y] = [weight(N, 3), data(N, 2)];
    const samples = trace(squares(t.add(t.linear(y, w), codes)), [codes]);
    const gradients = t
      .backward(squares(t.add(t.linear(y, w), codes)))
      .of(codes)
      .toArray();
    const each = samples.of(codes);
    expect(each.shape).toEqual([N, N, 3]);
    for (let i = 0; i < N; i++) {
      const expected = new Float64Array(N * 3);
      expected.set(gradients.subarray(3 * i, 3 * i + 3), 3 * i);
      expectClose(each.toArray().subarray(i * N * 3, (i + 1) * N * 3), expected, 1e-14, `sample ${i}`);
    }
  });

  it("shares out terms of no sample when told to", () => {
    const penalty = () => t.mul(t.sum(t.square(w)), 0.3);
    const loss = () => t.add(t.mean(t.sum(t.sin(t.linear(x, w)), 1)), penalty());
    const samples = trace(loss(), [w], { scale: N, unsampled: "divide" });
    const [g, G] = [samples.of(w), t.backward(loss()).of(w)];
    for (let i = 0; i < N; i++) {
      const own = t.slice(x, 0, i, i + 1);
      const alone = t.backward(t.add(t.sum(t.sin(t.linear(own, w))), penalty())).of(w);
      expectClose(t.slice(g, 0, i, i + 1).toArray(), alone.toArray(), 1e-13, `sample ${i}`);
      expectClose([samples.squaredNorms().toArray()[i]!], [squares(alone).item()], 1e-13, "norm");
      expectClose([samples.inner().toArray()[i]!], [t.sum(t.mul(alone, G)).item()], 1e-13, "inner");
    }
    const alone = trace(penalty(), [w], { unsampled: "divide" });
    expectClose(t.sum(alone.of(w), 0).toArray(), t.backward(penalty()).of(w).toArray(), 1e-14, "penalty alone");
    expectClose(alone.squaredNorms().toArray(), new Array(N).fill(squares(alone.of(w)).item() / N), 1e-14, "norms");
  });
});

describe("the check against one sample at a time", () => {
  const [w, x] = [weight(2, 3), data(N, 2, 3)];
  const checkRule = (rule: PerSampleRule) => {
    const layer = (rows: Tensor) => {
      const flat = rows.view([rows.size / 3, 3]);
      const gradient = (dy: Tensor) => t.matmul(dy.view([rows.size / 3, 2]), flat, { transposeA: true });
      return differentiable(
        t.noGrad(() => t.linear(rows, w)),
        [[w, gradient, undefined, rule]],
        { rows },
      );
    };
    checkPerSample({ parameters: [w], batch: N, losses: (rows) => t.sum(t.square(layer(rows(x))), [1, 2]) });
  };

  it("accepts the right rule", () => {
    expect(() => checkRule((dy) => ({ form: "product", x, delta: dy }))).not.toThrow();
  });

  const backwards = (y: Tensor) => t.concat(Array.from({ length: N }, (_, i) => t.slice(y, 0, N - 1 - i, N - i)));
  const wrong: Record<string, PerSampleRule> = {
    "samples exchanged": (dy) => ({ form: "product", x, delta: backwards(dy) }),
    "rows of a sample paired wrongly": (dy) => ({
      form: "product",
      x: t.concat([t.slice(x, 1, 1, 2), t.slice(x, 1, 0, 1)], 1),
      delta: dy,
    }),
    "a row of each sample forgotten": (dy) => ({
      form: "product",
      x: t.slice(x, 1, 0, 1),
      delta: t.slice(dy, 1, 0, 1),
    }),
    "wrong sign": (dy) => ({ form: "product", x, delta: t.neg(dy) }),
  };
  for (const [name, rule] of Object.entries(wrong)) {
    it(`notices: ${name}`, () => {
      expect(() => checkRule(rule)).toThrow(/^gradient of sample 0/);
    });
  }
});

describe("perSample refuses what it cannot tell", () => {
  const [w, b, x, scale] = [weight(3, 2), weight(3), data(N, 2), weight(3)];
  const hidden = () => t.linear(x, w, b);
  const refused: Record<string, { loss: () => Tensor; parameters: Tensor[]; message: RegExp }> = {
    "a penalty that belongs to no sample": {
      loss: () => t.add(squares(hidden()), t.sum(t.square(w))),
      parameters: [w],
      message: /belongs to none.*unsampled/,
    },
    "a parameter that meets data of which the samples are already averaged": {
      loss: () => t.sum(t.mul(scale, t.mean(x, [0, 1], true))),
      parameters: [scale],
      message: /belongs to none/,
    },
    "a parameter after the average": {
      loss: () => t.sum(t.mul(t.mean(hidden(), 0), scale)),
      parameters: [scale],
      message: /does not keep samples apart/,
    },
    "samples compared with one another (softmax over the batch)": {
      loss: () => t.sum(t.mul(t.logSoftmax(t.sum(hidden(), 1)), t.sum(t.mul(hidden(), scale), 1))),
      parameters: [w],
      message: /combines samples/,
    },
    "normalisation over the batch": {
      loss: () => squares(t.mul(t.sub(hidden(), t.mean(hidden(), 0)), scale)),
      parameters: [scale],
      message: /combines samples/,
    },
    "products of samples with samples": {
      loss: () => squares(t.matmul(hidden(), t.transpose(hidden()))),
      parameters: [w],
      message: /combines samples/,
    },
    "samples along another axis": {
      loss: () => squares(t.add(t.sum(hidden(), 1), t.reshape(scale, [3, 1]))),
      parameters: [scale],
      message: /first axis/,
    },
    "data of several rows for each sample where a parameter enters elementwise": {
      loss: () => squares(t.mul(data(2 * N, 3), scale)),
      parameters: [scale],
      message: /reshape the data to \[4, …\]/,
    },
  };
  for (const [name, { loss, parameters, message }] of Object.entries(refused)) {
    it(name, () => {
      expect(() => trace(loss(), parameters)).toThrow(ShapeError);
      expect(() => trace(loss(), parameters)).toThrow(message);
    });
  }

  it("a parameter that enters by an operation without a rule", () => {
    const doubled = (y: Tensor, p: Tensor) =>
      differentiable(
        t.noGrad(() => t.add(y, p)),
        [
          [y, (d) => d],
          [p, (d) => t.sum(d, 0)],
        ],
      );
    expect(() => trace(squares(doubled(hidden(), scale)), [scale])).toThrow(/\[3\].*has no rule for it/);
    expect(() => trace(squares(doubled(hidden(), scale)), [w])).not.toThrow();
  });

  it("a layer on activations whose first axis is another", () => {
    const late = weight(2, N);
    expect(() => trace(squares(t.linear(t.transpose(hidden()), late)), [late])).toThrow(/does not keep samples apart/);
  });

  it("a parameter that the loss does not depend on, and a batch that is none", () => {
    expect(() => trace(squares(hidden()), [scale])).toThrow(/no gradient reached/);
    expect(() => trace(squares(hidden()), [w], { batch: 0 })).toThrow(ConfigError);
    expect(() => trace(squares(hidden()), [w], { batch: 1.5 })).toThrow(/batch must be a positive integer; got 1.5/);
  });
});
