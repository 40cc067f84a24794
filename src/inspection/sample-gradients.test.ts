import { describe, expect, it } from "vitest";
import { stepAlong, type Terms } from "../../test/support/gradient-step.ts";
import { indices, uniform } from "../../test/support/gradients.ts";
import { expectClose } from "../../test/support/per-sample.ts";
import { Categorical } from "../distributions/index.ts";
import { log } from "../math/index.ts";
import {
  Activation,
  Conv2d,
  Embedding,
  Flatten,
  Gru,
  type Layer,
  LayerNorm,
  Linear,
  Lstm,
  sequential,
  sgd,
} from "../nn/index.ts";
import { Key } from "../random/index.ts";
import {
  add,
  backward,
  broadcastTo,
  cast,
  type FloatType,
  linear,
  mul,
  neg,
  noGrad,
  parameter,
  reshape,
  slice,
  square,
  step,
  sum,
  type Tensor,
  tanh,
  tensor,
} from "../tensor/index.ts";
import { measureSamples, type StepMeasures } from "./sample-gradients.ts";

const key = Key.fromSeed(12);
const N = 4;

interface Model {
  readonly parameters: Readonly<Record<string, Tensor>>;
  readonly data: Tensor;
  /** `[n, …]` of n samples of the data. */
  forward(data: Tensor): Tensor;
}

function layered(layer: Layer, data: Tensor): Model {
  return { parameters: layer.parameters(), data, forward: (x) => layer.forward(x) };
}

const models: Record<string, (dtype: FloatType) => Model> = {
  "linear layers": (dtype) => {
    const tanhThenRelu = sequential(
      new Linear({ inputs: 3, outputs: 6, key: key.split("a"), dtype }),
      new Activation("tanh"),
      new Linear({ inputs: 6, outputs: 5, key: key.split("b"), dtype }),
      new Activation("relu"),
      new Linear({ inputs: 5, outputs: 2, key: key.split("c"), dtype }),
    );
    return layered(tanhThenRelu, drawn("x", [N, 3], dtype));
  },
  "convolutions and layer normalisation": (dtype) => {
    const image = sequential(
      new Conv2d({ inputs: 2, outputs: 3, kernel: 3, stride: 2, key: key.split("conv"), dtype }),
      new Activation("silu"),
      new Flatten(),
      new Linear({ inputs: 12, outputs: 4, key: key.split("linear"), dtype }),
      new LayerNorm({ size: 4, dtype }),
    );
    return layered(image, drawn("image", [N, 2, 6, 6], dtype));
  },
  embeddings: (dtype) => {
    const words = new Embedding({ entries: 5, features: 3, key: key.split("words"), dtype });
    const data = indices(key.split("index").stream(), [N, 2], 5);
    return { parameters: words.parameters(), data, forward: (x) => tanh(sum(words.forward(x), 1)) };
  },
  "an LSTM": (dtype) => {
    const lstm = new Lstm({ inputs: 2, hidden: 3, key: key.split("lstm"), dtype });
    const data = drawn("sequence", [N, 5, 2], dtype);
    return { parameters: lstm.parameters(), data, forward: (x) => flat(lstm.forward(x).output) };
  },
  "a GRU": (dtype) => {
    const gru = new Gru({ inputs: 2, hidden: 3, key: key.split("gru"), dtype });
    const data = drawn("sequence", [N, 5, 2], dtype);
    return { parameters: gru.parameters(), data, forward: (x) => flat(gru.forward(x).output) };
  },
  "a layer with noise on its weights": (dtype) => {
    const mu = parameter(drawn("mu", [2, 3], dtype).toArray(), [2, 3], dtype);
    const sigma = parameter(drawn("sigma", [2, 3], dtype).toArray(), [2, 3], dtype);
    const noise = drawn("noise", [2, 3], dtype);
    const forward = (x: Tensor) => linear(x, add(mu, mul(sigma, noise)));
    return { parameters: { mu, sigma }, data: drawn("x", [N, 3], dtype), forward };
  },
  "a parameter that meets the data elementwise": (dtype) => {
    const scale = parameter([0.3, -0.7, 1.1], [3], dtype);
    return {
      parameters: { scale },
      data: drawn("x", [N, 3], dtype),
      forward: (x) => tanh(mul(x, broadcastTo(scale, x.shape))),
    };
  },
};

