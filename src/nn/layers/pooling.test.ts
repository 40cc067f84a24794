import { describe, expect, it } from "vitest";
import { ConfigError, ShapeError } from "../../errors.ts";
import { Key } from "../../random/index.ts";
import { gradcheck, randomNormal, randomStream, tensor } from "../../tensor/index.ts";
import { Pooling } from "./pooling.ts";

describe("pooling", () => {
  it("by hand: sums of squares, divided by their side", () => {
    const pooling = new Pooling([2, 2, 4], 2);
    expect([pooling.inputs, pooling.outputs]).toEqual([16, 4]);
    const images = [
      [1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 1, 0, 0, 0, 0, -1],
      [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8],
    ];
    expect([...pooling.forward(tensor(images)).toArray()]).toEqual([7, 11, 0, 0, 0.5, 0, 0, 4]);
    expect(pooling.parameters()).toEqual({});
  });

  it("keeps the deviation of noise, and has the gradients that differences find", () => {
    const pooling = new Pooling([60, 60], 3);
    const noise = randomNormal(randomStream(Key.fromSeed(1)), [2, 3600], { dtype: "float64" });
    const pooled = pooling.forward(noise).toArray();
    const variance = Array.from(pooled).reduce((total, value) => total + value * value, 0) / pooled.length;
    expect(Math.abs(variance - 1)).toBeLessThan(0.15);
    const small = randomNormal(randomStream(Key.fromSeed(2)), [2, 16], { dtype: "float64" });
    expect(gradcheck((x) => new Pooling([4, 4], 2).forward(x), [small]).ok).toBe(true);
  });

  it.each([1, 2, 3, 4, 5])("side %i, float32: one chain of additions down each column, then one across", (side) => {
    const [height, width] = [2 * side, 11 * side];
    const images = randomNormal(randomStream(Key.fromSeed(side)), [3, height * width]);
    const pooled = new Pooling([height, width], side).forward(images).toArray();
    const chain = (terms: number[]) => terms.reduce((total, term) => Math.fround(total + term));
    const steps = Array.from({ length: side }, (_, i) => i);
    const square = (corner: number) =>
      chain(steps.map((j) => chain(steps.map((i) => images.data[corner + i * width + j]!))));
    const corners = Array.from({ length: 66 }, (_, s) => Math.floor(s / 11) * side * width + (s % 11) * side);
    const scale = Math.fround(1 / side);
    expect([...pooled]).toEqual(corners.map((corner) => Math.fround(square(corner) * scale)));
  });

  it("refuses sides that are no multiples, what is no image, and other widths", () => {
    expect(() => new Pooling([80, 80], 3)).toThrow(
      /pooling must be a divisor of the height and width of an image; what is observed is of shape \[80,80\]; got 3/,
    );
    expect(() => new Pooling([9], 3)).toThrow(ConfigError);
    expect(() => new Pooling([4, 4], 2).forward(tensor([[1, 2]]))).toThrow(ShapeError);
  });
});
