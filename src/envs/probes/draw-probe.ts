import { COLORS, disc, fillBox, fillPolygon, ring, scene, strokeLine } from "../drawing.ts";

const SCALE = 90;

/**
 * On the left what is seen, as a pointer on a scale from −1 to 1; in the middle what was done last, as an arrow to the left or
 * to the right; on the right what it gave, as a bar up or down. Above them a dot for every step.
 * @param state steps, coin, last action, its reward, whether there was one
 */
export function drawProbe(canvas: CanvasRenderingContext2D, observation: number, state: Float64Array): void {
  const [steps, , action, reward, hasActed] = state;
  scene(canvas, 500, 300, () => {
    const middle = 170;
    strokeLine(canvas, [90, middle - SCALE, 90, middle + SCALE], COLORS.edge, 6);
    for (const value of [-1, 0, 1])
      strokeLine(canvas, [78, middle - SCALE * value, 102, middle - SCALE * value], COLORS.edge, 4);
    disc(canvas, 90, middle - SCALE * observation, 18, COLORS.carried);
    ring(canvas, 250, middle, 62, COLORS.ground, 6);
    strokeLine(canvas, [380, middle, 460, middle], COLORS.edge, 4);
    for (let t = 0; t < Math.min(steps, 20); t++) disc(canvas, 40 + 22 * t, 30, 7, COLORS.driven);
    if (hasActed === 0) return;
    const [tip, side] = [250 + 52 * action, action < 0 ? 1 : -1];
    strokeLine(canvas, [250 - 40 * action, middle, tip, middle], COLORS.driven, 12);
    fillPolygon(canvas, [tip, middle, tip + 24 * side, middle - 18, tip + 24 * side, middle + 18], COLORS.driven, 4);
    const height = SCALE * Math.min(Math.max(reward, -1), 1);
    fillBox(canvas, 395, middle - Math.max(height, 0), 50, Math.abs(height), height > 0 ? COLORS.gain : COLORS.goal);
  });
}
