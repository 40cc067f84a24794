import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Buffer, type Dtype, dtypes, generator, KernelBench, normals } from "../../test/support/kernels.ts";
import { Op } from "./opcodes.ts";

interface Case {
  kind: string;
  optimizer: string;
  options: Record<string, number | boolean | number[]>;
  startParams: number[];
  grads: number[][];
  paramsAfterStep: number[][];
  maxNorm: number;
  normType: number;
  totalNormBefore: number;
}

const bench = new KernelBench();
const fixture = JSON.parse(readFileSync(new URL("../../test/fixtures/torch-optim.json", import.meta.url), "utf8")) as {
  cases: Case[];
};

/** One optimiser with its state in kernel memory; `step` feeds it a gradient. */
function optimiser(d: Dtype, c: Pick<Case, "optimizer" | "options">, start: number[]) {
  const n = start.length;
  const option = (name: string, otherwise: number) => Number(c.options[name] ?? otherwise);
  const zeros = () => bench.buffer(d, new Array(n).fill(0));
  const param = bench.buffer(d, start);
  const grad = zeros();
  const state: Buffer[] = [];
  const keep = (b: Buffer) => {
    state.push(b);
    return b;
  };
  let hyper: Buffer;
  let advance = () => {};
  let run: (coefficient: Buffer | number) => void;
  if (c.optimizer === "SGD") {
    const momentum = option("momentum", 0);
    const values = [
      option("lr", 0),
      momentum,
      option("dampening", 0),
      option("weight_decay", 0),
      option("nesterov", 0),
      0,
    ];
    hyper = bench.buffer("f64", values);
    const buffer = momentum ? keep(zeros()) : 0;
    advance = () => bench.call(Op.Tick, d, hyper, 5, 0);
    run = (coefficient) => {
      bench.call(Op.Sgd, d, param, grad, buffer, n, hyper, coefficient);
      advance();
    };
  } else if (c.optimizer.startsWith("RMSprop")) {
    const inside = c.optimizer === "RMSpropTFLike";
    const [momentum, centered] = [option("momentum", 0), option("centered", 0)];
    const values = [
      option("lr", 0.01),
      option("alpha", 0.99),
      option("eps", 1e-8),
      option("weight_decay", 0),
      momentum,
    ];
    hyper = bench.buffer("f64", [...values, inside ? 1 : 0]);
    const squares = keep(bench.buffer(d, new Array(n).fill(inside ? 1 : 0)));
    const buffer = momentum ? keep(zeros()) : 0;
    const mean = centered ? keep(zeros()) : 0;
    run = (coefficient) => bench.call(Op.RmsProp, d, param, grad, squares, buffer, mean, n, hyper, coefficient);
  } else {
    const [beta1, beta2] = (c.options.betas as number[]) ?? [0.9, 0.999];
    const decoupled = c.optimizer === "AdamW" ? 1 : 0;
    const decay = option("weight_decay", decoupled ? 0.01 : 0);
    hyper = bench.buffer("f64", [option("lr", 1e-3), beta1, beta2, option("eps", 1e-8), decay, decoupled, 1, 1, 0]);
    const [m, v] = [keep(zeros()), keep(zeros())];
    const top = c.options.amsgrad ? keep(zeros()) : 0;
    run = (coefficient) => {
      bench.call(Op.Tick, d, hyper, 8, 2, 6, 1, 7, 2);
      bench.call(Op.Adam, d, param, grad, m, v, top, n, hyper, coefficient);
    };
  }
  return {
    state,
    step(values: number[], coefficient: Buffer | number = 0) {
      bench.write(grad, values);
      run(coefficient);
      return bench.read(param);
    },
  };
}

const optimisers = fixture.cases.filter((c) => c.kind === "optimizer");
const tolerance = { f32: 1e-5, f64: 1e-12 };

