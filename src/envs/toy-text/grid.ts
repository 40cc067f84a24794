/** Cells of a grid, numbered row by row as in Gymnasium's toy text. */

export interface Grid {
  readonly rows: number;
  readonly columns: number;
}

/** Rows down and columns to the right. */
export type Direction = readonly [down: number, right: number];

export const UP: Direction = [-1, 0];
export const RIGHT: Direction = [0, 1];
export const DOWN: Direction = [1, 0];
export const LEFT: Direction = [0, -1];

/** The cell next to `cell`; at the edge of the grid one stays. */
export function neighbour({ rows, columns }: Grid, cell: number, [down, right]: Direction): number {
  const row = Math.min(Math.max(Math.floor(cell / columns) + down, 0), rows - 1);
  const column = Math.min(Math.max((cell % columns) + right, 0), columns - 1);
  return row * columns + column;
}

/** On ice an action may turn into the one before or after it, which is at a right angle: the three in Gymnasium's order. */
export function slips(action: number): readonly [before: number, meant: number, after: number] {
  return [(action + 3) % 4, action, (action + 1) % 4];
}
