/** The learning curve, drawn by hand: a few rules, a line, and a dot where it stands. */

export interface CurvePoint {
  readonly step: number;
  /** Mean return; missing as long as no episode has ended. */
  readonly value: number | undefined;
}

/** The axis of values: its ends, and from one rule to the next. */
export interface Axis {
  readonly worst: number;
  readonly best: number;
  readonly rule: number;
}

export function drawCurve(
  canvas: CanvasRenderingContext2D,
  points: readonly CurvePoint[],
  steps: number,
  { worst, best, rule }: Axis,
): void {
  const scale = devicePixelRatio;
  const [width, height] = [canvas.canvas.width / scale, canvas.canvas.height / scale];
  const style = getComputedStyle(canvas.canvas);
  const color = (name: string) => style.getPropertyValue(`--${name}`);
  const [left, right, top, bottom] = [34, width - 6, 10, height - 24];
  const x = (step: number) => left + (step / steps) * (right - left);
  const y = (value: number) => bottom - ((value - worst) / (best - worst)) * (bottom - top);

  canvas.setTransform(scale, 0, 0, scale, 0, 0);
  canvas.clearRect(0, 0, width, height);
  canvas.font = `13px ${style.fontFamily}`;
  canvas.fillStyle = color("soft");
  canvas.strokeStyle = color("rule");
  canvas.lineWidth = 1;
  canvas.textAlign = "right";
  canvas.textBaseline = "middle";
  for (let value = worst; value <= best; value += rule) {
    canvas.fillText(String(value).replace("-", "−"), left - 8, y(value));
    line(canvas, [left, y(value), right, y(value)]);
  }
  canvas.textAlign = "center";
  canvas.textBaseline = "top";
  const [unit, letter] = steps < 1e6 ? [1e3, "k"] : [1e6, "M"];
  for (let part = 1; part <= 4; part++) {
    if (part === 4) canvas.textAlign = "right";
    canvas.fillText(`${(part * steps) / 4 / unit}${letter}`, x((part * steps) / 4), bottom + 8);
  }

  const known = points.flatMap(({ step, value }) => (value === undefined ? [] : [x(step), y(value)]));
  if (known.length === 0) return;
  canvas.strokeStyle = color("accent");
  canvas.fillStyle = color("accent");
  canvas.lineWidth = 2;
  canvas.lineJoin = "round";
  line(canvas, known);
  canvas.beginPath();
  canvas.arc(known[known.length - 2], known[known.length - 1], 4, 0, 2 * Math.PI);
  canvas.fill();
}

/** Through x₀, y₀, x₁, y₁, … */
function line(canvas: CanvasRenderingContext2D, points: readonly number[]): void {
  canvas.beginPath();
  for (let i = 0; i < points.length; i += 2) canvas.lineTo(points[i], points[i + 1]);
  canvas.stroke();
}
