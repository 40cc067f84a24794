/** What the drawings of grids share: the lines between cells, and who walks on them. */

import { COLORS, disc, fillPolygon, strokeLine } from "../drawing.ts";
import type { Grid } from "./grid.ts";

/** Side of a cell. */
export const CELL = 100;

/** Column and row of a cell's centre, in the coordinates of the drawing. */
export function centreOf({ columns }: Grid, cell: number): { x: number; y: number } {
  return { x: ((cell % columns) + 0.5) * CELL, y: (Math.floor(cell / columns) + 0.5) * CELL };
}

export function drawLattice(canvas: CanvasRenderingContext2D, { rows, columns }: Grid): void {
  for (let r = 0; r <= rows; r++) strokeLine(canvas, [0, r * CELL, columns * CELL, r * CELL], COLORS.edge, 2);
  for (let c = 0; c <= columns; c++) strokeLine(canvas, [c * CELL, 0, c * CELL, rows * CELL], COLORS.edge, 2);
}

/** Someone in a coat and a pointed hat. */
export function drawWalker(canvas: CanvasRenderingContext2D, x: number, y: number): void {
  fillPolygon(canvas, [x - 22, y + 34, x + 22, y + 34, x, y - 12], COLORS.driven, 6);
  disc(canvas, x, y - 12, 15, COLORS.carried);
  fillPolygon(canvas, [x - 15, y - 18, x + 15, y - 18, x + 4, y - 42], COLORS.driven, 4);
  disc(canvas, x + 4, y - 42, 5, COLORS.goal);
}

/** A flag on a pole. */
export function drawFlag(canvas: CanvasRenderingContext2D, x: number, y: number): void {
  fillPolygon(canvas, [x - 14, y - 34, x + 26, y - 20, x - 14, y - 6], COLORS.goal, 3);
  strokeLine(canvas, [x - 14, y - 36, x - 14, y + 34], COLORS.ink, 6);
}
