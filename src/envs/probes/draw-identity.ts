import { COLORS, disc, fillBox, scene, strokeLine } from "../drawing.ts";

/** One choice among `size`, or a number between `low` and `high`. */
export type Part = { readonly size: number } | { readonly low: number; readonly high: number };

const WIDTH = 600;
const HEIGHT = 120;

/** A row for every part: what is shown, filled (choices that do not count are low), and under it what was answered last, green where that was right. */
export function drawIdentity(
  canvas: CanvasRenderingContext2D,
  parts: readonly Part[],
  shown: readonly number[],
  mask: ArrayLike<number>,
  last: { readonly wanted: readonly number[]; readonly given: readonly number[] } | undefined,
): void {
  scene(canvas, WIDTH, HEIGHT * parts.length, () => {
    let first = 0;
    parts.forEach((part, i) => {
      const y = HEIGHT * i;
      const centre = (value: number) =>
        "size" in part
          ? ((value + 0.5) * WIDTH) / part.size
          : 30 + ((WIDTH - 60) * (value - part.low)) / (part.high - part.low);
      if ("size" in part) {
        drawChoices(canvas, y, part.size, shown[i], (choice) => mask.length === 0 || mask[first + choice] === 1);
        first += part.size;
      }
      if ("low" in part) drawScale(canvas, y, centre(shown[i]));
      if (!last) return;
      const isRight = Math.abs(last.given[i] - last.wanted[i]) < ("size" in part ? 0.5 : 0.1 * (part.high - part.low));
      disc(canvas, Math.min(Math.max(centre(last.given[i]), 0), WIDTH), y + 95, 9, isRight ? COLORS.gain : COLORS.goal);
    });
  });
}

function drawChoices(
  canvas: CanvasRenderingContext2D,
  y: number,
  size: number,
  chosen: number,
  counts: (choice: number) => boolean,
): void {
  const pitch = WIDTH / size;
  for (let k = 0; k < size; k++) {
    const color = k === chosen ? COLORS.driven : COLORS.ground;
    fillBox(canvas, (k + 0.1) * pitch, y + 20, 0.8 * pitch, counts(k) ? 55 : 12, color);
  }
}

function drawScale(canvas: CanvasRenderingContext2D, y: number, x: number): void {
  strokeLine(canvas, [30, y + 60, WIDTH - 30, y + 60], COLORS.ground, 10);
  strokeLine(canvas, [x, y + 30, x, y + 80], COLORS.driven, 14);
}
