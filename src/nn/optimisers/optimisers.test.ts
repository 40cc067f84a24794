import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Key } from "../../random/index.ts";
import { type FloatType, parameter, plan, step, type Tensor, tensor } from "../../tensor/index.ts";
import { Linear } from "../layers/linear.ts";
import { readSafetensors, writeSafetensors } from "../safetensors.ts";
import { stateDict } from "../state-dict.ts";
import { adam, adamW, clipGradNorm, type Optimiser, rmsProp, sgd } from "./index.ts";

interface TensorJson {
  shape: number[];
  data: number[];
}
interface TrajectoryCase {
  kind: "optimizer";
  optimizer: "SGD" | "RMSprop" | "RMSpropTFLike" | "Adam" | "AdamW";
  options: Record<string, number | boolean | number[]>;
  startParams: number[];
  grads: number[][];
  paramsAfterStep: number[][];
}
interface ClipCase {
  kind: "clip_grad_norm_";
  note: string;
  maxNorm: number;
  normType: number | "inf";
  grads: TensorJson[];
  totalNormBefore: number;
  clippedGrads: TensorJson[];
}
const file = new URL("../../../test/fixtures/torch-optim.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: (TrajectoryCase | ClipCase)[] };
const trajectories = cases.filter((c): c is TrajectoryCase => c.kind === "optimizer");
const clips = cases.filter((c): c is ClipCase => c.kind === "clip_grad_norm_");

const factories = { SGD: sgd, RMSprop: rmsProp, RMSpropTFLike: rmsProp, Adam: adam, AdamW: adamW };

function build(c: TrajectoryCase, x: Tensor): Optimiser {
  const { lr, weight_decay, ...rest } = c.options;
  const options = {
    ...rest,
    learningRate: lr as number,
    ...(weight_decay === undefined ? {} : { weightDecay: weight_decay as number }),
    ...(c.optimizer === "RMSpropTFLike" ? { tfLike: true } : {}),
  };
  return factories[c.optimizer]({ x }, options);
}

function distance(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found.length).toBe(expected.length);
  return Math.max(...Array.from(expected, (e, i) => Math.abs(found[i] - e) / (1 + Math.abs(e))));
}

function trajectoryError(c: TrajectoryCase, dtype: FloatType, optimiserFor = build): number {
  const x = parameter(c.startParams, [c.startParams.length], dtype);
  const optimiser = optimiserFor(c, x);
  let worst = 0;
  c.grads.forEach((g, t) => {
    const gradient = tensor(g, [g.length], dtype);
    optimiser.update({ of: () => gradient });
    worst = Math.max(worst, distance(x.toArray(), c.paramsAfterStep[t]));
  });
  expect(optimiser.steps).toBe(c.grads.length);
  return worst;
}

