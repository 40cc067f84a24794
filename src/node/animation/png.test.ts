import { describe, expect, it } from "vitest";
import { lineChart } from "../../inspection/figures/svg.ts";
import { loadPngWriter } from "./png.ts";

const { write } = (await loadPngWriter())!;
const points = [
  { x: 0, y: 1 },
  { x: 1, y: 2 },
];
const chart = (title: string) => lineChart({ title, x: "x", y: "y" }, [{ name: "one", points }]);

/** Width and height of a PNG, from its first chunk (PNG specification, section 11.2.2). */
function sizeOf(png: Uint8Array): [number, number] {
  const view = new DataView(png.buffer, png.byteOffset);
  expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  expect(String.fromCharCode(...png.subarray(12, 16))).toBe("IHDR");
  return [view.getUint32(16), view.getUint32(20)];
}

/** The colours of a PNG's pixels. */
async function pixelsOf(png: Uint8Array): Promise<Uint8ClampedArray> {
  const { createCanvas, loadImage } = await import("@napi-rs/canvas");
  const image = await loadImage(Buffer.from(png));
  const context = createCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, image.width, image.height).data;
}

describe("a figure as PNG", () => {
  it("is twice as large, with the figure's lines in their colours", async () => {
    const png = await write(chart("T"));
    expect(sizeOf(png)).toEqual([1280, 720]);
    const pixels = await pixelsOf(png);
    const count = (red: number, green: number, blue: number) => {
      let found = 0;
      for (let i = 0; i < pixels.length; i += 4) {
        if (pixels[i] === red && pixels[i + 1] === green && pixels[i + 2] === blue) found++;
      }
      return found;
    };
    // The legend's square of 10 × 10, and the line; what is left is white.
    expect(count(0xd5, 0x5e, 0x00)).toBeGreaterThan(400 + 1000);
    expect(count(0xff, 0xff, 0xff)).toBeGreaterThan(0.9 * 1280 * 720);
  });

  it("shows other figures as other pictures, and the same one again", async () => {
    const [first, again] = [await write(chart("T")), await write(chart("T"))];
    expect(Buffer.from(again).equals(first)).toBe(true);
    const [lower, higher] = [points, [...points, { x: 2, y: 5 }]].map((own) =>
      lineChart({ title: "T", x: "x", y: "y" }, [{ name: "one", points: own }]),
    );
    expect(Buffer.from(await write(lower!)).equals(await write(higher!))).toBe(false);
  });
});
