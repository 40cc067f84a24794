import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Key } from "../../random/index.ts";
import {
  assertGradients,
  backward,
  concat,
  crossEntropyLoss,
  type FloatType,
  gradcheck,
  huberLoss,
  l1Loss,
  logSoftmax,
  mean,
  mseLoss,
  mul,
  neg,
  parameter,
  perSample,
  pick,
  plan,
  randomNormal,
  randomStream,
  reshape,
  slice,
  sqrt,
  step,
  sum,
  type Tensor,
  tensor,
} from "../../tensor/index.ts";
import { joinParameters } from "../layer.ts";
import { Linear } from "../layers/linear.ts";
import { loadStateDict } from "../state-dict.ts";
import { Gru } from "./gru.ts";
import { Lstm } from "./lstm.ts";
import type { RecurrentLayer } from "./recurrent-layer.ts";

interface TensorJson {
  shape: number[];
  data: number[];
}
interface Case {
  arch: "LSTM" | "GRU";
  inputSize: number;
  hiddenSize: number;
  outputs: number;
  params: Record<string, TensorJson>;
  inputs: Record<"x" | "h0" | "c0", TensorJson>;
  output: TensorJson;
  hiddenSequence: TensorJson;
  finalC?: TensorJson;
  targets: Record<"target" | "labels" | "actions" | "advantages", TensorJson>;
  losses: Record<
    string,
    {
      loss: number;
      grads: Record<string, TensorJson>;
      inputGrads: Record<string, TensorJson>;
      perSampleGradNorm: number[];
    }
  >;
}
const file = new URL("../../../test/fixtures/torch-grads-rnn.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: Case[] };

const kinds = { LSTM: Lstm, GRU: Gru };
const key = Key.fromSeed(11);
const precisions = [
  ["float64", 1e-10],
  ["float32", 1e-4],
] as const;

/** Relative to the largest expected entry, as sums of large terms may be small. */
function expectClose(found: Tensor, expected: ArrayLike<number>, tolerance: number, label: string): void {
  const values = found.toArray();
  expect(values.length, label).toBe(expected.length);
  const scale = 1 + Math.max(...Array.from(expected, Math.abs));
  for (let i = 0; i < values.length; i++) {
    expect(Math.abs(values[i] - expected[i]), `${label}[${i}]`).toBeLessThanOrEqual(tolerance * scale);
  }
}

function build(c: Case, dtype: FloatType) {
  const rnn: RecurrentLayer = new kinds[c.arch]({ inputs: c.inputSize, hidden: c.hiddenSize, key, dtype });
  const head = new Linear({ inputs: c.hiddenSize, outputs: c.outputs, key, dtype });
  const parameters = joinParameters({ rnn, head });
  const saved = Object.entries(c.params).map(([name, { shape, data }]) => {
    return [name, { dtype: "F64", shape, data: Float64Array.from(data) }] as const;
  });
  loadStateDict(parameters, Object.fromEntries(saved));
  const inputs = Object.fromEntries(
    Object.entries(c.inputs).map(([name, t]) => [name, parameter(t.data, t.shape, dtype)]),
  );
  return { rnn, head, parameters, inputs };
}

function lossOf(name: string, y: Tensor, { target, labels, actions, advantages }: Case["targets"]): Tensor {
  const floats = (t: TensorJson) => tensor(t.data, t.shape, y.dtype);
  const integers = (t: TensorJson) => tensor(t.data, t.shape, "int32");
  if (name === "mse") return mseLoss(y, floats(target));
  if (name === "l1") return l1Loss(y, floats(target));
  if (name === "huber") return huberLoss(y, floats(target));
  if (name === "crossEntropy") return crossEntropyLoss(y, integers(labels));
  return neg(mean(mul(pick(logSoftmax(y), integers(actions)), floats(advantages))));
}

describe.each(precisions)("in %s, against PyTorch within %d", (dtype, tolerance) => {
  it.each(cases)("$arch: outputs, final state, every gradient under every loss", (c) => {
    const { rnn, head, parameters, inputs } = build(c, dtype);
    const { x, h0, c0 } = inputs;
    expect(Object.keys(c.losses).length).toBe(5);
    for (const [name, expected] of Object.entries(c.losses)) {
      step(() => {
        const { output, state } = rnn.forward(x, { state: c0 ? { h: h0, c: c0 } : { h: h0 } });
        const y = head.forward(state.h);
        expectClose(output, c.hiddenSequence.data, tolerance, "hiddenSequence");
        if (c.finalC) expectClose(state.c, c.finalC.data, tolerance, "finalC");
        expectClose(y, c.output.data, tolerance, "output");
        const loss = lossOf(name, y, c.targets);
        expectClose(loss, [expected.loss], tolerance, name);
        const gradients = backward(loss);
        for (const [p, g] of Object.entries(expected.grads)) {
          expectClose(gradients.of(parameters[p]), g.data, tolerance, `${name} ${p}`);
        }
        for (const [p, g] of Object.entries(expected.inputGrads)) {
          expectClose(gradients.of(inputs[p]), g.data, tolerance, `${name} ${p}`);
        }
        const batch = x.shape[0];
        const norms = perSample(gradients, Object.values(parameters), { batch, scale: batch }).squaredNorms();
        expectClose(sqrt(norms), expected.perSampleGradNorm, tolerance, `${name} per sample`);
      });
    }
  });
});

const [N, T, IN, H] = [3, 6, 4, 5];
const episodeStarts = [
  [0, 0, 1, 0, 0, 0],
  [1, 0, 0, 0, 1, 1],
  [0, 0, 0, 0, 0, 0],
];
function random(shape: number[], name: string, dtype: FloatType = "float64"): Tensor {
  return parameter(randomNormal(randomStream(key.split(name)), shape, { dtype }).toArray(), shape, dtype);
}
function randomState(kind: keyof typeof kinds): Record<string, Tensor> {
  const h = random([N, H], "h");
  return kind === "LSTM" ? { h, c: random([N, H], "c") } : { h };
}
const make = (kind: keyof typeof kinds, dtype: FloatType = "float64"): RecurrentLayer =>
  new kinds[kind]({ inputs: IN, hidden: H, key, dtype });

/** The same by running every episode by itself, step by step, from zeros where it is not the first of its row. */
function episodeByEpisode(rnn: RecurrentLayer, x: Tensor, state: Record<string, Tensor>): Tensor {
  const rows = episodeStarts.map((starts, n) => {
    const row = slice(x, 0, n, n + 1);
    let now: Record<string, Tensor> = {};
    for (const [name, s] of Object.entries(state)) now[name] = slice(s, 0, n, n + 1);
    const outputs = starts.map((start, t) => {
      if (start === 1) now = { ...rnn.initialState(1) };
      const result = rnn.forward(slice(row, 1, t, t + 1), { state: now });
      now = { ...result.state };
      return result.output;
    });
    return concat(outputs, 1);
  });
  return concat(rows, 0);
}

describe.each(["LSTM", "GRU"] as const)("%s", (kind) => {
  const resets = () => tensor(episodeStarts, undefined, "float64");

  it("with reset masks equals running the episodes one by one, values and gradients", () => {
    const rnn = make(kind);
    const x = random([N, T, IN], "x");
    const state = randomState(kind);
    const weights = random([N, T, H], "weights");
    const leaves = { x, ...state, ...rnn.parameters() };
    const run = (forward: () => Tensor) => {
      const y = forward();
      const gradients = backward(sum(mul(y, weights)));
      return { y, of: Object.values(leaves).map((leaf) => gradients.of(leaf)) };
    };
    const together = run(() => rnn.forward(x, { state, resets: resets() }).output);
    const apart = run(() => episodeByEpisode(rnn, x, state));
    expectClose(together.y, apart.y.toArray(), 1e-13, "output");
    Object.keys(leaves).forEach((name, i) => {
      expectClose(together.of[i], apart.of[i].toArray(), 1e-13, name);
    });
    const without = rnn.forward(x, { state }).output.toArray();
    expect(Math.abs(without[0] - together.y.toArray()[0])).toBe(0);
    expect(Math.abs(without[2 * H] - together.y.toArray()[2 * H])).toBeGreaterThan(1e-3);
  });

  it("passes the gradient check with resets, through output and final state; a gradient that stops at each step does not", () => {
    const rnn = make(kind);
    const x = random([N, T, IN], "x");
    const state = randomState(kind);
    const leaves = [x, ...Object.values(state), ...Object.values(rnn.parameters())];
    const flat = (t: Tensor) => reshape(t, [t.size]);
    const whole = () => {
      const result = rnn.forward(x, { state, resets: resets() });
      return concat([result.output, ...Object.values(result.state)].map(flat));
    };
    assertGradients(whole, leaves);
    const truncated = () => {
      let now: Record<string, Tensor> = state;
      const outputs = Array.from({ length: T }, (_, t) => {
        const result = rnn.forward(slice(x, 1, t, t + 1), { state: now });
        now = Object.fromEntries(Object.entries(result.state).map(([name, s]) => [name, s.view(s.shape)]));
        return result.output;
      });
      return concat(outputs, 1);
    };
    expect(gradcheck(truncated, leaves).ok).toBe(false);
  });

  it("gives the same bits from a plan, and one step at a time", () => {
    const rnn = make(kind, "float32");
    const x = random([N, T, IN], "x", "float32");
    const learn = (input: Tensor) => {
      const { output } = rnn.forward(input);
      const gradients = backward(mean(output));
      return { output, gradient: gradients.of(rnn.parameters().weight_hh_l0) };
    };
    const recorded = plan({ x: { shape: [N, T, IN] } }, (inputs) => learn(inputs.x));
    recorded.inputs.x.set(x.data);
    const eager = learn(x);
    expect(recorded.run().output.toArray()).toEqual(eager.output.toArray());
    expect(recorded.outputs.gradient.toArray()).toEqual(eager.gradient.toArray());
    let state = rnn.initialState(N);
    for (let t = 0; t < T; t++) {
      const result = rnn.forward(slice(x, 1, t, t + 1), { state });
      state = result.state;
      expect(result.output.toArray()).toEqual(slice(eager.output, 1, t, t + 1).toArray());
    }
  });

  it("refuses sequences, masks and states that do not fit", () => {
    const rnn = make(kind);
    const x = random([N, T, IN], "x");
    expect(() => rnn.forward(random([N, IN], "x"))).toThrow(/sequence must be of shape \[N, T, 4\]/);
    const transposed = tensor(Array(N * T).fill(0), [T, N], "float64");
    expect(() => rnn.forward(x, { resets: transposed })).toThrow(/resets must be of shape \[3,6\] and float64/);
    const h = random([N, H + 1], "h");
    expect(() => rnn.forward(x, { state: { ...rnn.initialState(N), h } })).toThrow(/state h must be of shape \[3,5\]/);
    expect(() => new kinds[kind]({ inputs: 0, hidden: 3, key })).toThrow(/inputs must be a positive integer; got 0/);
  });
});
