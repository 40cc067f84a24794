import { describe, expect, it } from "vitest";
import { RasterCanvas } from "../../../test/support/raster-canvas.ts";
import { Key } from "../../random/index.ts";
import { type BatchEnv, makeBatch, makeEnv } from "../index.ts";
import { PONG_COLORS } from "./draw-pong.ts";

type Render = (canvas: CanvasRenderingContext2D) => void;

/** Of a picture as Atari's screen has it, whether anything is to be seen at these rows and columns, 1 or 0. */
function look(render: Render, rows: readonly number[], columns: readonly number[]): Float32Array {
  const raster = new RasterCanvas(160, 210);
  render(raster.context);
  const seen = new Float32Array(rows.length * columns.length);
  let i = 0;
  for (const row of rows)
    for (const column of columns) seen[i++] = raster.at(row, column) === PONG_COLORS.court ? 0 : 1;
  return seen;
}

// Karpathy (2016): I[35:195], and of that every second row and column.
const everySecond = Array.from({ length: 80 }, (_, i) => 2 * i);
const halved = (render: Render, firstRow = 35) =>
  look(
    render,
    everySecond.map((row) => firstRow + row),
    everySecond,
  );

// Of the court's 160 × 160 pixels, those that hold the middles of 84 × 84 equal boxes.
const middles = Array.from({ length: 84 }, (_, i) => Math.floor(((2 * i + 1) * 160) / 168));
const reduced = (render: Render) =>
  look(
    render,
    middles.map((row) => 34 + row),
    middles,
  );

/**
 * Plays two games side by side, past their ends, and compares every observation with what `expected` makes of the pictures of the
 * game so far, newest last. How many games ended, and how much was to be seen.
 */
function compare(
  env: BatchEnv,
  picture: (render: Render) => Float32Array,
  expected: (pictures: readonly Float32Array[]) => Float32Array,
) {
  const { flatSize } = env.observationSpace;
  const random = Key.fromSeed(2).stream();
  const pictures: Float32Array[][] = [[], []];
  let ends = 0;
  let seen = 0;
  env.reset(Key.fromSeed(1));
  for (let t = 0; t < 550; t++) {
    for (const [n, ofGame] of pictures.entries()) {
      if (env.terminated[n] === 1) {
        ofGame.length = 0;
        ends++;
      }
      ofGame.push(picture((canvas) => env.render!(canvas, n)));
      const wanted = expected(ofGame);
      const observed = env.observations.subarray(n * flatSize, (n + 1) * flatSize);
      for (let i = 0; i < flatSize; i++) {
        if (observed[i] !== wanted[i]) expect(`${observed[i]} at ${i} in step ${t}`).toBe(`${wanted[i]}`);
        seen += Math.abs(observed[i]);
      }
    }
    env.step(Float32Array.of(random.integer(3), random.integer(3)));
  }
  return { ends, seen };
}

const difference = (pictures: readonly Float32Array[]) => {
  const [before, now] = [pictures.at(-2) ?? pictures.at(-1)!, pictures.at(-1)!];
  return now.map((value, i) => value - before[i]);
};

const stack = (pictures: readonly Float32Array[]) => {
  const last = new Float32Array(4 * 84 * 84);
  for (let i = 0; i < 4; i++) last.set(pictures[Math.max(pictures.length - 4 + i, 0)], i * 84 * 84);
  return last;
};

describe("what is observed is the picture, reduced", () => {
  it("to 80 × 80, less that of the step before", () => {
    const { ends, seen } = compare(makeBatch("PongDifference-v0", 2, { nActions: 3 }), halved, difference);
    expect(ends).toBeGreaterThan(0);
    expect(seen).toBeGreaterThan(10_000);
  });

  it("to 84 × 84, four of them", () => {
    const { ends, seen } = compare(makeBatch("PongFrames-v0", 2), reduced, stack);
    expect(ends).toBeGreaterThan(0);
    expect(seen).toBeGreaterThan(100_000);
  });

  it("(negative control) and not one that is a row off, or a step late", () => {
    const env = () => makeBatch("PongDifference-v0", 2, { nActions: 3 });
    expect(() => compare(env(), (render) => halved(render, 36), difference)).toThrow(/expected/);
    expect(() => compare(env(), halved, (pictures) => difference(pictures.slice(0, -1)))).toThrow();
  });
});

describe("the drawing", () => {
  const env = makeEnv("Pong-v0");
  env.reset({ seed: 1 });
  for (let t = 0; t < 200; t++) env.step(t % 3);
  const drawn = (width: number, height: number) => {
    const raster = new RasterCanvas(width, height);
    env.render!(raster.context);
    return raster;
  };

  it("is Atari's: a brown court, white walls, an orange and a green paddle, the points in their colours", () => {
    const picture = drawn(160, 210);
    const rowsOf = (color: string, column: number) =>
      Array.from({ length: 210 }, (_, row) => row).filter((row) => picture.at(row, column) === color);
    const walls = Array.from({ length: 210 }, (_, row) => row).filter((row) => (row >= 24 && row < 34) || row >= 194);
    expect(rowsOf(PONG_COLORS.wall, 3)).toEqual(walls);
    for (const [x, color] of [
      [16, PONG_COLORS.left],
      [140, PONG_COLORS.right],
    ] as const) {
      for (const column of [x, x + 3])
        expect(rowsOf(color, column).filter((row) => row >= 34).length).toBeGreaterThan(5);
      for (const column of [x - 1, x + 4]) expect(rowsOf(color, column).filter((row) => row >= 34)).toEqual([]);
    }
    const above = picture.pixels.slice(0, 24 * 160);
    expect(above).toContain(PONG_COLORS.left);
    expect(above).toContain(PONG_COLORS.right);
    expect(new Set(picture.pixels)).toEqual(new Set(Object.values(PONG_COLORS)));
  });

  it("is the same picture three times as large, pixel by pixel", () => {
    const [small, large] = [drawn(160, 210), drawn(480, 630)];
    const grown = large.pixels.map((_, i) => small.at(Math.floor(i / 480 / 3), Math.floor((i % 480) / 3)));
    expect(large.pixels).toEqual(grown);
  });

  it.each([
    [600, 400],
    [333, 777],
    [97, 210],
  ])("has its edges on whole pixels of a canvas of %d × %d, too", (width, height) => {
    // The canvas throws where an edge is between two pixels.
    expect(new Set(drawn(width, height).pixels).size).toBe(4);
  });
});
