import { describe, expect, it } from "vitest";
import { type Dtype, dtypes, generator, KernelBench, normals } from "../../test/support/kernels.ts";
import { Op } from "./opcodes.ts";

const bench = new KernelBench();
const sum = (x: number[]) => x.reduce((a, b) => a + b, 0);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

function close(actual: number[], expected: number[], d: Dtype, tolerance = { f32: 1e-5, f64: 1e-13 }): void {
  expect(actual.length).toBe(expected.length);
  const scale = 1 + Math.max(0, ...expected.map(Math.abs));
  actual.forEach((v, i) => {
    expect(Math.abs(v - expected[i])).toBeLessThanOrEqual(tolerance[d] * scale);
  });
}

/** Σ_o weight_o · ∂f_o/∂x_i by central differences, in JavaScript's doubles. */
function difference(f: (x: number[]) => number[], x: number[], weight: number[]): number[] {
  return x.map((_, i) => {
    const at = (e: number) => f(x.map((v, j) => (j === i ? v + e : v)));
    const [plus, minus] = [at(1e-5), at(-1e-5)];
    return sum(plus.map((v, o) => (weight[o] * (v - minus[o])) / 2e-5));
  });
}

describe.each(dtypes)("layer normalisation, %s", (d) => {
  it.each([
    [0, 4],
    [1, 1],
    [3, 2],
    [2, 5],
    [4, 16],
    [2, 31],
    [2, 100],
  ])("[%i, %i]", (rows, cols) => {
    const next = generator(21);
    const [x, gain, bias, dy] = [rows * cols, cols, cols, rows * cols].map((n) => normals(next, n, d));
    const forward = (row: number[]) => {
      const mean = sum(row) / cols;
      const rstd = 1 / Math.sqrt(sum(row.map((v) => (v - mean) ** 2)) / cols + 0.01);
      return { rstd, xhat: row.map((v) => (v - mean) * rstd) };
    };
    const each = Array.from({ length: rows }, (_, r) => x.slice(r * cols, (r + 1) * cols));
    bench.clear();
    const [out, xhat, dx] = [0, 1, 2].map(() => bench.buffer(d, rows * cols));
    const [rstd, g] = [bench.buffer(d, rows), bench.buffer(d, gain)];
    bench.call(Op.LayerNorm, d, bench.buffer(d, x), g, bench.buffer(d, bias), out, xhat, rstd, rows, cols, 0.01);
    close(
      bench.read(rstd),
      each.map((row) => forward(row).rstd),
      d,
    );
    close(
      bench.read(xhat),
      each.flatMap((row) => forward(row).xhat),
      d,
    );
    close(
      bench.read(out),
      each.flatMap((row) => forward(row).xhat.map((v, c) => v * gain[c] + bias[c])),
      d,
    );
    bench.call(Op.LayerNormGrad, d, bench.buffer(d, dy), xhat, rstd, g, dx, rows, cols);
    const expected = each.flatMap((row, r) =>
      difference((v) => forward(v).xhat.map((h, c) => h * gain[c]), row, dy.slice(r * cols, (r + 1) * cols)),
    );
    close(bench.read(dx), expected, d, { f32: 2e-5, f64: 1e-8 });
  });
});

/** n, c, h, w, kh, kw, strideH, strideW, padH, padW */
const convolutions = [
  [1, 1, 1, 1, 1, 1, 1, 1, 0, 0],
  [2, 3, 5, 6, 3, 3, 1, 1, 0, 0],
  [2, 2, 5, 7, 3, 2, 1, 1, 1, 1],
  [1, 2, 9, 8, 4, 3, 2, 2, 1, 2],
  [2, 1, 12, 13, 8, 8, 4, 4, 0, 0],
  [1, 2, 3, 3, 3, 3, 1, 3, 2, 3],
  [1, 1, 2, 20, 1, 5, 1, 1, 0, 4],
  [0, 2, 4, 4, 2, 2, 1, 1, 0, 0],
];

describe.each(dtypes)("unfolding for convolutions, %s", (d) => {
  it.each(convolutions)("n %i c %i image %i×%i kernel %i×%i stride %i %i padding %i %i", (...sizes) => {
    const [n, c, h, w, kh, kw, sh, sw, ph, pw] = sizes;
    const oh = Math.floor((h + 2 * ph - kh) / sh) + 1;
    const ow = Math.floor((w + 2 * pw - kw) / sw) + 1;
    const next = generator(22);
    const image = normals(next, n * c * h * w, d);
    const count = n * c * kh * kw * oh * ow;
    const dcols = normals(next, count, d);
    const expected = new Array(count).fill(0);
    const back = new Array(image.length).fill(0);
    let k = 0;
    for (let plane = 0; plane < n * c; plane++) {
      for (let i = 0; i < kh; i++) {
        for (let j = 0; j < kw; j++) {
          for (let oy = 0; oy < oh; oy++) {
            for (let ox = 0; ox < ow; ox++, k++) {
              const [y, x] = [oy * sh + i - ph, ox * sw + j - pw];
              if (y < 0 || y >= h || x < 0 || x >= w) continue;
              expected[k] = image[(plane * h + y) * w + x];
              back[(plane * h + y) * w + x] += dcols[k];
            }
          }
        }
      }
    }
    bench.clear();
    const [cols, dx] = [bench.buffer(d, count), bench.buffer(d, image.length)];
    bench.call(Op.Im2Col, d, bench.buffer(d, image), cols, ...sizes, oh, ow);
    expect(bench.read(cols)).toEqual(expected);
    bench.call(Op.Col2Im, d, bench.buffer(d, dcols), dx, ...sizes, oh, ow);
    close(bench.read(dx), back, d, { f32: 2e-6, f64: 1e-14 });
  });
});

