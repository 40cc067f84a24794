/** Charts as SVG text: lines with bands, and bars with intervals. Same data, same text. */
import { log, pow } from "../../math/index.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
  /** Ends of an interval. */
  readonly low?: number;
  readonly high?: number;
}

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

export interface ChartText {
  readonly title: string;
  readonly x: string;
  readonly y: string;
}

const [WIDTH, HEIGHT] = [640, 360];
const PLOT = { left: 70, right: 20, top: 56, bottom: 52 };
/** From one row of a legend, and of a title, to the next. */
const ROW = 16;
/** Letters of a title that have room in a row. */
const TITLE = 68;
/** Okabe & Ito 2008: told apart by the colour-blind too. */
const COLORS = ["#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999"];

/** @param scale where the axis begins: at 0, or where the data does */
export function lineChart(text: ChartText, given: readonly Series[], scale: "from 0" | "free" = "from 0"): string {
  const series = given.map(({ name, points }) => ({ name, points: points.filter(isDrawable) }));
  const points = series.flatMap((one) => one.points);
  const y = axis(
    points.flatMap((p) => [p.y, p.low ?? p.y, p.high ?? p.y]),
    scale,
  );
  const x = axis(
    points.map((p) => p.x),
    "free",
  );
  const atX = place(x, PLOT.left, WIDTH - PLOT.right);
  const atY = place(y, HEIGHT - PLOT.bottom, PLOT.top);
  const body = series.flatMap(({ points }, i) => {
    const color = COLORS[i % COLORS.length]!;
    const band = points.filter((p) => p.low !== undefined && p.high !== undefined);
    const edge = [
      ...band.map((p) => `${atX(p.x)},${atY(p.high!)}`),
      ...band.toReversed().map((p) => `${atX(p.x)},${atY(p.low!)}`),
    ];
    const path = points.map((p) => `${atX(p.x)},${atY(p.y)}`).join(" ");
    return [
      ...(edge.length > 0 ? [`<polygon points="${edge.join(" ")}" fill="${color}" fill-opacity="0.2"/>`] : []),
      `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="1.5"/>`,
    ];
  });
  const ticks = x.ticks.map((t) => label(atX(t), HEIGHT - PLOT.bottom + 16, tickText(t), "middle"));
  return frame(
    text,
    series.map(({ name }) => name),
    [...horizontal(y, atY), ...ticks, ...body],
  );
}

/** One group of bars for each category, a bar for each series. */
export function barChart(text: ChartText, categories: readonly string[], given: readonly Series[]): string {
  const series = given.map(({ name, points }) => ({ name, points: points.filter(isDrawable) }));
  const points = series.flatMap((one) => one.points);
  const y = axis(
    points.flatMap((p) => [p.y, p.low ?? p.y, p.high ?? p.y]),
    "from 0",
  );
  const atY = place(y, HEIGHT - PLOT.bottom, PLOT.top);
  const slot = (WIDTH - PLOT.left - PLOT.right) / categories.length;
  const width = (0.8 * slot) / series.length;
  const body = series.flatMap(({ points }, i) =>
    points.flatMap((p) => {
      const left = PLOT.left + slot * p.x + 0.1 * slot + width * i;
      const [top, bottom] = [atY(Math.max(0, p.y)), atY(Math.min(0, p.y))];
      const middle = round(left + width / 2);
      const bar = `<rect x="${round(left)}" y="${top}" width="${round(width)}" height="${round(bottom - top)}" fill="${COLORS[i % COLORS.length]}"/>`;
      if (p.low === undefined || p.high === undefined) return [bar];
      return [bar, line(middle, atY(p.low), middle, atY(p.high), "#333", 1.5)];
    }),
  );
  const names = categories.map((name, i) =>
    label(PLOT.left + slot * (i + 0.5), HEIGHT - PLOT.bottom + 16, name, "middle"),
  );
  return frame(
    text,
    series.map(({ name }) => name),
    [...horizontal(y, atY), ...names, ...body],
  );
}

/** One bar to the right for each name, with its interval: for many things under long names. The points' x is not looked at. */
export function rowChart(text: ChartText, names: readonly string[], points: readonly Point[]): string {
  const x = axis(
    points.filter(isDrawable).flatMap((p) => [p.y, p.low ?? p.y, p.high ?? p.y]),
    "from 0",
  );
  const left = PLOT.left + 130;
  const atX = place(x, left, WIDTH - PLOT.right);
  const slot = (HEIGHT - PLOT.bottom - PLOT.top) / names.length;
  const body = points.flatMap(({ y, low, high }, i) => {
    if (!isDrawable(points[i]!)) return [label(left - 6, round(PLOT.top + slot * (i + 0.5)) + 4, names[i]!, "end")];
    const top = PLOT.top + slot * i;
    const middle = round(top + slot / 2);
    const [from, to] = [atX(Math.min(0, y)), atX(Math.max(0, y))];
    return [
      `<rect x="${from}" y="${round(top + 0.15 * slot)}" width="${round(to - from)}" height="${round(0.7 * slot)}" fill="${COLORS[1]}"/>`,
      label(left - 6, middle + 4, names[i]!, "end"),
      ...(low === undefined || high === undefined ? [] : [line(atX(low), middle, atX(high), middle, "#333", 1.5)]),
    ];
  });
  const ticks = x.ticks.flatMap((tick) => [
    line(atX(tick), PLOT.top, atX(tick), HEIGHT - PLOT.bottom, tick === 0 ? "#888" : "#ddd", 1),
    label(atX(tick), HEIGHT - PLOT.bottom + 16, tickText(tick), "middle"),
  ]);
  return frame(text, [], [...ticks, ...body]);
}

