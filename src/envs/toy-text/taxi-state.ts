/** The map of Taxi, and its state as one number. */

import type { Grid } from "./grid.ts";

export const GRID: Grid = { rows: 5, columns: 5 };

/** Cells of the four places: red, green, yellow, blue. */
export const PLACES: readonly number[] = [0, 4, 20, 23];

/** The passenger's place while he rides. */
export const IN_TAXI = 4;

export const STATES = 500;

/** Cells with a wall on their right, besides the outer wall. */
const WALLS = new Set([1, 6, 15, 20, 17, 22]);

export interface TaxiState {
  readonly cell: number;
  /** 0 … 3 the place at which he waits, or IN_TAXI. */
  readonly passenger: number;
  /** 0 … 3 */
  readonly destination: number;
}

export function isWallRightOf(cell: number): boolean {
  return WALLS.has(cell);
}

export function stateOfTaxi(cell: number, passenger: number, destination: number): number {
  return (cell * 5 + passenger) * 4 + destination;
}

export function readTaxiState(state: number): TaxiState {
  const rest = Math.floor(state / 4);
  return { cell: Math.floor(rest / 5), passenger: rest % 5, destination: state % 4 };
}
