import { describe, expect, it } from "vitest";
import { ShapeError } from "../../errors.ts";
import { Key } from "../../random/index.ts";
import { backward, cast, gradcheck, perSample, relu, square, sum, type Tensor, tensor } from "../../tensor/index.ts";
import { mlp } from "../mlp.ts";
import { rmsProp } from "../optimisers/index.ts";
import { Linear } from "./linear.ts";
import { SparseLinear } from "./sparse-linear.ts";

const key = Key.fromSeed(3);
const inputs = 600;

/** Rows of which nine in ten entries, or nearly all, are 0 or −0. */
function frames(rows: number, every: number): Tensor {
  const random = key.split("frames", every).stream();
  const values = Float32Array.from({ length: rows * inputs }, () =>
    random.integer(every) === 0 ? random.normal() : random.integer(2) === 0 ? 0 : -0,
  );
  return tensor(values, [rows, inputs]);
}

function turned({ data, shape }: Tensor): number[] {
  const [rows, columns] = shape as [number, number];
  return Array.from({ length: data.length }, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!);
}

describe("a linear layer that skips zeros", () => {
  it.each([2, 20, 200])("has the bits of a linear layer, where one input of %i is not 0", (every) => {
    const x = frames(40, every);
    const [sparse, dense] = [SparseLinear, Linear].map((Layer) => {
      const layer = new Layer({ inputs, outputs: 50, key });
      const y = layer.forward(x);
      const gradients = backward(sum(square(relu(y))));
      return { layer, y, gradients };
    }) as [Made<SparseLinear>, Made<Linear>];
    expect(sparse.layer.weight.shape).toEqual([inputs, 50]);
    expect(sparse.y.toArray()).toEqual(dense.y.toArray());
    expect(turned(sparse.gradients.of(sparse.layer.weight))).toEqual(
      Array.from(dense.gradients.of(dense.layer.weight).toArray()),
    );
    expect(sparse.gradients.of(sparse.layer.bias!).toArray()).toEqual(dense.gradients.of(dense.layer.bias!).toArray());
  });

  it("takes bytes for the numbers that they are", () => {
    const layer = new SparseLinear({ inputs, outputs: 50, key });
    const bytes = tensor(
      frames(40, 30)
        .toArray()
        .map((value) => Math.abs(Math.round(100 * value)) % 256),
      [40, inputs],
      "uint8",
    );
    const learned = (x: Tensor) => {
      const y = layer.forward(x);
      const gradients = backward(sum(square(y)));
      const norms = perSample(gradients, [layer.weight], { batch: 40 }).squaredNorms();
      return [y, gradients.of(layer.weight), gradients.of(layer.bias!), norms].map((result) => result.toArray());
    };
    expect(learned(bytes)).toEqual(learned(cast(bytes, "float32")));
    const wide = new SparseLinear({ inputs, outputs: 2, key, dtype: "float64" });
    expect(wide.forward(bytes).toArray()).toEqual(wide.forward(cast(bytes, "float64")).toArray());
  });

  it("is first in a network that learns the same, bit for bit", () => {
    const x = frames(40, 100);
    const [sparse, dense] = [true, false].map((sparseInput) => {
      const network = mlp({ inputs, hidden: [40, 16], outputs: 2, key, sparseInput });
      const optimiser = rmsProp(network.parameters());
      for (let i = 0; i < 3; i++) optimiser.update(backward(sum(square(network.forward(x)))));
      return network.parameters();
    });
    expect(turned(sparse!["0.weight"]!)).toEqual(Array.from(dense!["0.weight"]!.toArray()));
    for (const name of ["2.weight", "4.weight", "4.bias"]) {
      expect(sparse![name]!.toArray()).toEqual(dense![name]!.toArray());
    }
  });

  it("has the gradients that differences find, of its input too", () => {
    const layer = new SparseLinear({ inputs: 7, outputs: 4, key, dtype: "float64" });
    const values = new Float64Array(21);
    key.split("x").stream().fillNormal(values);
    const x = tensor(values, [3, 7], "float64");
    expect(gradcheck(() => layer.forward(x), [x]).ok).toBe(true);
    expect(gradcheck(() => square(layer.forward(x)), Object.values(layer.parameters())).ok).toBe(true);
  });

  it("has gradients per sample whose mean is the gradient", () => {
    const layer = new SparseLinear({ inputs, outputs: 8, key });
    const x = frames(6, 50);
    const gradients = backward(sum(square(layer.forward(x))));
    const norms = perSample(gradients, [layer.weight], { batch: 6 }).squaredNorms().toArray();
    for (let i = 0; i < 6; i++) {
      const own = tensor(x.toArray().slice(i * inputs, (i + 1) * inputs), [1, inputs]);
      const alone = backward(sum(square(layer.forward(own)))).of(layer.weight);
      expect(norms[i]! / sum(square(alone)).item()).toBeCloseTo(1, 4);
    }
  });

  it("refuses inputs of another width", () => {
    const layer = new SparseLinear({ inputs: 5, outputs: 2, key });
    expect(() => layer.forward(tensor([[1, 2]]))).toThrow(ShapeError);
  });
});

interface Made<L> {
  readonly layer: L;
  readonly y: Tensor;
  readonly gradients: ReturnType<typeof backward>;
}
