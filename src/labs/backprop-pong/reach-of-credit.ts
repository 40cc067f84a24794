/**
 * How far back credit reaches in a network with a memory: ‖∂L/∂x_{T−k}‖ of a loss after step T, by k. Each step back multiplies by
 * the derivative of one state by the one before (Bengio et al. 1994; Hochreiter & Schmidhuber 1997): where that shrinks the gradient
 * vanishes geometrically, and an open forget gate makes it close to 1. Truncated backpropagation through time stops after a window.
 */
import { Gru, Lstm, type RecurrentLayer, type RecurrentState } from "../../nn/index.ts";
import type { Key } from "../../random/index.ts";
import {
  backward,
  mul,
  noGrad,
  parameter,
  randomNormal,
  randomStream,
  reshape,
  slice,
  step,
  sum,
  type Tensor,
  tensor,
} from "../../tensor/index.ts";
import { isBelow, type Measured, neverExceeds } from "../claims.ts";
import { intervalOf } from "../interval.ts";
import type { Part } from "../lab.ts";
import { curve, lines } from "../learning-curve.ts";
import { log10 } from "../log10.ts";
import { PlainRnn } from "./plain-rnn.ts";

const STEPS = 41;
const ROWS = 8;
export const HIDDEN = 16;
const WINDOW = 10;
/** Of the bias of a forget gate: the gate is then at 0.95. */
const OPEN = 3;
const RATES = [0.8, 1, 1.1];

type Make = (key: Key) => RecurrentLayer;

export const memories: Readonly<Record<string, Make>> = {
  plain: (key) => new PlainRnn({ inputs: 1, hidden: HIDDEN, key }),
  GRU: (key) => new Gru({ inputs: 1, hidden: HIDDEN, key, dtype: "float64" }),
  LSTM: (key) => new Lstm({ inputs: 1, hidden: HIDDEN, key, dtype: "float64" }),
  "LSTM, open": (key) => openLstm(1, key),
};

/** An LSTM that begins with forget gates that keep nearly everything (Gers et al. 2000; Jozefowicz et al. 2015). */
export function openLstm(inputs: number, key: Key): Lstm {
  const lstm = new Lstm({ inputs, hidden: HIDDEN, key, dtype: "float64" });
  // Gates in the order input, forget, cell, output.
  lstm.parameters().bias_ih_l0!.data.fill(OPEN, HIDDEN, 2 * HIDDEN);
  return lstm;
}

/** Lets the steps before the last `window` be seen, and passes no gradient to them. */
export type Truncate = (layer: RecurrentLayer, x: Tensor, window: number) => Tensor;

export const truncated: Truncate = (layer, x, window) => {
  const steps = x.shape[1]!;
  const early = Math.max(steps - window, 0);
  const state = early === 0 ? undefined : noGrad(() => layer.forward(slice(x, 1, 0, early)).state);
  const { output } = layer.forward(slice(x, 1, early, steps), { state: state as RecurrentState });
  return slice(output, 1, steps - early - 1, steps - early);
};

