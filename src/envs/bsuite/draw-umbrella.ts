import { COLORS, disc, fillBox, fillPolygon, ring, scene, strokeLine } from "../drawing.ts";

/** The weather that comes, the way there, who walks it with or without an umbrella, and the distracting bits above. */
export function drawUmbrella(canvas: CanvasRenderingContext2D, chainLength: number, state: Float64Array): void {
  const [steps, needed, had] = state;
  scene(canvas, 600, 300, () => {
    const ground = 250;
    fillBox(canvas, -600, ground, 1800, 600, COLORS.ground);
    const bits = state.subarray(3);
    bits.forEach((bit, i) => {
      fillBox(canvas, (i + 0.15) * (600 / bits.length), 10, 420 / bits.length, 14, bit ? COLORS.edge : COLORS.ground);
    });
    drawWeather(canvas, 530, 90, needed === 1);
    const x = 50 + (480 * steps) / chainLength;
    strokeLine(canvas, [x, ground - 50, x, ground - 6], COLORS.driven, 14);
    disc(canvas, x, ground - 70, 14, COLORS.carried);
    if (had !== 1) return;
    strokeLine(canvas, [x + 16, ground - 40, x + 16, ground - 110], COLORS.ink, 4);
    fillPolygon(canvas, [x - 34, ground - 105, x + 16, ground - 140, x + 66, ground - 105], COLORS.goal, 6);
  });
}

function drawWeather(canvas: CanvasRenderingContext2D, x: number, y: number, isRain: boolean): void {
  if (!isRain) {
    disc(canvas, x, y, 28, COLORS.carried);
    ring(canvas, x, y, 38, COLORS.carried, 4);
    return;
  }
  for (const [dx, dy, radius] of [
    [-24, 6, 22],
    [0, -8, 28],
    [26, 6, 22],
  ]) {
    disc(canvas, x + dx, y + dy, radius, COLORS.danger);
  }
  for (const dx of [-26, -6, 14, 34]) strokeLine(canvas, [x + dx, y + 40, x + dx - 10, y + 70], COLORS.danger, 4);
}