describe.each(dtypes)("optimiser kernels against PyTorch, %s", (d) => {
  it.each(optimisers)("$optimizer $options", (c) => {
    bench.clear();
    const o = optimiser(d, c, c.startParams);
    c.grads.forEach((g, t) => {
      o.step(g).forEach((v, i) => {
        const expected = c.paramsAfterStep[t][i];
        expect(Math.abs(v - expected)).toBeLessThanOrEqual(tolerance[d] * (1 + Math.abs(expected)));
      });
    });
  });

  it.each(optimisers)("$optimizer $options: an element does not depend on its place", (c) => {
    const n = 2 * c.startParams.length + 3;
    const next = generator(11);
    const start = normals(next, n, d);
    const gradients = [normals(next, n, d), normals(next, n, d), normals(next, n, d)];
    const last = (from: number, to: number) => {
      bench.clear();
      const o = optimiser(d, c, start.slice(from, to));
      return gradients.map((g) => o.step(g.slice(from, to))).at(-1);
    };
    expect([...last(0, 1)!, ...last(1, 6)!, ...last(6, n)!]).toEqual(last(0, n));
  });

  it.each(optimisers)("$optimizer $options: the coefficient scales the gradient", (c) => {
    bench.clear();
    const [a, b] = [optimiser(d, c, c.startParams), optimiser(d, c, c.startParams)];
    const half = bench.buffer("f64", [0.5]);
    for (const g of c.grads) {
      const rounded = g.map((v) => Math.fround(v));
      expect(a.step(rounded, half)).toEqual(b.step(rounded.map((v) => v / 2)));
    }
  });

  it.each(optimisers)("$optimizer $options: no subnormal number enters the state, whatever the gradient", (c) => {
    bench.clear();
    const smallest = d === "f32" ? 2 ** -126 : 2 ** -1022;
    const tiny = [1e-3, 1e-19, 1e-22, 1e-38, 1e-44, -1e-30, 3e-160, 1e-310, -smallest, 0];
    const o = optimiser(d, { ...c, options: { ...c.options, weight_decay: 0 } }, new Array(tiny.length).fill(0));
    for (let t = 0; t < 2000; t++) {
      o.step(tiny.map((g) => (t < 3 || t % 400 === 0 ? g : 0)));
      for (const s of o.state) {
        for (const v of bench.read(s)) if (v !== 0 && Math.abs(v) < smallest) expect.fail(`${v} after ${t} steps`);
      }
    }
  });

  it.each(optimisers)("$optimizer $options: NaN in a gradient is not hidden", (c) => {
    bench.clear();
    const o = optimiser(d, c, [1, 1, 1]);
    expect(o.step([0.5, Number.NaN, 0.5]).map(Number.isNaN)).toEqual([false, true, false]);
  });

  it("a wrong decay of the first moment is noticed (negative control)", () => {
    const c = optimisers.find((o) => o.optimizer === "Adam")!;
    bench.clear();
    const o = optimiser(d, { ...c, options: { ...c.options, betas: [0.91, 0.999] } }, c.startParams);
    const errors = c.grads.flatMap((g, t) => o.step(g).map((v, i) => Math.abs(v - c.paramsAfterStep[t][i])));
    expect(Math.max(...errors)).toBeGreaterThan(10 * tolerance[d]);
  });
});

describe.each(dtypes)("gradient norm kernels, %s", (d) => {
  it.each([0, 1, 2, 3, 4, 5, 8, 131])("sums %i squares", (n) => {
    bench.clear();
    const values = normals(generator(n), n, d);
    const [x, out] = [bench.buffer(d, values), bench.buffer("f64", [0.25])];
    const expected = values.reduce((s, v) => s + v * v, 0);
    bench.call(Op.SumSquares, d, x, out, n, 0);
    expect(bench.read(out)[0]).toBeCloseTo(expected, 11);
    bench.call(Op.SumSquares, d, x, out, n, 1);
    expect(bench.read(out)[0]).toBeCloseTo(2 * expected, 11);
  });

  it.each(fixture.cases.filter((c) => c.kind === "clip_grad_norm_" && c.normType === 2))(
    "clips to $maxNorm like clip_grad_norm_",
    (c) => {
      bench.clear();
      const [sum, norm, coefficient] = [0, 1, 2].map(() => bench.buffer("f64", [0]));
      for (const g of c.grads as unknown as { data: number[] }[]) {
        const values = Array.isArray(g) ? g.flat(2) : g.data;
        bench.call(Op.SumSquares, d, bench.buffer(d, values), sum, values.length, 1);
      }
      bench.call(Op.ClipCoefficient, d, sum, c.maxNorm, norm, coefficient);
      expect(bench.read(norm)[0]).toBeCloseTo(c.totalNormBefore, d === "f32" ? 5 : 12);
      const expected = Math.min(1, c.maxNorm / (c.totalNormBefore + 1e-6));
      expect(bench.read(coefficient)[0]).toBeCloseTo(expected, d === "f32" ? 5 : 12);
    },
  );

  it("counts and multiplies", () => {
    bench.clear();
    const hyper = bench.buffer("f64", [7, 0.5, 0.25, 1, 1]);
    for (let t = 0; t < 3; t++) bench.call(Op.Tick, d, hyper, 0, 2, 3, 1, 4, 2);
    expect(bench.read(hyper)).toEqual([10, 0.5, 0.25, 0.125, 1 / 64]);
  });
});
