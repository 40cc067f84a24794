import { describe, expect, it } from "vitest";
import { readGif } from "../../../test/support/gif.ts";
import { GifAnimation } from "./gif.ts";
import { loadAnimationLibraries } from "./libraries.ts";

const { gifenc } = await loadAnimationLibraries();

type Color = readonly [number, number, number, number?];
const WHITE: Color = [255, 255, 255];
const RED: Color = [200, 10, 20];

/** A picture of one colour with boxes of others in it. */
function picture(width: number, height: number, ground: Color, ...boxes: [number, number, number, number, Color][]) {
  const pixels = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const box = boxes.findLast(([left, top, wide, high]) => x >= left && x < left + wide && y >= top && y < top + high);
    const [red, green, blue, alpha = 255] = box?.[4] ?? ground;
    pixels.set([red, green, blue, alpha], 4 * i);
  }
  return pixels;
}

type Shown = readonly [pixels: Uint8ClampedArray, seconds: number];
const shown = (pixels: Uint8ClampedArray, seconds: number): Shown => [pixels, seconds];

function animation(width: number, height: number, ...pictures: Shown[]) {
  const gif = new GifAnimation(width, height);
  for (const [pixels, seconds] of pictures) gif.add(pixels, seconds);
  return readGif(gif.encode(gifenc));
}

describe("a GIF", () => {
  it("shows the same pixels as were given, one by one", () => {
    const pictures = [
      picture(31, 17, WHITE, [2, 3, 4, 5, RED]),
      picture(31, 17, WHITE, [3, 3, 4, 5, RED]),
      picture(31, 17, RED, [30, 16, 1, 1, WHITE]),
      picture(31, 17, [0, 0, 0], [0, 0, 9, 1, [1, 2, 3]]),
    ];
    const { width, height, repeat, frames } = animation(31, 17, ...pictures.map((one) => shown(one, 0.1)));
    expect([width, height, repeat]).toEqual([31, 17, 0]);
    expect(frames.map(({ pixels }) => pixels)).toEqual(pictures);
    expect(frames[2]?.pixels).not.toEqual(pictures[1]);
  });

  it("holds of a picture what changed", () => {
    const { frames } = animation(
      ...([100, 80] as const),
      [picture(100, 80, WHITE, [2, 3, 4, 5, RED]), 1],
      [picture(100, 80, WHITE, [3, 3, 4, 5, RED]), 1],
      [picture(100, 80, WHITE, [3, 3, 4, 5, RED], [99, 79, 1, 1, RED]), 1],
    );
    expect(frames.map(({ box }) => box)).toEqual([
      { x: 0, y: 0, width: 100, height: 80 },
      { x: 2, y: 3, width: 5, height: 5 },
      { x: 99, y: 79, width: 1, height: 1 },
    ]);
  });

  it("keeps its length, and makes one picture of equal ones", () => {
    const [one, two] = [picture(4, 4, WHITE), picture(4, 4, RED)];
    const thirtieths = animation(4, 4, ...Array.from({ length: 30 }, (_, i) => shown(i % 2 ? one : two, 1 / 30)));
    expect(thirtieths.frames.slice(0, 6).map(({ delay }) => delay)).toEqual([3, 4, 3, 3, 4, 3]);
    expect(thirtieths.frames.reduce((sum, { delay }) => sum + delay, 0)).toBe(100);
    const held = animation(4, 4, [one, 0.1], [one, 0.2], [two, 0.5], [two, 0.25]);
    expect(held.frames.map(({ delay }) => delay)).toEqual([30, 75]);
  });

  it("paints what is transparent on white", () => {
    const { frames } = animation(2, 1, [picture(2, 1, [0, 0, 0, 0], [1, 0, 1, 1, [255, 0, 0, 51]]), 1]);
    expect([...frames[0]!.pixels]).toEqual([255, 255, 255, 255, 255, 204, 204, 255]);
  });

  it("keeps the commonest of too many colours, and comes close to the others", () => {
    const [width, height] = [100, 100];
    const pixels = picture(width, height, WHITE, [0, 0, 100, 20, RED]);
    // A ramp of 4000 colours below.
    for (let i = 0; i < 4000; i++) pixels.set([i % 200, (i * 7) % 251, 40 + (i >> 5)], 4 * (6000 + i));
    const drawn = animation(width, height, [pixels, 1]).frames[0]!.pixels;
    expect(drawn.subarray(0, 4 * 6000)).toEqual(pixels.subarray(0, 4 * 6000));
    const distinct = new Set(new Uint32Array(drawn.buffer));
    expect(distinct.size).toBeGreaterThan(150);
    expect(distinct.size).toBeLessThan(256);
    let error = 0;
    for (let i = 4 * 6000; i < pixels.length; i++) error += Math.abs(pixels[i]! - drawn[i]!) / (3 * 4000);
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(16);
  });

  it("shows any number of colours", () => {
    for (const count of [1, 2, 3, 4, 5, 16, 17, 254, 255, 256]) {
      const pixels = picture(16, 16, WHITE);
      for (let i = 0; i < 256; i++) pixels.set([(i % count) ** 2, i % count, 9], 4 * i);
      const other = picture(16, 16, [0, 0, 9], [3, 3, 1, 1, [pixels[0]!, pixels[1]!, 9]]);
      const { frames } = animation(16, 16, [pixels, 1], [other, 1]);
      if (count < 256) expect(frames[0]!.pixels, String(count)).toEqual(pixels);
      else expect(frames[0]!.pixels).not.toEqual(pixels);
    }
  });

  it("is not read where it is torn or wrong", () => {
    const gif = new GifAnimation(40, 40);
    gif.add(picture(40, 40, WHITE, [5, 5, 9, 9, RED]), 1);
    const bytes = gif.encode(gifenc);
    expect(() => readGif(bytes.subarray(0, 40))).toThrow();
    expect(() => readGif(bytes.with(0, 0))).toThrow(/not a GIF/);
    expect(() => readGif(bytes.with(6, 39))).toThrow(/leaves the picture/);
  });
});
