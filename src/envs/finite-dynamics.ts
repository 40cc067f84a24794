import { Random } from "../random/index.ts";
import { Discrete } from "../spaces/index.ts";
import type { DynamicsWithIndices } from "./dynamics.ts";
import type { FiniteMdp, Outcome } from "./finite-mdp.ts";

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
  const { first, rest, limits, successors, outcomeRewards, ends } = tablesOf(mdp);
  const drawStart = startOf(mdp.initial);
  /** `[N]` the first outcome that each environment may have. */
  let firsts = new Int32Array(0);
  /** Those that may have others, and a random number for each: `draws[n]` is that of environment n. */
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
    deterministic: successors.length === mdp.states * actions && Array.from(mdp.initial).includes(1),

    start(states, offset, random): void {
      states[offset] = drawStart(random);
    },

    advance(states, chosen, rewards, terminated, count, randoms): void {
      if (firsts.length < count) {
        firsts = new Int32Array(count);
        undecided = new Int32Array(count);
        draws = new Float64Array(count);
      }
      let open = 0;
      for (let n = 0; n < count; n++) {
        const i = first[states[n] * actions + chosen[n]];
        firsts[n] = i;
        // What cannot go otherwise draws no random number.
        if (rest[i] > 0) undecided[open++] = n;
      }
      Random.uniformOfEach(randoms, undecided, open, draws);
      for (let n = 0; n < count; n++) {
        const from = firsts[n];
        const others = rest[from];
        const u = draws[n];
        // The first outcome whose limit is above u. Nothing branches: which one it will be cannot be predicted, and a wrong
        // guess costs more than all turns of the loop. The floor is −1 below the limit, else 0.
        let i = from;
        for (let k = 0; k < others; k++) i += 1 + Math.floor(u - limits[from + k]);
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

/**
 * All outcomes behind one another: those of state s and action a begin at `first[s · A + a]`, and `rest` says how many follow. A
 * uniform number below an outcome's limit, but not below those before it, selects it; the last one of a row takes the rest.
 */
function tablesOf({ states, actions, outcomes }: FiniteMdp) {
  const rows = Array.from({ length: states * actions }, (_, row) => outcomes(Math.floor(row / actions), row % actions));
  const first = new Int32Array(rows.length);
  for (let row = 1; row < rows.length; row++) first[row] = first[row - 1] + rows[row - 1].length;
  const all = rows.flat();
  return {
    first,
    rest: Int32Array.from(rows.flatMap((row) => row.map((_, i) => row.length - 1 - i))),
    limits: Float64Array.from(rows.flatMap(runningSums)),
    successors: Float64Array.from(all, ({ state }) => state),
    outcomeRewards: Float64Array.from(all, ({ reward }) => reward),
    ends: Uint8Array.from(all, ({ terminated }) => +terminated),
  };
}

function runningSums(outcomes: readonly Outcome[]): number[] {
  let sum = 0;
  return outcomes.map(({ probability }) => {
    sum += probability;
    return sum;
  });
}