/** Whether it has a place in a chart; what diverged has none. */
function isDrawable({ x, y, low = y, high = y }: Point): boolean {
  return [x, y, low, high].every(Number.isFinite);
}

interface Axis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

/** From the data to round numbers around it. */
function axis(values: readonly number[], scale: "from 0" | "free"): Axis {
  const origin = scale === "from 0" || values.length === 0 ? [0] : [];
  let low = Math.min(...values, ...origin);
  let high = Math.max(...values, ...origin);
  if (!(high > low)) [low, high] = [low - 0.5, high + 0.5];
  const rough = (high - low) / 5;
  const power = pow(10, Math.floor(log(rough) / Math.LN10 + 1e-9));
  const step = power * ([1, 2, 5, 10].find((m) => m * power >= rough * (1 - 1e-9)) ?? 10);
  const [from, to] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  const ticks = Array.from({ length: to - from + 1 }, (_, i) => (from + i) * step);
  return { low: from * step, high: to * step, ticks };
}

function place({ low, high }: Axis, from: number, to: number): (value: number) => number {
  return (value) => round(from + ((value - low) / (high - low)) * (to - from));
}

function horizontal({ ticks }: Axis, atY: (value: number) => number): string[] {
  return ticks.flatMap((tick) => [
    line(PLOT.left, atY(tick), WIDTH - PLOT.right, atY(tick), tick === 0 ? "#888" : "#ddd", 1),
    label(PLOT.left - 6, atY(tick) + 4, tickText(tick), "end"),
  ]);
}

function frame({ title, x, y }: ChartText, names: readonly string[], body: readonly string[]): string {
  const titles = wrapped(title);
  const above = ROW * (titles.length - 1);
  const { entries, height } = legend(names, above);
  const middle = (PLOT.top + HEIGHT - PLOT.bottom) / 2;
  const plot = [
    ...body,
    label((PLOT.left + WIDTH - PLOT.right) / 2, HEIGHT - 12, x, "middle"),
    `<text x="16" y="${middle}" text-anchor="middle" transform="rotate(-90 16 ${middle})">${escaped(y)}</text>`,
  ];
  const down = above + height;
  const total = HEIGHT + down;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${total}" width="${WIDTH}" height="${total}" font-family="sans-serif" font-size="11" fill="#222">`,
    `<rect width="${WIDTH}" height="${total}" fill="#fff"/>`,
    ...titles.map(
      (row, i) => `<text x="${PLOT.left}" y="${20 + ROW * i}" font-size="14" font-weight="bold">${escaped(row)}</text>`,
    ),
    ...entries,
    ...(down > 0 ? [`<g transform="translate(0 ${down})">`, ...plot, "</g>"] : plot),
    "</svg>",
    "",
  ].join("\n");
}

/** Names with their colours in as many rows as they need, and how much higher than one row that is. */
function legend(names: readonly string[], above: number): { readonly entries: string[]; readonly height: number } {
  let [left, row] = [PLOT.left, 0];
  const entries = names.flatMap((name, i) => {
    // About 6.5 pixels for a letter at this size.
    const width = 24 + 6.5 * name.length;
    if (left > PLOT.left && left + width > WIDTH) [left, row] = [PLOT.left, row + 1];
    const [at, top] = [left, 32 + above + ROW * row];
    left += width;
    return [
      `<rect x="${round(at)}" y="${top}" width="10" height="10" fill="${COLORS[i % COLORS.length]}"/>`,
      label(at + 14, top + 9, name, "start"),
    ];
  });
  return { entries, height: ROW * row };
}

/** A title in as many rows as it needs. */
function wrapped(title: string): string[] {
  const rows: string[] = [];
  for (const word of title.split(" ")) {
    const longer = `${rows.at(-1)} ${word}`;
    if (rows.length === 0 || longer.length > TITLE) rows.push(word);
    else rows[rows.length - 1] = longer;
  }
  return rows;
}

function label(x: number, y: number, text: string, anchor: "start" | "middle" | "end"): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escaped(text)}</text>`;
}

function line(x1: number, y1: number, x2: number, y2: number, color: string, width: number): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${color}" stroke-width="${width}"/>`;
}

function tickText(value: number): string {
  if (value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-3)) return value.toExponential(1);
  return String(Number(value.toPrecision(6)));
}

/** Text as it may stand in SVG and HTML. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** To a hundredth of a pixel. */
function round(value: number): number {
  return Number(value.toFixed(2));
}