const cells = [
  [0, 3],
  [1, 1],
  [2, 3],
  [3, 4],
  [2, 9],
];

describe.each(dtypes)("recurrent cells, %s", (d) => {
  it.each(cells)("LSTM, batch %i, %i units", (n, h) => {
    const next = generator(23);
    /** One sample: [gates (4h), c0 (h)] to [h1 (h), c1 (h)]. */
    const cell = (v: number[]) => {
      const gate = (k: number, i: number) => v[k * h + i];
      const c1 = Array.from(
        { length: h },
        (_, i) => sigmoid(gate(1, i)) * gate(4, i) + sigmoid(gate(0, i)) * Math.tanh(gate(2, i)),
      );
      return [...c1.map((c, i) => sigmoid(gate(3, i)) * Math.tanh(c)), ...c1];
    };
    const [gates, c0, dh, dc] = [4, 1, 1, 1].map((k) => normals(next, n * k * h, d));
    const part = (x: number[], r: number, width: number) => x.slice(r * width, (r + 1) * width);
    const samples = Array.from({ length: n }, (_, r) => [...part(gates, r, 4 * h), ...part(c0, r, h)]);
    bench.clear();
    const [act, dgates] = [0, 1].map(() => bench.buffer(d, 4 * n * h));
    const [h1, c1, tanhC1, dc0] = [0, 1, 2, 3].map(() => bench.buffer(d, n * h));
    const start = bench.buffer(d, c0);
    bench.call(Op.LstmCell, d, bench.buffer(d, gates), start, act, h1, c1, tanhC1, n, h);
    close(
      bench.read(h1),
      samples.flatMap((s) => cell(s).slice(0, h)),
      d,
    );
    close(
      bench.read(c1),
      samples.flatMap((s) => cell(s).slice(h)),
      d,
    );
    const [gradH, gradC] = [bench.buffer(d, dh), bench.buffer(d, dc)];
    for (const [useH, useC] of [
      [true, true],
      [true, false],
      [false, true],
    ]) {
      bench.call(Op.LstmCellGrad, d, useH ? gradH : 0, useC ? gradC : 0, act, start, tanhC1, dgates, dc0, n, h);
      const expected = samples.map((s, r) => {
        const weight = [...part(dh, r, h).map((v) => (useH ? v : 0)), ...part(dc, r, h).map((v) => (useC ? v : 0))];
        return difference(cell, s, weight);
      });
      const tolerance = { f32: 2e-5, f64: 1e-8 };
      close(
        bench.read(dgates),
        expected.flatMap((v) => v.slice(0, 4 * h)),
        d,
        tolerance,
      );
      close(
        bench.read(dc0),
        expected.flatMap((v) => v.slice(4 * h)),
        d,
        tolerance,
      );
    }
  });

  it.each(cells)("GRU, batch %i, %i units", (n, h) => {
    const next = generator(24);
    /** One sample: [gi (3h), gh (3h), h0 (h)] to h1 (h). */
    const cell = (v: number[]) =>
      Array.from({ length: h }, (_, i) => {
        const [reset, update] = [0, 1].map((k) => sigmoid(v[k * h + i] + v[(k + 3) * h + i]));
        const fresh = Math.tanh(v[2 * h + i] + reset * v[5 * h + i]);
        return (1 - update) * fresh + update * v[6 * h + i];
      });
    const [gi, gh, h0, dh] = [3, 3, 1, 1].map((k) => normals(next, n * k * h, d));
    const part = (x: number[], r: number, width: number) => x.slice(r * width, (r + 1) * width);
    const samples = Array.from({ length: n }, (_, r) => [
      ...part(gi, r, 3 * h),
      ...part(gh, r, 3 * h),
      ...part(h0, r, h),
    ]);
    bench.clear();
    const [act, dgi, dgh] = [0, 1, 2].map(() => bench.buffer(d, 3 * n * h));
    const [h1, dh0] = [0, 1].map(() => bench.buffer(d, n * h));
    const [hidden, start] = [bench.buffer(d, gh), bench.buffer(d, h0)];
    bench.call(Op.GruCell, d, bench.buffer(d, gi), hidden, start, act, h1, n, h);
    close(bench.read(h1), samples.flatMap(cell), d);
    bench.call(Op.GruCellGrad, d, bench.buffer(d, dh), act, hidden, start, dgi, dgh, dh0, n, h);
    const expected = samples.map((s, r) => difference(cell, s, part(dh, r, h)));
    const tolerance = { f32: 2e-5, f64: 1e-8 };
    [dgi, dgh, dh0].forEach((buffer, k) => {
      const [from, to] = [
        [0, 3 * h],
        [3 * h, 6 * h],
        [6 * h, 7 * h],
      ][k];
      close(
        bench.read(buffer),
        expected.flatMap((v) => v.slice(from, to)),
        d,
        tolerance,
      );
    });
  });
});
