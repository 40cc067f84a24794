import { describe, expect, it } from "vitest";
import { Key } from "../../random/index.ts";
import {
  assertGradients,
  backward,
  gradcheck,
  noGrad,
  randomNormal,
  randomStream,
  type Shape,
  step,
  sum,
  type Tensor,
  tensor,
} from "../../tensor/index.ts";
import { Activation, activationFunction, activationNames } from "../activation.ts";
import { constantInit, orthogonal, zerosInit } from "../initialisers/index.ts";
import { joinParameters, type Layer } from "../layer.ts";
import { mlp } from "../mlp.ts";
import { Gru } from "../recurrent/gru.ts";
import { Lstm } from "../recurrent/lstm.ts";
import { sequential } from "../sequential.ts";
import { Conv2d } from "./conv2d.ts";
import { Embedding } from "./embedding.ts";
import { Flatten } from "./flatten.ts";
import { LayerNorm } from "./layer-norm.ts";
import { Linear } from "./linear.ts";

const key = Key.fromSeed(4);
const dtype = "float64";
const random = (shape: Shape, name = "x") => randomNormal(randomStream(key.split(name)), shape, { dtype });
const shapes = (layer: { parameters(): Record<string, Tensor> }) =>
  Object.fromEntries(Object.entries(layer.parameters()).map(([name, p]) => [name, p.shape]));

describe("layers", () => {
  it("name and shape their parameters as PyTorch", () => {
    expect(shapes(new Linear({ inputs: 3, outputs: 5, key }))).toEqual({ weight: [5, 3], bias: [5] });
    expect(shapes(new Linear({ inputs: 3, outputs: 5, key, bias: false }))).toEqual({ weight: [5, 3] });
    expect(shapes(new Conv2d({ inputs: 3, outputs: 5, kernel: [2, 4], key }))).toEqual({
      weight: [5, 3, 2, 4],
      bias: [5],
    });
    expect(shapes(new LayerNorm({ size: 6 }))).toEqual({ weight: [6], bias: [6] });
    expect(shapes(new Embedding({ entries: 7, features: 2, key }))).toEqual({ weight: [7, 2] });
    const network = mlp({ inputs: 4, hidden: [8, 6], outputs: 2, activation: "relu", key });
    expect(shapes(network)).toEqual({
      "0.weight": [8, 4],
      "0.bias": [8],
      "2.weight": [6, 8],
      "2.bias": [6],
      "4.weight": [2, 6],
      "4.bias": [2],
    });
    expect(Object.keys(joinParameters({ actor: network, logStd: tensor([0]) })).slice(-2)).toEqual([
      "actor.4.bias",
      "logStd",
    ]);
    expect(Object.values(network.parameters()).every((p) => p.requiresGrad && p.dtype === "float32")).toBe(true);
  });

  const gradients: [string, Layer, Shape][] = [
    ["Linear", new Linear({ inputs: 4, outputs: 3, key, dtype }), [5, 4]],
    ["Linear over sequences", new Linear({ inputs: 4, outputs: 3, key, dtype }), [2, 3, 4]],
    ["Conv2d", new Conv2d({ inputs: 2, outputs: 3, kernel: 3, stride: 2, padding: 1, key, dtype }), [2, 2, 5, 6]],
    ["LayerNorm", new LayerNorm({ size: 6, dtype }), [4, 6]],
    ["mlp", mlp({ inputs: 4, hidden: [5, 6], outputs: 2, key, dtype }), [3, 4]],
    [
      "a convolutional network",
      sequential(
        new Conv2d({ inputs: 1, outputs: 2, kernel: 2, key, dtype }),
        new Activation("silu"),
        new Flatten(),
        new Linear({ inputs: 8, outputs: 2, key, dtype }),
      ),
      [2, 1, 3, 3],
    ],
    ...activationNames.map((name): [string, Layer, Shape] => [name, new Activation(name), [3, 4]]),
  ];
  it.each(gradients)("%s passes the gradient check", (_name, layer, shape) => {
    const x = random(shape);
    assertGradients(() => layer.forward(x), [x, ...Object.values(layer.parameters())]);
  });

  it("whose weights are used without gradient do not pass it", () => {
    const layer = new Linear({ inputs: 4, outputs: 3, key, dtype });
    const x = random([5, 4]);
    const broken = () => noGrad(() => layer.forward(x));
    expect(gradcheck(broken, [x, layer.weight]).ok).toBe(false);
  });

  it("Embedding gives the rows asked for, and their gradients", () => {
    const layer = new Embedding({ entries: 5, features: 2, key, dtype });
    const y = layer.forward(tensor([3, 0, 3], undefined, "int32"));
    const rows = layer.weight.toArray();
    expect([...y.toArray()]).toEqual([...rows.slice(6, 8), ...rows.slice(0, 2), ...rows.slice(6, 8)]);
    expect([...backward(sum(y)).of(layer.weight).toArray()]).toEqual([1, 1, 0, 0, 0, 0, 2, 2, 0, 0]);
    assertGradients(() => layer.forward(tensor([3, 0, 3], undefined, "int32")), [layer.weight]);
  });

  it("take initialisers, and one seed gives one network in either precision", () => {
    const options = { inputs: 8, hidden: [8], outputs: 3, key, biasInit: zerosInit };
    const inits = { hiddenInit: orthogonal(Math.SQRT2), outputInit: constantInit(0.25) };
    const single = mlp({ ...options, ...inits }).parameters();
    const double = mlp({ ...options, ...inits, dtype }).parameters();
    for (const [name, p] of Object.entries(single)) {
      expect([...p.toArray()]).toEqual([...double[name].toArray()].map(Math.fround));
    }
    expect(new Set(single["2.weight"].toArray())).toEqual(new Set([0.25]));
    expect(new Set(single["0.bias"].toArray())).toEqual(new Set([0]));
    const w = double["0.weight"].toArray();
    const row = (i: number) => w.slice(8 * i, 8 * i + 8);
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((s, v, k) => s + v * b[k], 0);
    expect(Math.abs(dot(row(0), row(0)) - 2)).toBeLessThan(1e-14);
    expect(Math.abs(dot(row(0), row(5)))).toBeLessThan(1e-14);
    expect([
      ...mlp({ ...options, key: Key.fromSeed(5) })
        .parameters()
        ["0.weight"].toArray(),
    ]).not.toEqual([...mlp(options).parameters()["0.weight"].toArray()]);
  });

  it("without hidden layers or outputs are what is left", () => {
    const x = random([2, 3]);
    expect(mlp({ inputs: 3, hidden: [], key, dtype }).forward(x)).toBe(x);
    step(() => expect(mlp({ inputs: 3, hidden: [4], key, dtype }).forward(x).shape).toEqual([2, 4]));
    expect(Object.keys(mlp({ inputs: 3, hidden: [], outputs: 2, key }).parameters())).toEqual(["0.weight", "0.bias"]);
  });

  it("refuse sizes and names that do not exist", () => {
    expect(() => new Linear({ inputs: 3, outputs: 0, key })).toThrow(
      "Linear.outputs must be a positive integer; got 0",
    );
    expect(() => mlp({ inputs: 3, hidden: [2.5], key })).toThrow("Linear.outputs must be a positive integer; got 2.5");
    const unknown: string = "swish";
    expect(() => activationFunction(unknown as "silu")).toThrow(/activation must be one of "tanh", .*; got "swish"/);
  });
});

