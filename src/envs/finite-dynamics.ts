import type { Random, Streams } from "../random/index.ts";
import { Discrete } from "../spaces/index.ts";
import { persistent, plan, randomOutcomes } from "../tensor/index.ts";
import type { DynamicsWithIndices } from "./dynamics.ts";
import type { FiniteMdp, Outcome } from "./finite-mdp.ts";

/** From about as many draws on the kernel is faster than one by one; among 128 a step takes a third of the time. */
const MANY = 8;

/** How it draws one of its states, as `Dynamics.draw` with the state's number. */
export type DrawState = (canvas: CanvasRenderingContext2D, state: number) => void;

/** What plays a table shows the table. */
export type FiniteDynamics = DynamicsWithIndices<number> & { readonly model: FiniteMdp };

/**
 * Plays a finite Markov decision process: the state's number is what is observed.
 * @param allows which actions a mask allows in a state; left out, there is no mask
 */
export function finiteDynamics(
  mdp: FiniteMdp,
  draw: DrawState,
  allows?: (state: number, action: number) => boolean,
): FiniteDynamics {
  const { actions } = mdp;
  const tables = tablesOf(mdp);
  const { successors, outcomeRewards, ends } = tables;
  const drawStart = startOf(mdp.initial);
  const drawOutcomes = outcomesOf(tables);
  /** `[N]` the row of the tables that each environment is in. */
  let rows = new Int32Array(0);
  const allowed =
    allows &&
    Uint8Array.from({ length: mdp.states * actions }, (_, row) => +allows(Math.floor(row / actions), row % actions));
  return {
    stateSize: 1,
    observationSpace: new Discrete(mdp.states),
    actionSpace: new Discrete(actions),
    model: mdp,
    deterministic: successors.length === mdp.states * actions && Array.from(mdp.initial).includes(1),

    start(states, offset, random): void {
      states[offset] = drawStart(random);
    },

    advance(states, chosen, rewards, terminated, count, streams): void {
      if (rows.length !== count) rows = new Int32Array(count);
      for (let n = 0; n < count; n++) rows[n] = states[n] * actions + chosen[n];
      const outcomes = drawOutcomes(rows, streams);
      for (let n = 0; n < count; n++) {
        const i = outcomes[n];
        states[n] = successors[i];
        rewards[n] = outcomeRewards[i];
        terminated[n] = ends[i];
      }
    },

    observeIndices(states, indices, from, to): void {
      for (let n = from; n < to; n++) indices[n] = states[n];
    },

    ...(allowed && {
      writeMasks(states, masks, from, to) {
        for (let n = from; n < to; n++) {
          const row = states[n] * actions;
          for (let a = 0; a < actions; a++) masks[n * actions + a] = allowed[row + a];
        }
      },
    }),

    draw: (canvas, state) => draw(canvas, state[0]),
  };
}

/** Draws the first state of an episode; where there is only one, without a random number. */
function startOf(initial: ArrayLike<number>): (random: Random) => number {
  const states = Array.from(initial, (_, state) => state).filter((state) => initial[state] !== 0);
  if (states.length === 1) return () => states[0];
  const probabilities = states.map((state) => initial[state]);
  return (random) => states[random.categorical(probabilities)];
}

/** Draws one of the outcomes of each row, `[N]`, with a uniform number of its stream; where there is but one, without. */
function outcomesOf({ first, limits }: Tables): (rows: Int32Array, streams: Streams) => Int32Array {
  // Each row has but one.
  if (limits.length === first.length - 1) return (rows) => rows;
  let drawn = new Int32Array(0);
  let drawing: ReturnType<typeof planOutcomes> | undefined;
  return (rows, streams) => {
    const { length } = rows;
    if (length < MANY) {
      if (drawn.length !== length) drawn = new Int32Array(length);
      for (let n = 0; n < length; n++) {
        let i = first[rows[n]];
        const last = first[rows[n] + 1] - 1;
        if (i < last) for (const u = streams.each[n].uniform(); i < last && u >= limits[i]; ) i++;
        drawn[n] = i;
      }
      return drawn;
    }
    if (drawing?.outputs.size !== length) drawing = planOutcomes(first, limits, length);
    drawing.inputs.streams.set(streams.states);
    drawing.inputs.rows.set(rows);
    const outcomes = drawing.run().data as Int32Array;
    streams.states.set(drawing.inputs.streams.data);
    return outcomes;
  };
}

/** The same draws from all streams at once. */
function planOutcomes(first: Int32Array, limits: Float64Array, count: number) {
  const table = [
    persistent([first.length], "int32").set(first),
    persistent([limits.length], "float64").set(limits),
  ] as const;
  return plan(
    { streams: { shape: [count, 4], dtype: "int32" }, rows: { shape: [count], dtype: "int32" } },
    ({ streams, rows }) => randomOutcomes(streams, ...table, rows),
  );
}

/**
 * All outcomes behind one another: those of row s · A + a, which is state s and action a, are `first[row]` … `first[row + 1] − 1`. A
 * uniform number below an outcome's limit, but not below those before it, selects it; the last one of a row takes the rest.
 */
function tablesOf({ states, actions, outcomes }: FiniteMdp) {
  const rows = Array.from({ length: states * actions }, (_, row) => outcomes(Math.floor(row / actions), row % actions));
  const first = new Int32Array(rows.length + 1);
  for (let row = 0; row < rows.length; row++) first[row + 1] = first[row] + rows[row].length;
  const all = rows.flat();
  return {
    first,
    limits: Float64Array.from(rows.flatMap(runningSums)),
    successors: Float64Array.from(all, ({ state }) => state),
    outcomeRewards: Float64Array.from(all, ({ reward }) => reward),
    ends: Uint8Array.from(all, ({ terminated }) => +terminated),
  };
}

type Tables = ReturnType<typeof tablesOf>;

function runningSums(outcomes: readonly Outcome[]): number[] {
  let sum = 0;
  return outcomes.map(({ probability }) => {
    sum += probability;
    return sum;
  });
}
