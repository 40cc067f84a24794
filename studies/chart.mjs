// Learning curves as a small SVG: lines over one horizontal axis, each named at its end.

const WIDTH = 760;
const HEIGHT = 380;
const LEFT = 56;
const RIGHT = 190;
const TOP = 24;
const BOTTOM = 48;
const COLORS = ["#1b6ca8", "#d1495b", "#3d8f5f", "#8a5fbf", "#c98a1b"];

/** Letters of a name that have room beside the lines. */
const NAME = 28;

/** A range that has a width: where all values are equal, one around them. */
const widened = (low, high) => (high > low ? [low, high] : [low - 0.5, high + 0.5]);

/** A name in as many lines as it needs. */
function linesOf(name) {
  const lines = [];
  for (const word of name.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length === 0 || longer.length > NAME) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** Round numbers, about five of them, that cover a range. */
function ticks(low, high) {
  const raw = (high - low) / 5;
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].find((factor) => factor * size >= raw) * size;
  const count = Math.floor(high / step) - Math.ceil(low / step) + 1;
  return Array.from({ length: count }, (_, i) => Number(((Math.ceil(low / step) + i) * step).toPrecision(6)));
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/**
 * @param series of `{ name, runs }`, where a run is a list of points `[x, y]`; the runs of a series have one colour
 * @param labels what the axes show
 */
export function chart(series, { title, x, y }) {
  const points = series.flatMap(({ runs }) => runs.flat());
  const [farthest, least, most] = points.reduce(
    ([r, low, high], [px, py]) => [Math.max(r, px), Math.min(low, py), Math.max(high, py)],
    [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const right = farthest > 0 ? farthest : 1;
  const [lowest, highest] = widened(least, most);
  const toX = (value) => LEFT + ((WIDTH - LEFT - RIGHT) * value) / right;
  const toY = (value) => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * (value - lowest)) / (highest - lowest);
  const at = (value) => value.toFixed(1);
  const lines = series.flatMap(({ runs }, i) =>
    runs.map((run) => {
      const path = run.map(([px, py]) => `${at(toX(px))},${at(toY(py))}`).join(" ");
      return `<polyline points="${path}" fill="none" stroke="${COLORS[i % COLORS.length]}" stroke-width="1.5" stroke-opacity="0.8"/>`;
    }),
  );
  let top = TOP + 8;
  const names = series.flatMap(({ name }, i) => {
    const begin = top;
    const rows = linesOf(name);
    top += 15 * rows.length + 5;
    return rows.map((row, k) => {
      const place = `x="${WIDTH - RIGHT + 14}" y="${begin + 15 * k}"`;
      return `<text ${place} fill="${COLORS[i % COLORS.length]}">${escaped(row)}</text>`;
    });
  });
  const below = ticks(0, right).map((value) => {
    const place = at(toX(value));
    return `<text x="${place}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${value}</text>`;
  });
  const beside = ticks(lowest, highest).map((value) => {
    const place = at(toY(value));
    return `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${place}" y2="${place}" stroke="#ddd"/><text x="${LEFT - 8}" y="${place}" dy="4" text-anchor="end">${value}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="#333">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<text x="${LEFT}" y="14" font-weight="bold">${escaped(title)}</text>
${beside.join("\n")}
${below.join("\n")}
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${escaped(x)}</text>
<text transform="rotate(-90 14 ${HEIGHT / 2})" x="14" y="${HEIGHT / 2}" text-anchor="middle">${escaped(y)}</text>
${lines.join("\n")}
${names.join("\n")}
</svg>
`;
}
