import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { ConfigError, ShapeError } from "../errors.ts";
import { type Nested, parameter, plan, square, step, type Tensor, tensor } from "./index.ts";

describe("a tensor's text", () => {
  it("shows dtype, shape and the first values, in console.log too", () => {
    expect(
      String(
        tensor([
          [1, 0.1],
          [-3, 1 / 3],
        ]),
      ),
    ).toBe("Tensor float32 [2,2]: 1, 0.1, -3, 0.3333333");
    expect(inspect(tensor(new Float64Array(9).fill(0.5), [3, 3], "float64"))).toBe(
      "Tensor float64 [3,3]: 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, …",
    );
    expect(inspect({ loss: tensor(2, [], "int32") })).toBe("{ loss: Tensor int32 []: 2 }");
  });

  it("says where there are no values", () => {
    let kept: Tensor | undefined;
    step(() => {
      kept = tensor([1]);
      expect(String(kept)).toBe("Tensor float32 [1]: 1");
    });
    expect(String(kept)).toBe("Tensor float32 [1]: stale, made in a step that has ended");
    const texts: string[] = [];
    const w = parameter([4]);
    const made = plan({ x: { shape: [1] } }, ({ x }) => {
      texts.push(String(x), String(square(x)), String(w));
      return x;
    });
    const none = "Tensor float32 [1]: no values yet, a plan is being recorded";
    expect(texts).toEqual([none, none, "Tensor float32 [1]: 4"]);
    // Of x, which square() reads; w was only looked at.
    expect(made.references).toBe(1);
  });
});

describe("parameter", () => {
  it("takes its shape from the values, as tensor does", () => {
    expect(parameter([1, 2]).shape).toEqual([2]);
    const matrix = parameter([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(matrix.shape).toEqual([2, 3]);
    expect([...matrix.toArray()]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(matrix.requiresGrad && !matrix.isTemporary).toBe(true);
    expect(parameter([[1, 2, 3, 4]], [2, 2], "float64").shape).toEqual([2, 2]);
  });

  it.each([parameter, tensor])("and refuses what gives none: %o", (make) => {
    expect(() => make([[1], [2, 3]])).toThrow(/^values must be rectangular/);
    expect(() => make([1, 2, 3], [2])).toThrow("values must be 2 numbers for shape [2]; got 3");
    for (const wrong of [undefined, "12", ["a"], {}]) {
      expect(() => make(wrong as unknown as Nested)).toThrow(ShapeError);
      expect(() => make(wrong as unknown as Nested)).toThrow(
        /^values must be a number, a \(nested\) list of numbers, or/,
      );
    }
    expect(() => make([1], 1 as unknown as number[])).toThrow(ConfigError);
    expect(() => make([1], 1 as unknown as number[])).toThrow("shape must be a list of non-negative integers; got 1");
  });
});
