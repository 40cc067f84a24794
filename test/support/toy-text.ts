import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { FiniteMdp, Outcome } from "../../src/envs/index.ts";

const read = (name: string) =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url)), "utf8"));

interface StoredTable {
  readonly envId: string;
  readonly kwargs: object;
  readonly numStates: number;
  readonly numActions: number;
  readonly transitions?: [number, number, number, 0 | 1][][][];
  readonly nextState: number[][];
  readonly reward: number[][];
  readonly done: (0 | 1)[][];
  readonly initialStateDistribution: { states: number[]; probabilities: number[] };
}

/** Exact values of one environment, from dp-values.json. */
export interface ExactValues {
  readonly envId: string;
  readonly kwargs: object;
  readonly gamma: number;
  readonly optimalV: number[];
  readonly optimalQ: number[][];
  readonly greedyActions: number[][];
  readonly optimalValueAtStart: number;
  readonly greedyPolicyValueAtStart: number;
  readonly uniformRandomPolicyV: number[];
  readonly uniformRandomPolicyValueAtStart: number;
}

export const exactValues: readonly ExactValues[] = read("dp-values.json").cases;
const tables: readonly StoredTable[] = read("gymnasium-toytext.json").cases;

/** Gymnasium's own table of an environment with the given options. */
export function storedMdp(envId: string, kwargs: object): FiniteMdp {
  const found = tables.find(
    (table) => table.envId === envId && JSON.stringify(table.kwargs) === JSON.stringify(kwargs),
  )!;
  const { numStates, numActions, initialStateDistribution: first } = found;
  const initial = new Float64Array(numStates);
  first.states.forEach((state, i) => {
    initial[state] = first.probabilities[i];
  });
  const outcomes = Array.from({ length: numStates * numActions }, (_, i): Outcome[] => {
    const [s, a] = [Math.floor(i / numActions), i % numActions];
    const rows = found.transitions?.[s][a] ?? [[1, found.nextState[s][a], found.reward[s][a], found.done[s][a]]];
    return rows.map(([probability, state, reward, done]) => ({ probability, state, reward, terminated: done === 1 }));
  });
  return {
    states: numStates,
    actions: numActions,
    initial,
    outcomes: (state, action) => outcomes[state * numActions + action],
  };
}
