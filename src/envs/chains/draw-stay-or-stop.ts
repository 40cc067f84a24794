import { COLORS, disc, fillPolygon, ring, scene, strokeLine } from "../drawing.ts";

/** Two rooms: the one with a loop through which one comes back, and the end; the agent is the dot. */
export function drawStayOrStop(canvas: CanvasRenderingContext2D, state: number): void {
  scene(canvas, 500, 300, () => {
    const [left, right, y] = [150, 370, 170];
    ring(canvas, left, y - 70, 45, COLORS.gain, 6);
    fillPolygon(canvas, [left + 50, y - 50, left + 28, y - 62, left + 52, y - 78], COLORS.gain, 3);
    strokeLine(canvas, [left, y, right, y], COLORS.edge, 6);
    fillPolygon(canvas, [right - 58, y - 16, right - 40, y, right - 58, y + 16], COLORS.edge, 4);
    disc(canvas, left, y, 45, COLORS.ground);
    disc(canvas, right, y, 45, COLORS.ground);
    ring(canvas, left, y, 45, COLORS.gain, 5);
    ring(canvas, right, y, 45, COLORS.goal, 5);
    disc(canvas, state === 0 ? left : right, y, 24, COLORS.driven);
  });
}
