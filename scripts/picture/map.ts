import { type PlaneMap, POSITION, VELOCITY } from "./critic-map.ts";
import { beginPlot, path, tickBelow, tickLeft } from "./frame.ts";

type Color = readonly number[];

/** Shades of a map. */
const BANDS = 20;

/** The map in colours from low to high, with its axes and the line of one episode through it. */
export function drawMap(
  canvas: CanvasRenderingContext2D,
  map: PlaneMap,
  colors: readonly string[],
  episode: readonly (readonly number[])[],
): void {
  const frame = beginPlot(canvas);
  const { left, right, top, bottom } = frame;
  const x = (position: number) => left + ((position - POSITION.low) / (POSITION.high - POSITION.low)) * (right - left);
  const y = (velocity: number) =>
    bottom - ((velocity - VELOCITY.low) / (VELOCITY.high - VELOCITY.low)) * (bottom - top);
  const [wide, high] = [2 * (right - left), 2 * (bottom - top)];
  canvas.putImageData(paint(map, colors, wide, high), 2 * left, 2 * top);

  canvas.strokeStyle = "#16283a";
  canvas.fillStyle = "#16283a";
  canvas.lineJoin = "round";
  canvas.lineWidth = 1.5;
  const line = episode.map(([position, velocity]) => [x(position!), y(velocity!)]);
  path(canvas, line);
  for (const [at, radius] of [
    [line[0]!, 3],
    [line[line.length - 1]!, 4.5],
  ] as const) {
    canvas.beginPath();
    canvas.arc(at[0]!, at[1]!, radius, 0, 2 * Math.PI);
    canvas.fill();
  }

  for (const position of [-1.2, -0.9, -0.6, -0.3, 0, 0.3, 0.6]) tickBelow(canvas, frame, x(position), minus(position));
  for (const velocity of [-0.07, 0, 0.07]) tickLeft(canvas, frame, y(velocity), minus(velocity));
}

/** The map as filled contours, interpolated between its values. */
function paint({ width, height, values, low, high }: PlaneMap, colors: readonly string[], wide: number, tall: number) {
  const stops = colors.map((color): Color => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)));
  const image = new ImageData(wide, tall);
  for (let row = 0; row < tall; row++) {
    for (let column = 0; column < wide; column++) {
      const x = Math.max(0, ((column + 0.5) / wide) * width - 0.5);
      const y = Math.max(0, ((row + 0.5) / tall) * height - 0.5);
      const [x0, y0] = [Math.min(Math.floor(x), width - 2), Math.min(Math.floor(y), height - 2)];
      const at = y0 * width + x0;
      const upper = mix(values[at]!, values[at + 1]!, x - x0);
      const lower = mix(values[at + width]!, values[at + width + 1]!, x - x0);
      const share = (mix(upper, lower, y - y0) - low) / (high - low);
      const band = Math.min(BANDS - 1, Math.max(0, Math.floor(share * BANDS))) / (BANDS - 1);
      image.data.set([...between(stops, band), 255], 4 * (row * wide + column));
    }
  }
  return image;
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

function minus(value: number): string {
  return String(value).replace("-", "−");
}

/** The colour at a share of the way from the first to the last. */
function between(stops: readonly Color[], share: number): number[] {
  const place = share * (stops.length - 1);
  const below = Math.min(Math.floor(place), stops.length - 2);
  return stops[below]!.map((c, i) => mix(c, stops[below + 1]![i]!, place - below));
}
