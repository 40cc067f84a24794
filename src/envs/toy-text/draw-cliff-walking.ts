import { COLORS, fillBox, fillPolygon, ring, scene } from "../drawing.ts";
import { CELL, centreOf, drawFlag, drawLattice, drawWalker } from "./draw-cells.ts";

const GRID = { rows: 4, columns: 12 };

/** The plateau from above, the cliff along its lower edge between start and goal. */
export function drawCliffWalking(canvas: CanvasRenderingContext2D, state: number): void {
  scene(canvas, GRID.columns * CELL, GRID.rows * CELL, () => {
    fillBox(canvas, 0, 0, GRID.columns * CELL, GRID.rows * CELL, COLORS.ground);
    drawLattice(canvas, GRID);
    drawCliff(canvas);
    const start = centreOf(GRID, 36);
    ring(canvas, start.x, start.y + 6, 38, COLORS.edge, 4);
    const goal = centreOf(GRID, 47);
    drawFlag(canvas, goal.x, goal.y);
    const { x, y } = centreOf(GRID, state);
    drawWalker(canvas, x, y);
  });
}

/** An abyss with a jagged edge. */
function drawCliff(canvas: CanvasRenderingContext2D): void {
  const [left, right, top, bottom] = [CELL, 11 * CELL, 3 * CELL, 4 * CELL];
  const edge: number[] = [];
  for (let x = left, k = 0; x <= right; x += 25, k++) edge.push(x, top + (k % 2 === 0 ? 6 : 18 + 5 * (k % 3)));
  fillBox(canvas, left, top, right - left, bottom - top, COLORS.edge);
  fillPolygon(canvas, [...edge, right, bottom, left, bottom], COLORS.ink);
}
