import { describe, expect, it } from "vitest";
import { Key } from "../../random/index.ts";
import { type FloatType, parameter, persistent, type Tensor } from "../../tensor/index.ts";
import { adam, adamW, type Optimiser, rmsProp, type StepForm, sgd } from "./index.ts";

const optimisers: Record<string, (parameters: Record<string, Tensor>) => Optimiser> = {
  sgd: (p) => sgd(p, { learningRate: 0.1 }),
  "sgd with clipping": (p) => sgd(p, { learningRate: 0.1, maxGradNorm: 0.5 }),
  momentum: (p) => sgd(p, { learningRate: 0.1, momentum: 0.9, dampening: 0.2, weightDecay: 0.01 }),
  Nesterov: (p) => sgd(p, { learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01, maxGradNorm: 0.5 }),
  rmsProp: (p) => rmsProp(p, { learningRate: 0.01 }),
  "rmsProp in TensorFlow's form": (p) => rmsProp(p, { learningRate: 0.01, tfLike: true, eps: 1e-5, maxGradNorm: 0.5 }),
  "rmsProp with everything": (p) => rmsProp(p, { learningRate: 0.01, momentum: 0.8, centered: true, weightDecay: 0.1 }),
  adam: (p) => adam(p, { learningRate: 0.01, maxGradNorm: 0.5 }),
  "adam with weight decay": (p) => adam(p, { learningRate: 0.01, weightDecay: 0.1 }),
  amsgrad: (p) => adam(p, { learningRate: 0.01, amsgrad: true }),
  adamW: (p) => adamW(p, { learningRate: 0.01, weightDecay: 0.1, maxGradNorm: 0.5 }),
};

/** The largest |Δθ − (gain·g + memory + decay)| over several steps along gradients drawn at random. */
function largestGap(
  make: (parameters: Record<string, Tensor>) => Optimiser,
  dtype: FloatType,
  sumOf = ({ gain, memory, decay }: StepForm, i: number, g: number) => gain[i]! * g + memory[i]! + decay[i]!,
): number {
  const random = Key.fromSeed(3).split("gradients").stream();
  const draw = (size: number) => Array.from({ length: size }, () => random.normal());
  const parameters = { w: parameter(draw(15), [5, 3], dtype), b: parameter(draw(5), [5], dtype) };
  const gradients = { w: persistent([5, 3], dtype), b: persistent([5], dtype) };
  const optimiser = make(parameters);
  let gap = 0;
  for (let t = 0; t < 6; t++) {
    for (const g of Object.values(gradients)) g.set(draw(g.size));
    const moment = optimiser.moment();
    optimiser.update({ of: (p) => (p === parameters.w ? gradients.w : gradients.b) });
    for (const [name, form] of Object.entries(optimiser.formOf(moment))) {
      const [after, before] = [parameters[name as "w"].data, moment.of[name]!.parameter];
      const g = gradients[name as "w"].data;
      for (let i = 0; i < after.length; i++) {
        gap = Math.max(gap, Math.abs(after[i]! - before[i]! - sumOf(form, i, g[i]!)));
      }
    }
  }
  return gap;
}

describe.each(Object.entries(optimisers))("a step of %s", (_, make) => {
  it("is what it is said to be made of", () => {
    expect(largestGap(make, "float64")).toBeLessThan(1e-13);
    expect(largestGap(make, "float32")).toBeLessThan(1e-6);
  });
});

describe("the check of the parts", () => {
  it("notices where one of them is left out", () => {
    for (const [name, make] of Object.entries(optimisers)) {
      expect(
        largestGap(make, "float64", ({ memory }, i) => memory[i]!),
        name,
      ).toBeGreaterThan(1e-4);
    }
    for (const name of ["momentum", "Nesterov", "rmsProp with everything", "adam", "amsgrad"]) {
      expect(
        largestGap(optimisers[name]!, "float64", ({ gain, decay }, i, g) => gain[i]! * g + decay[i]!),
        name,
      ) //
        .toBeGreaterThan(1e-4);
    }
    const still = ({ gain, memory }: StepForm, i: number, g: number) => gain[i]! * g + memory[i]!;
    expect(largestGap(optimisers.adamW!, "float64", still)).toBeGreaterThan(1e-4);
  });
});
