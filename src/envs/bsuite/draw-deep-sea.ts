import { COLORS, disc, fillBox, fillPolygon, scene } from "../drawing.ts";

/** The sea, darker further down, the treasure in its far corner, and the diver. @param state row · size + column, or size² */
export function drawDeepSea(canvas: CanvasRenderingContext2D, size: number, state: number): void {
  const cell = 600 / size;
  scene(canvas, 600, 600 + cell, () => {
    for (let row = 0; row < size; row++) {
      const depth = row / size;
      const shade = (light: number, dark: number) => Math.round(light + (dark - light) * depth);
      fillBox(canvas, 0, row * cell, 600, cell, `rgb(${shade(205, 40)}, ${shade(226, 90)}, ${shade(238, 120)})`);
    }
    fillBox(canvas, 0, 600, 600, cell, COLORS.ground);
    const [right, ground] = [600 - cell / 2, 600 + cell / 2];
    fillBox(canvas, right - 0.3 * cell, ground - 0.2 * cell, 0.6 * cell, 0.45 * cell, COLORS.carried);
    fillBox(canvas, right - 0.06 * cell, ground - 0.1 * cell, 0.12 * cell, 0.2 * cell, COLORS.ink);
    if (state === size * size) return;
    const x = ((state % size) + 0.5) * cell;
    const y = (Math.floor(state / size) + 0.5) * cell;
    disc(canvas, x, y, 0.28 * cell, COLORS.goal);
    disc(canvas, x + 0.08 * cell, y - 0.04 * cell, 0.12 * cell, COLORS.paper);
    const fin = [x - 0.2 * cell, y, x - 0.42 * cell, y - 0.16 * cell, x - 0.42 * cell, y + 0.16 * cell];
    fillPolygon(canvas, fin, COLORS.goal, 0.04 * cell);
  });
}
