import { COLORS, disc, fillBox, ring, scene, strokeLine } from "../drawing.ts";
import { CELL, centreOf, drawLattice, drawWalker } from "./draw-cells.ts";

/** The lake from above: ice, holes, a parcel at the goal, and the elf; in a hole only his hat is seen. */
export function drawFrozenLake(canvas: CanvasRenderingContext2D, map: readonly string[], state: number): void {
  const grid = { rows: map.length, columns: map[0].length };
  scene(canvas, grid.columns * CELL, grid.rows * CELL, () => {
    fillBox(canvas, 0, 0, grid.columns * CELL, grid.rows * CELL, COLORS.ground);
    drawLattice(canvas, grid);
    [...map.join("")].forEach((kind, cell) => {
      const { x, y } = centreOf(grid, cell);
      if (kind === "H") drawHole(canvas, x, y);
      else drawIce(canvas, x, y);
      if (kind === "S") ring(canvas, x, y + 6, 38, COLORS.edge, 4);
      if (kind === "G") drawParcel(canvas, x, y);
    });
    const { x, y } = centreOf(grid, state);
    if (map.join("")[state] !== "H") return drawWalker(canvas, x, y);
    drawWalker(canvas, x, y + 12);
    // Water up to the neck.
    disc(canvas, x, y + 34, 30, COLORS.danger);
  });
}

function drawHole(canvas: CanvasRenderingContext2D, x: number, y: number): void {
  disc(canvas, x, y + 4, 38, COLORS.edge);
  disc(canvas, x, y + 8, 35, COLORS.danger);
}

/** Two glints. */
function drawIce(canvas: CanvasRenderingContext2D, x: number, y: number): void {
  strokeLine(canvas, [x - 34, y - 16, x - 16, y - 34], COLORS.paper, 6);
  strokeLine(canvas, [x + 18, y + 36, x + 36, y + 18], COLORS.paper, 6);
}

function drawParcel(canvas: CanvasRenderingContext2D, x: number, y: number): void {
  fillBox(canvas, x - 28, y - 14, 56, 46, COLORS.goal);
  fillBox(canvas, x - 6, y - 14, 12, 46, COLORS.carried);
  fillBox(canvas, x - 28, y + 2, 56, 12, COLORS.carried);
  strokeLine(canvas, [x - 20, y - 32, x, y - 14, x + 20, y - 32], COLORS.carried, 7);
}
