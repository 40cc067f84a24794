import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { backward, type FloatType, mul, parameter, sum, type Tensor, tensor } from "../tensor/index.ts";
import { Bernoulli } from "./bernoulli.ts";
import { Categorical } from "./categorical.ts";
import { DiagonalGaussian } from "./diagonal-gaussian.ts";
import type { Distribution } from "./distribution.ts";
import { MultiCategorical } from "./multi-categorical.ts";
import { SquashedGaussian } from "./squashed-gaussian.ts";

type Values = number[] | number[][];
type Case = { distribution: string; note: string; dims?: number[] } & Record<string, Values>;

const file = new URL("../../test/fixtures/torch-distributions.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: Case[] };
const of = (distribution: string) => cases.filter((c) => c.distribution === distribution);
const tolerances = [
  ["float64", 1e-9],
  ["float32", 1e-4],
] as const;

const shapeOf = (v: Values) => (Array.isArray(v[0]) ? [v.length, v[0].length] : [v.length]);
const leaf = (v: Values, dtype: FloatType) => parameter(v.flat(), shapeOf(v), dtype);
const actionsOf = (v: Values) => tensor(v.flat(), shapeOf(v), "int32");

/** Derivatives may also err relative to the largest of them: small ones are differences of large ones. */
function expectClose(found: Tensor, expected: Values, tolerance: number, label: string): void {
  const values = found.toArray();
  const flat = expected.flat();
  expect(values.length, label).toBe(flat.length);
  const largest = label.startsWith("d") ? Math.max(...flat.map(Math.abs)) : 0;
  for (const [i, e] of flat.entries()) {
    const bound = tolerance * (1 + Math.max(Math.abs(e), largest));
    expect(Math.abs(values[i] - e), `${label}[${i}]: ${values[i]} instead of ${e}`).toBeLessThanOrEqual(bound);
  }
}

/** Compares a value per row, and the derivatives of its sum, with those in the file. */
function expectValue(
  found: Tensor,
  c: Case,
  name: string,
  leaves: Record<string, Tensor>,
  tolerance: number,
  prefix = name[0].toUpperCase() + name.slice(1),
): void {
  expectClose(found, c[name], tolerance, name);
  const gradients = backward(sum(found));
  for (const [leafName, leaf] of Object.entries(leaves)) {
    const key = [`d${prefix}_d${leafName}`, `d${prefix}_d${leafName}_summedOverBatch`].find((k) => k in c);
    if (key !== undefined) expectClose(gradients.of(leaf), c[key], tolerance, key);
  }
}

function checkDiscrete(c: Case, make: (logits: Tensor) => Distribution, dtype: FloatType, tolerance: number): void {
  const Logits = leaf(c.logits, dtype);
  const OtherLogits = leaf(c.otherLogits, dtype);
  const distribution = make(Logits);
  expectValue(distribution.logProb(actionsOf(c.actions)), c, "logProb", { Logits }, tolerance);
  expectValue(distribution.entropy(), c, "entropy", { Logits }, tolerance);
  expectValue(distribution.kl(make(OtherLogits)), c, "kl", { Logits, OtherLogits }, tolerance);
  if (c.mode) expect([...distribution.mode().toArray()]).toEqual(c.mode.flat());
}

describe.each(tolerances)("in %s, against PyTorch within %d", (dtype, tolerance) => {
  it.each(of("Categorical"))("categorical $note", (c) => {
    checkDiscrete(c, (logits) => new Categorical(logits), dtype, tolerance);
  });

  it.each(of("Bernoulli"))("Bernoulli $note", (c) => {
    checkDiscrete(c, (logits) => new Bernoulli(logits), dtype, tolerance);
  });

  it.each(of("MultiCategorical"))("multi-categorical $dims", (c) => {
    checkDiscrete(c, (logits) => new MultiCategorical(logits, c.dims!), dtype, tolerance);
  });

  it.each(of("DiagGaussian"))("diagonal Gaussian $note", (c) => {
    const Mean = leaf(c.mean, dtype);
    const LogStd = leaf(c.logStd, dtype);
    const OtherMean = leaf(c.otherMean, dtype);
    const OtherLogStd = leaf(c.otherLogStd, dtype);
    const p = new DiagonalGaussian(Mean, LogStd);
    const q = new DiagonalGaussian(OtherMean, OtherLogStd);
    expectValue(p.logProb(tensor(c.actions, undefined, dtype)), c, "logProb", { Mean, LogStd }, tolerance);
    expectValue(p.entropy(), c, "entropy", { LogStd }, tolerance);
    expectValue(p.kl(q), c, "kl", { Mean, LogStd, OtherMean, OtherLogStd }, tolerance);
    expect(p.mode()).toBe(Mean);
  });

  // In float32 an action of 0.999 has lost half of its digits in 1 − a², and so has everything computed from it.
  it.each(of("SquashedDiagGaussian"))("squashed Gaussian $note", (c) => {
    const loose = dtype === "float32" && c.note !== "" ? 1e-3 : tolerance;
    const Mean = leaf(c.mean, dtype);
    const LogStd = leaf(c.logStd, dtype);
    const p = new SquashedGaussian(new DiagonalGaussian(Mean, LogStd));
    expectClose(p.mode(), c.mode, tolerance, "mode");
    expectValue(p.logProb(tensor(c.givenActions, undefined, dtype)), c, "logProb", { Mean, LogStd }, loose);
    const u = p.gaussian.transform(tensor(c.noise, undefined, dtype));
    const { action, logProb } = p.squash(u);
    expectClose(action, c.sampledActions, tolerance, "sampledActions");
    expectValue(logProb, c, "sampledLogProb", { Mean, LogStd }, loose);
    const gradients = backward(sum(action));
    expectClose(gradients.of(Mean), c.dSampledAction_dMean, tolerance, "dSampledAction_dMean");
    expectClose(gradients.of(LogStd), c.dSampledAction_dLogStd, tolerance, "dSampledAction_dLogStd");
    expect(() => p.entropy()).toThrow(/closed form; got "squashed Gaussian"/);
  });
});

it("a wrong rule would be noticed: a log-probability scaled by 1 + 1e-6 fails in float64", () => {
  const c = of("Categorical")[0];
  const Logits = leaf(c.logits, "float64");
  const broken = mul(new Categorical(Logits).logProb(actionsOf(c.actions)), 1 + 1e-6);
  expect(() => expectValue(broken, c, "logProb", { Logits }, 1e-9)).toThrow(/logProb\[0\]/);
});