/** @param truncate a test may give one that does not */
export function reachOfCredit(key: Key, repetitions: number, truncate = truncated): Part {
  const found = Object.entries(memories).map(([name, make]) => ({
    name,
    norms: Array.from({ length: repetitions }, (_, i) => {
      const own = key.split(name, i);
      return normsByDistance(make(own), STEPS, own.split("input"), truncate);
    }),
  }));
  const cut = Array.from({ length: repetitions }, (_, i) => {
    const own = key.split("GRU", i);
    return normsByDistance(memories.GRU!(own), WINDOW, own.split("input"), truncate);
  });
  const whole = found.find(({ name }) => name === "GRU")!.norms;
  const rates = RATES.map((rate) => ({ rate, found: normsOfLinear(rate, key.split("rate")) }));
  const distances = Array.from({ length: STEPS }, (_, k) => k);
  const relative = (run: readonly number[]) => run.map((norm) => log10(norm / run[0]!));
  const last = (name: string): Measured => ({
    name: `log₁₀ for ${name}`,
    values: found.find((one) => one.name === name)!.norms.map((run) => relative(run).at(-1)!),
  });
  return {
    tables: [
      {
        title: "log₁₀ of the gradient by an input k steps before the loss, over that by the last input",
        columns: ["k = 10", "k = 20", "k = 40"],
        rows: found.map(({ name, norms }) => ({
          name,
          cells: [10, 20, 40].map((k) => intervalOf(norms.map((run) => relative(run)[k]!))),
        })),
      },
    ],
    charts: [
      lines(
        {
          title: "How far back credit reaches, before anything is learned",
          x: "steps before the loss",
          y: "log₁₀ of the gradient by the input",
        },
        found.map(({ name, norms }) => curve(name, distances, norms.map(relative))),
        "free",
      ),
    ],
    claims: [
      neverExceeds(
        "Of a state that is multiplied by ρ in each step the gradient k steps back is ρᵏ",
        rates.map(({ rate, found }) => ({ name: `relative error for ρ = ${rate}`, values: found })),
        1e-12,
      ),
      isBelow(
        `Credit dies away sooner in a plain network than in an LSTM (k = ${STEPS - 1})`,
        last("plain"),
        last("LSTM"),
      ),
      isBelow("Open forget gates carry it farther", last("LSTM"), last("LSTM, open")),
      neverExceeds(
        `With backpropagation truncated after ${WINDOW} steps it is exactly 0 beyond them`,
        [{ name: "‖gradient‖ beyond the window", values: cut.flatMap((run) => run.slice(WINDOW)) }],
        0,
      ),
      neverExceeds(
        "And within them what it was",
        [
          {
            name: "relative distance",
            values: cut.flatMap((run, i) => run.slice(0, WINDOW).map((norm, k) => Math.abs(norm / whole[i]![k]! - 1))),
          },
        ],
        1e-9,
      ),
    ],
  };
}

/** ‖∂L/∂x_{T−k}‖ for each k, of a random linear loss of the last output. */
function normsByDistance(layer: RecurrentLayer, window: number, key: Key, truncate: Truncate): number[] {
  return step(() => {
    const stream = randomStream(key);
    const numbers = randomNormal(stream, [ROWS, STEPS, 1], { dtype: "float64" });
    const x = parameter(numbers.data, numbers.shape, "float64");
    const last = truncate(layer, x, window);
    const loss = sum(mul(reshape(last, [ROWS, -1]), randomNormal(stream, [ROWS, layer.hidden], { dtype: "float64" })));
    const gradient = backward(loss).of(x).data;
    return Array.from({ length: STEPS }, (_, k) => {
      let squares = 0;
      for (let i = STEPS - 1 - k; i < gradient.length; i += STEPS) squares += gradient[i]! * gradient[i]!;
      return Math.sqrt(squares);
    });
  });
}

/** How far off ρᵏ, relatively, for each k: a plain network at rest, where tanh has slope 1, with U = ρ I. */
function normsOfLinear(rate: number, key: Key): number[] {
  const identity = ([n]: readonly number[]) =>
    Float64Array.from({ length: n! * n! }, (_, i) => (i % (n! + 1) === 0 ? rate : 0));
  const layer = new PlainRnn({ inputs: 1, hidden: HIDDEN, key, recurrentInit: (shape) => identity(shape) });
  layer.parameters().bias_l0!.data.fill(0);
  return step(() => {
    const x = parameter(new Float64Array(STEPS), [1, STEPS, 1], "float64");
    const { state } = layer.forward(x);
    const direction = tensor(layer.parameters().weight_ih_l0!.toArray(), [1, HIDDEN], "float64");
    const gradient = backward(sum(mul(state.h, direction)))
      .of(x)
      .toArray();
    let expected = gradient.at(-1)!;
    return Array.from({ length: STEPS }, (_, k) => {
      const error = Math.abs(gradient[STEPS - 1 - k]! / expected - 1);
      expected *= rate;
      return error;
    });
  });
}
