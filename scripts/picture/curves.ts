import { beginPlot, path, RULE, tickBelow, tickLeft } from "./frame.ts";

/** One line per curve of points [step, return]. */
export function drawCurves(
  canvas: CanvasRenderingContext2D,
  curves: readonly (readonly number[][])[],
  { steps, highest }: { steps: number; highest: number },
): void {
  const frame = beginPlot(canvas);
  const { left, right, top, bottom } = frame;
  const x = (step: number) => left + (Math.min(step, steps) / steps) * (right - left);
  const y = (value: number) => bottom - (value / highest) * (bottom - top);
  canvas.strokeStyle = RULE;
  canvas.lineWidth = 1;
  for (let value = 0; value <= highest; value += 100) {
    path(canvas, [
      [left, y(value)],
      [right, y(value)],
    ]);
    tickLeft(canvas, frame, y(value), String(value));
  }
  for (let part = 0; part <= 4; part++) {
    tickBelow(canvas, frame, x((part * steps) / 4), part === 0 ? "0" : `${(part * steps) / 4000}k`);
  }
  canvas.lineWidth = 2;
  canvas.lineJoin = "round";
  canvas.strokeStyle = "#1f5673";
  canvas.globalAlpha = 0.75;
  for (const curve of curves)
    path(
      canvas,
      curve.map(([step, value]) => [x(step!), y(value!)]),
    );
  canvas.globalAlpha = 1;
}