describe("optimisers", () => {
  it.each(trajectories)("$optimizer $options follows PyTorch", (c) => {
    expect(trajectoryError(c, "float64")).toBeLessThan(1e-10);
    expect(trajectoryError(c, "float32")).toBeLessThan(1e-4);
  });

  it("would notice a wrong rule: AdamW is not Adam, and eps belongs outside the root", () => {
    const decoupled = trajectories.find((c) => c.optimizer === "AdamW")!;
    const asAdam = { ...decoupled, optimizer: "Adam", options: { lr: 0.01, weight_decay: 0.01 } } as TrajectoryCase;
    expect(trajectoryError(asAdam, "float64")).toBeGreaterThan(1e-6);
    const tfLike = trajectories.find((c) => c.optimizer === "RMSpropTFLike")!;
    expect(trajectoryError({ ...tfLike, optimizer: "RMSprop" }, "float64")).toBeGreaterThan(1e-4);
  });

  it.each(clips)("clips to $maxNorm: $note", (c) => {
    for (const dtype of ["float64", "float32"] as const) {
      const tolerance = dtype === "float64" ? 1e-10 : 1e-4;
      const gradients = c.grads.map((g) => tensor(g.data, g.shape, dtype));
      const norm = c.normType === "inf" ? Number.POSITIVE_INFINITY : 2;
      const result = clipGradNorm(gradients, c.maxNorm, norm);
      expect(distance(result.norm.toArray(), [c.totalNormBefore])).toBeLessThan(tolerance);
      c.clippedGrads.forEach((expected, i) => {
        expect(distance(result.gradients[i].toArray(), expected.data)).toBeLessThan(tolerance);
        expect(distance(gradients[i].toArray(), c.grads[i].data)).toBeLessThan(1e-7);
      });
      if (norm !== 2) continue;
      const parameters = Object.fromEntries(
        c.grads.map((g, i) => [
          i,
          parameter(
            g.data.map(() => 0),
            g.shape,
            dtype,
          ),
        ]),
      );
      const optimiser = sgd(parameters, { learningRate: 1, maxGradNorm: c.maxNorm });
      const sources = new Map(gradients.map((g, i) => [parameters[i], g]));
      optimiser.update({ of: (p) => sources.get(p)! });
      expect(distance(optimiser.gradientNorm!.toArray(), [c.totalNormBefore])).toBeLessThan(tolerance);
      c.clippedGrads.forEach((expected, i) => {
        expect(
          distance(
            parameters[i].toArray().map((v) => -v),
            expected.data,
          ),
        ).toBeLessThan(tolerance);
      });
    }
  });

  it("measures the norm anew at every step", () => {
    const [x, y] = [parameter([0, 0], [2]), parameter([0], [1])];
    const optimiser = sgd({ x, y }, { learningRate: 1, maxGradNorm: 1 });
    for (const [gx, gy, norm] of [
      [[3, 0], 4, 5],
      [[0.3, 0], 0.4, 0.5],
      [[6, 0], 8, 10],
    ] as const) {
      const gradients = new Map([
        [x, tensor(gx)],
        [y, tensor(gy, [1])],
      ]);
      optimiser.update({ of: (p) => gradients.get(p)! });
      expect(optimiser.gradientNorm!.item()).toBeCloseTo(norm, 6);
      expect(optimiser.clipCoefficient!.item()).toBeCloseTo(Math.min(1, 1 / norm), 5);
    }
    expect(x.data[0]).toBeCloseTo(-(0.6 + 0.3 + 0.6), 5);
  });

  it("gives the same bits when replayed from a plan, with the learning rate read at each run", () => {
    const c = trajectories.find((t) => t.options.amsgrad)!;
    const eager = parameter(c.startParams, [5]);
    const planned = parameter(c.startParams, [5]);
    const a = adam({ x: eager }, { maxGradNorm: 1, amsgrad: true });
    const b = adam({ x: planned }, { maxGradNorm: 1, amsgrad: true });
    const update = plan({ gradient: { shape: [5] } }, ({ gradient }) => b.update({ of: () => gradient }));
    expect(update.length).toBe(4);
    c.grads.forEach((g, t) => {
      a.learningRate = b.learningRate = 0.01 / (t + 1);
      step(() => {
        const gradient = tensor(g);
        a.update({ of: () => gradient });
      });
      update.inputs.gradient.set(g);
      update.run();
      expect(planned.toArray()).toEqual(eager.toArray());
    });
    expect(b.steps).toBe(c.grads.length);
    expect(b.clipCoefficient!.item()).toBeLessThan(1);
  });

  it.each(trajectories)("$optimizer $options goes on exactly where it was saved", (c) => {
    const whole = parameter(c.startParams, [5]);
    const first = parameter(c.startParams, [5]);
    const optimisers = [build(c, whole), build(c, first)];
    const update = (optimiser: Optimiser, t: number) => optimiser.update({ of: () => tensor(c.grads[t]) });
    for (let t = 0; t < 5; t++) for (const optimiser of optimisers) update(optimiser, t);
    const bytes = writeSafetensors(stateDict(optimisers[1].state()));
    const second = parameter(first.toArray(), [5]);
    const resumed = build(c, second);
    resumed.restore(readSafetensors(bytes).tensors);
    for (let t = 5; t < 10; t++) for (const optimiser of [optimisers[0], resumed]) update(optimiser, t);
    expect(second.toArray()).toEqual(whole.toArray());
    expect(resumed.steps).toBe(10);
  });

  it.each([sgd, adam, adamW, rmsProp])("takes a layer as well as its parameters: %o", (make) => {
    const layer = new Linear({ inputs: 2, outputs: 1, key: Key.fromSeed(0) });
    expect(make(layer).parameters).toEqual(layer.parameters());
    expect(Object.keys(make(layer, { learningRate: 0.5 }).state())).toEqual(
      Object.keys(make(layer.parameters()).state()),
    );
  });

  it("refuses what does not fit", () => {
    const x = parameter([1, 2], [2]);
    expect(() => adam({ x }, { learningRate: -1 })).toThrow(
      /learningRate must be a finite number of at least 0; got -1/,
    );
    expect(() => adam({ x }, { betas: [0.9, 1] })).toThrow(/betas\[1\] must be at least 0 and below 1; got 1/);
    expect(() => sgd({ x }, { nesterov: true })).toThrow(/nesterov/);
    expect(() => adam({ x }, { maxGradNorm: 0 })).toThrow(/maxGradNorm must be positive; got 0/);
    for (const make of [sgd, adam, adamW, rmsProp]) {
      expect(() => make({ x }, { lr: 0.1 } as object)).toThrow(
        `lr must be left out, because ${make.name} has no such option. Did you mean "learningRate"?`,
      );
      expect(() => make({ x }, 0.1 as never)).toThrow(
        `the options of ${make.name} must be an object with any of learn`,
      );
      expect(() => make(undefined as never)).toThrow("parameters must be a layer, or tensors by name such as { w, b }");
      expect(() => make({ x: [1, 2] } as never)).toThrow("parameters must be a layer, or tensors by name");
    }
    expect(() => sgd({ x }, { constructor: 1 } as object)).toThrow(/It has learningRate, .*, maxGradNorm\.$/);
    const optimiser = adam({ x });
    expect(() => optimiser.update({ of: () => tensor([1, 2, 3]) })).toThrow(/gradient of "x" must be of shape \[2\]/);
    const saved = stateDict(sgd({ x }, { momentum: 0.9 }).state());
    expect(() => optimiser.restore(saved)).toThrow(/lacks "m\/x", "v\/x" and has unknown "momentum\/x"/);
  });
});