function drawn(name: string, shape: readonly number[], dtype: FloatType): Tensor {
  return noGrad(() => cast(uniform(key.split(name).stream(), shape), dtype));
}

function flat(x: Tensor): Tensor {
  return reshape(x, [x.shape[0]!, -1]);
}

const weights = { first: 0.7, second: -0.3 };

/** Two terms of different shape, so that they pull in different directions. */
function termsOf({ forward }: Model, data: Tensor): Terms {
  const output = flat(forward(data));
  return { first: sum(square(output), 1), second: sum(tanh(add(output, 0.4)), 1) };
}

/** The gradients of one sample's own loss, or of one of its terms, from a forward and a backward pass of its own. */
function alone(model: Model, i: number, names: readonly (keyof typeof weights)[]): number[] {
  return step(() => {
    const own = noGrad(() => slice(model.data, 0, i, i + 1));
    const terms = termsOf(model, own);
    const loss = names.map((name) => mul(sum(terms[name]!), weights[name])).reduce((a, b) => add(a, b));
    const gradients = backward(loss);
    return Object.values(model.parameters).flatMap((p) =>
      gradients.has(p) ? Array.from(gradients.of(p).toArray()) : new Array<number>(p.size).fill(0),
    );
  });
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((all, x, i) => all + x * b[i]!, 0);
const all = ["first", "second"] as const;

function check(model: Model, tolerance: number, found: StepMeasures): void {
  const samples = Array.from({ length: N }, (_, i) => i);
  const own = samples.map((i) => alone(model, i, all));
  const whole = own[0]!.map((_, k) => own.reduce((total, g) => total + g[k]! / N, 0));
  const squared = dot(whole, whole);
  expectClose([found.gradientNorm], [Math.sqrt(squared)], tolerance, "‖G‖");
  const measures = [[all, found], ...all.map((name) => [[name], found.terms[name]!] as const)] as const;
  for (const [names, { norm, share }] of measures) {
    const gradients = samples.map((i) => alone(model, i, names));
    const norms = gradients.map((g) => Math.sqrt(dot(g, g)));
    const shares = gradients.map((g) => dot(g, whole) / N / squared);
    expectClose(norm, norms, tolerance, `norms of ${names}`);
    expectClose(share, shares, tolerance, `shares of ${names}`);
  }
}

describe.each(Object.entries(models))("norms and shares of %s", (_name, make) => {
  it.each([
    ["float64", 1e-9],
    ["float32", 1e-4],
  ] as const)("equal one sample at a time, %s", (dtype, tolerance) => {
    const model = make(dtype);
    const taken = stepAlong(() => termsOf(model, model.data), weights, sgd(model.parameters));
    const found = measureSamples(taken)();
    check(model, tolerance, found);
    expect(found.share.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    const mean = found.loss.reduce((a, b) => a + b) / N;
    expect(Math.abs(mean - taken.loss.item())).toBeLessThan(tolerance * (1 + Math.abs(mean)));
  });

  it("would be told from those of other samples", () => {
    const model = make("float64");
    const taken = stepAlong(() => termsOf(model, model.data), weights, sgd(model.parameters));
    const { norm, ...rest } = measureSamples(taken)();
    expect(() => check(model, 1e-9, { ...rest, norm: norm.toReversed() })).toThrow();
  });
});

describe("the worked case: π = [0.9, 0.05, 0.05] and an advantage of 1", () => {
  // ∂(−log π(a))/∂logits = π − e_a: √(0.1² + 0.05² + 0.05²) = 0.1225, √(0.9² + 0.95² + 0.05²) = 1.3096.
  it.each([
    [0, 0.122],
    [1, 1.31],
    [2, 1.31],
  ])("action %i pushes the logits by %f", (action, norm) => {
    const logits = parameter([0.9, 0.05, 0.05].map(log), [1, 3], "float64");
    const policy = () => neg(new Categorical(logits).logProb(tensor([action], [1], "int32")));
    const taken = stepAlong(() => ({ policy: policy() }), { policy: 1 }, sgd({ logits }));
    const found = measureSamples(taken)();
    expect(found.norm[0]).toBeCloseTo(norm, 3);
    expect(found.terms.policy!.norm[0]).toBeCloseTo(norm, 3);
    expect(found.share[0]).toBeCloseTo(1, 12);
  });
});
