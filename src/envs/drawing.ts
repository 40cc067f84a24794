/** The few colours and strokes that the built-in environments are drawn with, in a y-down coordinate system of their own size. */

/** One meaning per colour in every drawing. */
export const COLORS = {
  paper: "#f6f9fb",
  /** Solid ground, and the line where it begins. */
  ground: "#dce7ed",
  edge: "#8fa6b3",
  /** What the agent drives. */
  driven: "#1f5673",
  /** What moves along with it. */
  carried: "#f0a04b",
  /** Where it should get to. */
  goal: "#d64550",
  /** Joints, wheels, forces and walls. */
  ink: "#16283a",
  /** What one must not fall into. */
  danger: "#5b7f95",
  /** What went well. */
  gain: "#4f9a6a",
} as const;

/**
 * Clears the canvas to the colour of paper and draws in coordinates of 0 … width by 0 … height, scaled to fit and centred.
 * What `draw` puts outside of them shows where the canvas has another aspect ratio.
 */
export function scene(canvas: CanvasRenderingContext2D, width: number, height: number, draw: () => void): void {
  const { width: pixelsWide, height: pixelsHigh } = canvas.canvas;
  const scale = Math.min(pixelsWide / width, pixelsHigh / height);
  canvas.save();
  canvas.fillStyle = COLORS.paper;
  canvas.fillRect(0, 0, pixelsWide, pixelsHigh);
  canvas.translate((pixelsWide - width * scale) / 2, (pixelsHigh - height * scale) / 2);
  canvas.scale(scale, scale);
  canvas.lineCap = "round";
  canvas.lineJoin = "round";
  draw();
  canvas.restore();
}

/** A line through x₀, y₀, x₁, y₁, … */
export function strokeLine(
  canvas: CanvasRenderingContext2D,
  points: ArrayLike<number>,
  color: string,
  width: number,
): void {
  trace(canvas, points);
  canvas.strokeStyle = color;
  canvas.lineWidth = width;
  canvas.stroke();
}

/** A filled rectangle. */
export function fillBox(
  canvas: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  color: string,
): void {
  fillPolygon(canvas, [x, y, x + width, y, x + width, y + height, x, y + height], color);
}

/** A filled polygon with corners x₀, y₀, x₁, y₁, …, rounded by a stroke of the same colour of width `rounding`. */
export function fillPolygon(
  canvas: CanvasRenderingContext2D,
  points: ArrayLike<number>,
  color: string,
  rounding = 0,
): void {
  trace(canvas, points);
  canvas.closePath();
  canvas.fillStyle = color;
  canvas.fill();
  if (rounding === 0) return;
  canvas.strokeStyle = color;
  canvas.lineWidth = rounding;
  canvas.stroke();
}

/** A circle in outline. */
export function ring(
  canvas: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  color: string,
  width: number,
): void {
  canvas.beginPath();
  canvas.arc(x, y, radius, 0, 2 * Math.PI);
  canvas.strokeStyle = color;
  canvas.lineWidth = width;
  canvas.stroke();
}

/** A hinge: a dark disc with a bright centre. */
export function hinge(canvas: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  disc(canvas, x, y, radius, COLORS.ink);
  disc(canvas, x, y, radius * 0.45, COLORS.paper);
}

/** A filled circle. */
export function disc(canvas: CanvasRenderingContext2D, x: number, y: number, radius: number, color: string): void {
  canvas.beginPath();
  canvas.arc(x, y, radius, 0, 2 * Math.PI);
  canvas.fillStyle = color;
  canvas.fill();
}

function trace(canvas: CanvasRenderingContext2D, points: ArrayLike<number>): void {
  canvas.beginPath();
  canvas.moveTo(points[0], points[1]);
  for (let i = 2; i < points.length; i += 2) canvas.lineTo(points[i], points[i + 1]);
}
