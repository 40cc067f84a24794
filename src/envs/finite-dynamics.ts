import { Random } from "../random/index.ts";
import { Discrete } from "../spaces/index.ts";
import type { DynamicsWithIndices } from "./dynamics.ts";
import type { FiniteMdp } from "./finite-mdp.ts";

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
  const { first, rest, probabilities, successors, outcomeRewards, ends } = tablesOf(mdp);
  const drawStart = startOf(mdp.initial);
  /** `[N]` the outcome of each environment; those that have several, and a random number for each of these. */
  let outcomes = new Int32Array(0);
  let undecided = new Int32Array(0);
  let draws = new Float64Array(0);
  const allowed =
    allows &&
    Uint8Array.from({ length: mdp.states * actions }, (_, row) => +allows(Math.floor(row / actions), row % actions));
  return {
    stateSize: 1,
    observationSpace: new Discrete(mdp.states),
    actionSpace: new Discrete(actions),
    model: mdp,
    deterministic: probabilities.length === mdp.states * actions && Array.from(mdp.initial).includes(1),

    start(states, offset, random): void {
      states[offset] = drawStart(random);
    },

    advance(states, chosen, rewards, terminated, count, randoms): void {
      if (outcomes.length < count) {
        outcomes = new Int32Array(count);
        undecided = new Int32Array(count);
        draws = new Float64Array(count);
      }
      let open = 0;
      for (let n = 0; n < count; n++) {
        const i = first[states[n] * actions + chosen[n]];
        outcomes[n] = i;
        // What cannot go otherwise draws no random number.
        if (rest[i] > 0) undecided[open++] = n;
      }
      Random.uniformOfEach(randoms, undecided, open, draws);
      for (let k = 0; k < open; k++) {
        const n = undecided[k];
        outcomes[n] = select(probabilities, outcomes[n], rest[outcomes[n]], draws[k]);
      }
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

/**
 * Which of the outcomes `from` … `from + rest` the uniform number u selects: the first whose running sum exceeds it, or the
 * last. Nothing branches: which outcome it will be cannot be predicted, and a wrong guess costs more than all turns of the loop.
 */
function select(probabilities: Float64Array, from: number, rest: number, u: number): number {
  let left = u - probabilities[from];
  let i = from;
  for (let k = 1; k <= rest; k++) {
    // 0 where `left`, which lies between −1 and 1, is negative, else 1.
    i += 1 + Math.floor(left);
    left -= probabilities[from + k];
  }
  return i;
}

/** Draws the first state of an episode; where there is only one, without a random number. */
function startOf(initial: ArrayLike<number>): (random: Random) => number {
  const states = Array.from(initial, (_, state) => state).filter((state) => initial[state] !== 0);
  if (states.length === 1) return () => states[0];
  const probabilities = states.map((state) => initial[state]);
  return (random) => states[random.categorical(probabilities)];
}

/** All outcomes behind one another: those of state s and action a begin at `first[s · A + a]`, and `rest` says how many follow. */
function tablesOf({ states, actions, outcomes }: FiniteMdp) {
  const rows = Array.from({ length: states * actions }, (_, row) => outcomes(Math.floor(row / actions), row % actions));
  const first = new Int32Array(rows.length);
  for (let row = 1; row < rows.length; row++) first[row] = first[row - 1] + rows[row - 1].length;
  const all = rows.flat();
  return {
    first,
    rest: Int32Array.from(rows.flatMap((row) => row.map((_, i) => row.length - 1 - i))),
    probabilities: Float64Array.from(all, ({ probability }) => probability),
    successors: Int32Array.from(all, ({ state }) => state),
    outcomeRewards: Float64Array.from(all, ({ reward }) => reward),
    ends: Uint8Array.from(all, ({ terminated }) => +terminated),
  };
}
