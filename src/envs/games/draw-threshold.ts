import { COLORS, disc, scene, strokeLine } from "../drawing.ts";

/** The reward over the action, and where the last action lies on it. @param state last action + 1, its reward */
export function drawThreshold(
  canvas: CanvasRenderingContext2D,
  reward: (action: number) => number,
  [last, gained]: ArrayLike<number> & Iterable<number>,
): void {
  scene(canvas, 500, 300, () => {
    const x = (action: number) => 50 + 400 * action;
    const y = (value: number) => 150 - 100 * value;
    strokeLine(canvas, [x(0), y(0), x(1), y(0)], COLORS.ground, 4);
    strokeLine(canvas, [x(0.5), y(-1.2), x(0.5), y(1.2)], COLORS.ground, 4);
    const curve: number[] = [];
    for (let k = 0; k <= 200; k++) curve.push(x(k / 200), y(reward(k / 200)));
    strokeLine(canvas, curve, COLORS.edge, 5);
    if (last > 0) disc(canvas, x(last - 1), y(gained), 16, gained > 0 ? COLORS.gain : COLORS.goal);
  });
}
