import { COLORS, disc, fillPolygon, scene, strokeLine } from "../drawing.ts";

/** The maze from above, the goal at one of its ends, the sign while it can be seen, and the walker. */
export function drawTMaze(canvas: CanvasRenderingContext2D, corridorLength: number, state: Float64Array): void {
  const [position, goal, turned] = state;
  scene(canvas, 600, 300, () => {
    const [left, right, middle] = [60, 540, 150];
    const x = left + ((right - left) * position) / corridorLength;
    strokeLine(canvas, [left, middle, right, middle], COLORS.ground, 56);
    strokeLine(canvas, [right, middle - 100, right, middle + 100], COLORS.ground, 56);
    disc(canvas, right, middle - 100 * goal, 18, COLORS.goal);
    // Faint once it is behind: it is no longer seen.
    const sign = position === 0 ? COLORS.carried : COLORS.edge;
    const tip = middle - 62 * goal;
    fillPolygon(canvas, [left - 14, tip + 20 * goal, left + 14, tip + 20 * goal, left, tip], sign, 4);
    const y = turned === 0 ? middle : middle - 60 * goal * turned;
    disc(canvas, x, y, 18, COLORS.driven);
  });
}
