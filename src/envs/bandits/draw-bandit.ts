import { COLORS, disc, fillBox, scene, strokeLine } from "../drawing.ts";

const WIDTH = 600;
const CARDS = ["#e3a2a4", "#a5d1b0", "#efdc9a", "#a5c3e6", "#cdb4e0", "#f3c6a0"];

/**
 * Slot machines side by side, the context as a lamp over them, and over the machine that was used last what it paid: a bar up
 * for a gain, down for a loss.
 * @param state context, last arm + 1, its reward
 */
export function drawBandit(
  canvas: CanvasRenderingContext2D,
  { arms, contexts }: { arms: number; contexts: number },
  state: Float64Array,
): void {
  const [context, last, reward] = state;
  scene(canvas, WIDTH, 400, () => {
    fillBox(canvas, -WIDTH, 350, 3 * WIDTH, 400, COLORS.ground);
    const pitch = WIDTH / arms;
    const width = Math.min(0.7 * pitch, 90);
    if (contexts > 1) {
      for (let c = 0; c < contexts; c++) {
        const x = WIDTH / 2 + (c - (contexts - 1) / 2) * Math.min(60, WIDTH / contexts);
        disc(canvas, x, 40, c === context ? 22 : 10, c === context ? CARDS[c % CARDS.length] : COLORS.ground);
      }
    }
    for (let arm = 0; arm < arms; arm++) {
      const x = (arm + 0.5) * pitch;
      const isLast = arm === last - 1;
      fillBox(canvas, x - width / 2, 230, width, 120, isLast ? COLORS.driven : COLORS.edge);
      fillBox(canvas, x - 0.35 * width, 250, 0.7 * width, 36, COLORS.paper);
      const lever = isLast ? 300 : 240;
      strokeLine(canvas, [x + width / 2, 290, x + 0.6 * width, lever], COLORS.ink, 4);
      disc(canvas, x + 0.6 * width, lever, 6, COLORS.goal);
      if (!isLast) continue;
      const height = Math.min(Math.max(reward, -3), 3) * 22;
      fillBox(
        canvas,
        x - width / 4,
        150 - Math.max(height, 0),
        width / 2,
        Math.abs(height),
        reward > 0 ? COLORS.gain : COLORS.goal,
      );
      strokeLine(canvas, [x - width / 2, 150, x + width / 2, 150], COLORS.ink, 3);
    }
  });
}