describe("options", () => {
  it("a network without a key says where one comes from", () => {
    const keyless = { inputs: 1, outputs: 1, hidden: [2], kernel: 1, entries: 1, features: 1 };
    const pick = (...names: (keyof typeof keyless)[]) => Object.fromEntries(names.map((n) => [n, keyless[n]])) as never;
    const sentence = (layer: string) =>
      `${layer}.key must be the Key that its first values come from, such as Key.fromSeed(0)`;
    expect(() => mlp(pick("inputs", "hidden"))).toThrow(sentence("mlp"));
    expect(() => new Linear(pick("inputs", "outputs"))).toThrow(sentence("Linear"));
    expect(() => new Conv2d(pick("inputs", "outputs", "kernel"))).toThrow(sentence("Conv2d"));
    expect(() => new Embedding(pick("entries", "features"))).toThrow(sentence("Embedding"));
    expect(() => new Gru({ inputs: 1, hidden: 2 } as never)).toThrow(sentence("Gru"));
    expect(() => new Lstm({ inputs: 1, hidden: 2, key: 3 } as never)).toThrow(`${sentence("Lstm")}; got 3`);
  });

  it("that do not exist are refused with the likely name", () => {
    const made = { inputs: 1, outputs: 1, hidden: [2], kernel: 1, entries: 1, features: 1, size: 1, key };
    const said = (layer: string, name: string, near: string) =>
      `${name} must be left out, because ${layer} has no such option. Did you mean "${near}"?`;
    const { inputs, outputs, hidden, kernel, entries, features, size } = made;
    expect(() => mlp({ inputs, hidden, key, activaton: "relu" } as never)).toThrow(
      said("mlp", "activaton", "activation"),
    );
    expect(() => new Linear({ inputs, outputs, key, biass: false } as never)).toThrow(said("Linear", "biass", "bias"));
    expect(() => new Conv2d({ inputs, outputs, kernel, key, strides: 2 } as never)).toThrow(
      said("Conv2d", "strides", "stride"),
    );
    expect(() => new LayerNorm({ size, epsilon: 1 } as never)).toThrow("because LayerNorm has no such option");
    expect(() => new Embedding({ entries, features, key, type: 1 } as never)).toThrow(
      said("Embedding", "type", "dtype"),
    );
    expect(() => new Gru({ inputs, hidden: 2, key, weightInt: 1 } as never)).toThrow(
      said("Gru", "weightInt", "weightInit"),
    );
    expect(() => mlp(undefined as never)).toThrow("the options of mlp must be an object with any of inputs, hidden");
    expect(() => mlp({ inputs, hidden: 64, key } as never)).toThrow(
      "mlp.hidden must be a list of widths, such as [64, 64]",
    );
  });
});
