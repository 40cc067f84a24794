import type { Gifenc, Rgb } from "./libraries.ts";

/** Colours that are counted one by one; further ones lose the lower bits of each part, and there are as many of those at most. */
const EXACT = 1 << 15;
const COARSE = 0xf8f8f8;
/** So many of the commonest colours, which are those of whole areas, stay exactly as they are. */
const KEPT = 96;

/** Every colour that was drawn, numbered as they came, and how many pixels have it. */
export class Colors {
  /** 0xRRGGBB */
  readonly values: number[] = [];
  readonly counts: number[] = [];
  readonly #byColor = new Map<number, number>();
  readonly #byPixel = new Map<number, number>();

  /** Counts one more pixel. @param pixel RGBA, red in the lowest byte @returns the colour's number, below 2¹⁶ */
  number(pixel: number): number {
    let number = this.#byPixel.get(pixel);
    if (number === undefined) {
      number = this.#numberOf(onWhite(pixel));
      this.#byPixel.set(pixel, number);
    }
    this.counts[number]++;
    return number;
  }

  #numberOf(color: number): number {
    const known = this.#byColor.get(color);
    if (known !== undefined) return known;
    const isFull = this.values.length >= EXACT;
    if (isFull && color !== (color & COARSE)) return this.#numberOf(color & COARSE);
    const number = this.values.push(color) - 1;
    this.counts.push(0);
    this.#byColor.set(color, number);
    return number;
  }
}

/** What a pixel looks like on white paper. */
function onWhite(pixel: number): number {
  const alpha = (pixel >>> 24) / 255;
  const part = (shift: number) => Math.round(((pixel >>> shift) & 255) * alpha + 255 * (1 - alpha));
  return (part(0) << 16) | (part(8) << 8) | part(16);
}

export interface Palette {
  /** At most `limit`. */
  readonly colors: Rgb[];
  /** Which of them stands for each colour, by its number. */
  readonly indices: Uint8Array;
}

/** All colours where they are few enough; else the commonest as they are, and the best for the others. */
export function choosePalette({ values, counts }: Colors, limit: number, gifenc: Gifenc): Palette {
  if (values.length <= limit) return { colors: values.map(rgb), indices: Uint8Array.from(values, (_, i) => i) };
  const byCount = values.map((_, i) => i).sort((a, b) => counts[b] - counts[a] || a - b);
  const kept = byCount.slice(0, KEPT).map((i) => rgb(values[i]));
  const rest = byCount.slice(KEPT);
  // Common ones weigh more, but edges are all that most of these are.
  const samples = rest.flatMap((i) => {
    const weight = Math.min(32, Math.ceil(Math.sqrt(counts[i])));
    return Array.from({ length: weight }, () => [...rgb(values[i]), 255]).flat();
  });
  const others = gifenc.quantize(Uint8Array.from(samples), limit - KEPT);
  const colors = [...kept, ...others.map(([red, green, blue]): Rgb => [red, green, blue])];
  return { colors, indices: Uint8Array.from(values, (value) => nearest(colors, rgb(value))) };
}

function rgb(value: number): Rgb {
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function nearest(colors: readonly Rgb[], [red, green, blue]: Rgb): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [i, [r, g, b]] of colors.entries()) {
    const distance = (r - red) * (r - red) + (g - green) * (g - green) + (b - blue) * (b - blue);
    if (distance >= least) continue;
    best = i;
    least = distance;
  }
  return best;
}
