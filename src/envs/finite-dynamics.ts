import type { Random } from "../random/index.ts";
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
  const { first, probabilities, successors, outcomeRewards, ends } = tablesOf(mdp);
  const { initial } = mdp;
  const onlyStart = Array.from(initial).indexOf(1);
  const allowed =
    allows &&
    Uint8Array.from({ length: mdp.states * actions }, (_, row) => +allows(Math.floor(row / actions), row % actions));
  return {
    stateSize: 1,
    observationSpace: new Discrete(mdp.states),
    actionSpace: new Discrete(actions),
    model: mdp,
    deterministic: probabilities.length === mdp.states * actions && onlyStart >= 0,

    start(states, offset, random): void {
      // What cannot go otherwise draws no random number.
      states[offset] = onlyStart < 0 ? random.categorical(initial) : onlyStart;
    },

    advance(states, chosen, rewards, terminated, count, randoms): void {
      for (let n = 0; n < count; n++) {
        const row = states[n] * actions + chosen[n];
        let i = first[row];
        const last = first[row + 1] - 1;
        if (i < last) i = select(probabilities, i, last, randoms[n]);
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

function select(probabilities: Float64Array, from: number, last: number, random: Random): number {
  let left = random.uniform() - probabilities[from];
  let i = from;
  while (left >= 0 && i < last) left -= probabilities[++i];
  return i;
}

/** All outcomes behind one another; those of state s and action a begin at `first[s · A + a]`. */
function tablesOf({ states, actions, outcomes }: FiniteMdp) {
  const rows = Array.from({ length: states * actions }, (_, row) => outcomes(Math.floor(row / actions), row % actions));
  const first = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => {
    first[i + 1] = first[i] + row.length;
  });
  const all = rows.flat();
  return {
    first,
    probabilities: Float64Array.from(all, ({ probability }) => probability),
    successors: Int32Array.from(all, ({ state }) => state),
    outcomeRewards: Float64Array.from(all, ({ reward }) => reward),
    ends: Uint8Array.from(all, ({ terminated }) => +terminated),
  };
}
