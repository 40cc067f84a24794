import { describe, expect, it } from "vitest";
import { ConfigError, ShapeError } from "../../errors.ts";
import { Key } from "../../random/index.ts";
import { gradcheck, randomNormal, randomStream, tensor } from "../../tensor/index.ts";
import { Pooling } from "./pooling.ts";

/** Shares of what each pixel along one side gives to each point: 1 at the point, 0 at the next ones. */
function shares(pixels: number, size: number): number[][] {
  return Array.from({ length: pixels / size + 1 }, (_, point) =>
    Array.from({ length: pixels }, (_, i) => Math.max(0, 1 - Math.abs(i + 0.5 - size * point) / size)),
  );
}

describe("pooling", () => {
  it("by hand: a pixel is shared out among the four points around it", () => {
    const pooling = new Pooling([2, 2, 4], 2);
    expect([pooling.inputs, pooling.outputs]).toEqual([16, 12]);
    const second = [0, 0, 0, 0, 0, 0, 0, 16];
    const images = [[1, 0, 0, 0, 0, 0, 0, 0, ...second]];
    // Its middle is a quarter of the way from one point to the next: 3/4 · 3/4 for the nearest. Of 16, all but one are clipped.
    const expected = [9 / 16, 3 / 16, 0, 3 / 16, 1 / 16, 0, 0, 1, 1, 0, 1, 1];
    expect([...pooling.forward(tensor(images)).toArray()]).toEqual(expected);
    const negative = images[0]!.map((value) => -value);
    expect([...pooling.forward(tensor([negative])).toArray()]).toEqual(expected.map((value) => 0 - value));
    expect(pooling.parameters()).toEqual({});
  });

  it.each([1, 2, 3, 4, 5])(
    "size %i: bilinear shares of whatever is in the images, zeros or not, clipped to ±1",
    (size) => {
      const [height, width] = [2 * size, 11 * size];
      const noise = randomNormal(randomStream(Key.fromSeed(size)), [3, height * width], { dtype: "float64" });
      noise.data.fill(0, width, 3 * width);
      const pooled = new Pooling([height, width], size).forward(noise).toArray();
      const [down, across] = [shares(height, size), shares(width, size)];
      const expected = [0, 1, 2].flatMap((image) =>
        down.flatMap((ofRows) =>
          across.map((ofColumns) => {
            let sum = 0;
            for (const [i, a] of ofRows.entries()) {
              for (const [j, b] of ofColumns.entries()) sum += a * b * noise.data[(image * height + i) * width + j]!;
            }
            return Math.min(Math.max(sum, -1), 1);
          }),
        ),
      );
      expect(pooled.length).toBe(expected.length);
      for (const [i, value] of pooled.entries()) expect(value).toBeCloseTo(expected[i]!, 12);
    },
  );

  it("tells where in a square something is, which the sum over the square does not", () => {
    const pooling = new Pooling([4, 4], 4);
    const at = (pixel: number) => {
      const image = new Array(16).fill(0);
      image[pixel] = 1;
      return pooling.forward(tensor([image])).toArray();
    };
    const total = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0);
    expect([total(at(5)), total(at(6))]).toEqual([1, 1]);
    // Points of the right side have what is right of the middle, in parts of the whole: 1.5 of 4 pixels, and 2.5.
    expect([at(5)[1]! + at(5)[3]!, at(6)[1]! + at(6)[3]!]).toEqual([0.375, 0.625]);
  });

  it("has the gradients that differences find", () => {
    const small = randomNormal(randomStream(Key.fromSeed(2)), [2, 48], { dtype: "float64" });
    expect(gradcheck((x) => new Pooling([2, 4, 6], 2).forward(x), [small]).ok).toBe(true);
  });

  it("what is large is no brighter than what is small", () => {
    const image = new Array(256).fill(0);
    // A square of 6 × 6 pixels around the middle of the upper left quarter, and a single pixel at a point of the lower right one.
    for (let i = 1; i < 7; i++) image.fill(1, 16 * i + 1, 16 * i + 7);
    image[12 * 16 + 12] = 1;
    const seen = new Pooling([16, 16], 4).forward(tensor([image])).toArray();
    expect(Math.max(...seen)).toBe(1);
    expect(seen[3 * 5 + 3]).toBeCloseTo((7 / 8) ** 2, 6);
  });

  it("refuses sides that are no multiples, what is no image, and other widths", () => {
    expect(() => new Pooling([80, 80], 3)).toThrow(
      /pooling must be a divisor of the height and width of an image; what is observed is of shape \[80,80\]; got 3/,
    );
    expect(() => new Pooling([9], 3)).toThrow(ConfigError);
    expect(() => new Pooling([4, 4], 2).forward(tensor([[1, 2]]))).toThrow(ShapeError);
  });
});
