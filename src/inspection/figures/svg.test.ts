import { describe, expect, it } from "vitest";
import { barChart, lineChart, rowChart, type Series } from "./svg.ts";

const text = { title: "T", x: "x", y: "y" };
const named = (names: readonly string[]): Series[] =>
  names.map((name) => ({
    name,
    points: [
      { x: 0, y: 1 },
      { x: 1, y: 2 },
    ],
  }));

/** Where each name of a legend begins, and the size of the picture. */
function legendOf(names: readonly string[]) {
  const svg = lineChart(text, named(names));
  const [, width, height] = svg.match(/viewBox="0 0 (\d+) (\d+)"/)!.map(Number) as [number, number, number];
  const places = names.map((name) => {
    const [, x, y] = svg.match(new RegExp(`<text x="([\\d.]+)" y="([\\d.]+)" text-anchor="start">${name}</text>`))!;
    return { name, x: Number(x), y: Number(y) };
  });
  return { svg, width, height, places };
}

describe("the legend of a chart", () => {
  it("goes on in further rows where one has no room, and the picture grows by them", () => {
    const names = Array.from({ length: 9 }, (_, i) => `a rather long name, number ${i}`);
    const { svg, width, height, places } = legendOf(names);
    for (const { name, x } of places) expect(x + 6 * name.length).toBeLessThan(width);
    const rows = [...new Set(places.map(({ y }) => y))];
    expect(rows).toEqual([41, 57, 73, 89, 105]);
    expect(height).toBe(360 + 4 * 16);
    expect(svg).toContain('<g transform="translate(0 64)">');
    // In a row, each begins behind the one before.
    for (const row of rows) {
      const own = places.filter(({ y }) => y === row);
      own.slice(1).forEach(({ x }, i) => {
        expect(x).toBeGreaterThan(own[i]!.x + 6 * own[i]!.name.length);
      });
    }
  });

  it("is one row where there is room, and nothing is moved", () => {
    const { svg, height, places } = legendOf(["one", "two", "three"]);
    expect(new Set(places.map(({ y }) => y))).toEqual(new Set([41]));
    expect(height).toBe(360);
    expect(svg).not.toContain("translate(");
  });
});

describe("the title of a chart", () => {
  it("goes on in a second row where it has no room, above the legend", () => {
    const words =
      "what a chart shows may take many words to say, which is why they are not cut off where the picture ends";
    const svg = lineChart({ ...text, title: words }, named(["one"]));
    const rows = [...svg.matchAll(/<text x="70" y="(\d+)" font-size="14" font-weight="bold">(.*)<\/text>/g)];
    expect(rows.map(([, y]) => Number(y))).toEqual([20, 36]);
    expect(rows.map(([, , row]) => row).join(" ")).toBe(words);
    for (const [, , row] of rows) expect(row!.length).toBeLessThanOrEqual(68);
    expect(svg).toContain('viewBox="0 0 640 376"');
    expect(svg).toMatch(/y="57" text-anchor="start">one</);
  });
});

describe("what is infinite or no number", () => {
  const good = { x: 0, y: 1, low: 0, high: 2 };
  const bad = [
    { x: 1, y: Number.POSITIVE_INFINITY },
    { x: 1, y: Number.NaN },
    { x: 1, y: 1, low: Number.NEGATIVE_INFINITY, high: 2 },
  ];

  it("has no place in a chart, and leaves the rest as it was", () => {
    for (const point of bad) {
      const series = (points: Series["points"]) => [{ name: "s", points }];
      expect(lineChart(text, series([good, point]))).toBe(lineChart(text, series([good])));
      expect(barChart(text, ["a", "b"], series([good, point]))).toBe(barChart(text, ["a", "b"], series([good])));
      expect(rowChart(text, ["a", "b"], [good, point])).toContain(">b</text>");
      for (const svg of [lineChart(text, series([point]), "free"), rowChart(text, ["a"], [point])]) {
        expect(svg).not.toMatch(/NaN|Infinity/);
      }
    }
  });
});
