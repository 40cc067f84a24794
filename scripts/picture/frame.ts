/** Axes in the units of the page, whose canvases have two pixels to the unit. */

export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export const SOFT = "#5d7382";
export const RULE = "#dce7ed";

/** Sets the context up and says where the plot goes. */
export function beginPlot(canvas: CanvasRenderingContext2D): Frame {
  canvas.setTransform(2, 0, 0, 2, 0, 0);
  canvas.font = '13px "Open Sans"';
  canvas.fillStyle = SOFT;
  const [width, height] = [canvas.canvas.width / 2, canvas.canvas.height / 2];
  return { left: 42, right: width - 2, top: 6, bottom: height - 24 };
}

/** Writes a tick's text below the plot, not beyond its ends. */
export function tickBelow(
  canvas: CanvasRenderingContext2D,
  { left, right, bottom }: Frame,
  x: number,
  text: string,
): void {
  canvas.fillStyle = SOFT;
  canvas.textBaseline = "top";
  canvas.textAlign = x <= left + 1 ? "left" : x >= right - 1 ? "right" : "center";
  canvas.fillText(text, x, bottom + 6);
}

export function tickLeft(canvas: CanvasRenderingContext2D, { left }: Frame, y: number, text: string): void {
  canvas.fillStyle = SOFT;
  canvas.textBaseline = "middle";
  canvas.textAlign = "right";
  canvas.fillText(text, left - 7, y);
}

/** A line through points [x, y]. */
export function path(canvas: CanvasRenderingContext2D, points: readonly (readonly number[])[]): void {
  canvas.beginPath();
  for (const [x, y] of points) canvas.lineTo(x!, y!);
  canvas.stroke();
}
