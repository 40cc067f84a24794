import { describe, expect, it } from "vitest";
import { stepAlong } from "../../test/support/gradient-step.ts";
import { uniform } from "../../test/support/gradients.ts";
import { adam, adamW, mlp, type Optimiser, type Parameters, rmsProp, sgd } from "../nn/index.ts";
import { Key } from "../random/index.ts";
import {
  backward,
  cast,
  type FloatType,
  mean,
  noGrad,
  reshape,
  slice,
  square,
  step,
  type Tensor,
} from "../tensor/index.ts";
import { type Movement, measureMovement, partNames } from "./movement.ts";

const key = Key.fromSeed(8);
const N = 6;
const exploratory = Uint8Array.of(1, 0, 0, 1, 0, 0);

const optimisers: Record<string, (parameters: Parameters) => Optimiser> = {
  SGD: (p) => sgd(p, { learningRate: 0.1 }),
  "SGD with clipping": (p) => sgd(p, { learningRate: 0.1, maxGradNorm: 0.1 }),
  momentum: (p) => sgd(p, { learningRate: 0.1, momentum: 0.9, maxGradNorm: 0.1 }),
  RMSprop: (p) => rmsProp(p, { learningRate: 0.01, maxGradNorm: 0.1 }),
  "RMSprop with momentum": (p) => rmsProp(p, { learningRate: 0.01, momentum: 0.9, tfLike: true, eps: 1e-5 }),
  Adam: (p) => adam(p, { learningRate: 0.01 }),
  "Adam with clipping": (p) => adam(p, { learningRate: 0.01, maxGradNorm: 0.1, eps: 1e-5 }),
  AdamW: (p) => adamW(p, { learningRate: 0.01, weightDecay: 0.1 }),
};

function moves(make: (parameters: Parameters) => Optimiser, dtype: FloatType, steps: number) {
  const network = mlp({ inputs: 3, hidden: [6], outputs: 1, key, dtype });
  const x = noGrad(() => cast(uniform(key.split("x").stream(), [N, 3]), dtype));
  const optimiser = make(network.parameters());
  const losses = (rows: Tensor) => square(reshape(network.forward(rows), [-1]));
  const taken = stepAlong(() => ({ value: losses(x) }), { value: 1 }, optimiser);
  const movement = measureMovement(taken);
  const gradientOf = (rows: number[]) =>
    step(() => {
      const all = backward(mean(losses(x)));
      const own = rows.map((i) => backward(mean(losses(noGrad(() => slice(x, 0, i, i + 1))))));
      return Object.values(network.parameters()).flatMap((p) => {
        expect(all.of(p).size).toBe(p.size);
        return Array.from(all.of(p).data, (_, k) => own.reduce((sum, g) => sum + g.of(p).data[k]! / N, 0));
      });
    });
  const found: (Movement & { gradient: number[]; each: number[][] })[] = [];
  for (let t = 0; t < steps; t++) {
    taken.differentiate();
    const gradient = gradientOf([0, 3]);
    const each = Array.from({ length: N }, (_, i) => gradientOf([i]));
    movement.before(exploratory);
    taken.apply();
    found.push({ ...movement.after(), gradient, each });
  }
  return found;
}

const flatten = (of: Readonly<Record<string, Float64Array>>) => Object.values(of).flatMap((values) => [...values]);
const part = ({ parts }: Movement, name: (typeof partNames)[number]) =>
  flatten(Object.fromEntries(Object.entries(parts).map(([p, own]) => [p, own[name]])));
const dot = (a: number[], b: number[]) => a.reduce((all, x, i) => all + x * b[i]!, 0);
const gap = (a: number[], b: number[]) => Math.max(...a.map((x, i) => Math.abs(x - b[i]!)));

describe.each(Object.entries(optimisers))("what the weights did under %s", (name, make) => {
  it.each([
    ["float64", 1e-13],
    ["float32", 1e-6],
  ] as const)("falls apart into exploratory and greedy samples and memory, %s", (dtype, tolerance) => {
    for (const movement of moves(make, dtype, 4)) {
      const sum = partNames.map((p) => part(movement, p)).reduce((a, b) => a.map((x, i) => x + b[i]!));
      expect(gap(sum, flatten(movement.moved))).toBeLessThan(tolerance);
      expect(movement.rounding).toBeLessThan(tolerance);
      expect(movement.norm).toBeGreaterThan(1e-4);
      const shares = partNames.map((p) => movement.of[p].share);
      expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 4);
    }
  });

  it("gives each sample its share", () => {
    for (const movement of moves(make, "float64", 3)) {
      const ofGroup = (flag: number) =>
        movement.share.reduce((sum, s, i) => sum + (exploratory[i] === flag ? s : 0), 0);
      expect(ofGroup(1)).toBeCloseTo(movement.of.exploratory.share, 10);
      expect(ofGroup(0)).toBeCloseTo(movement.of.greedy.share, 10);
    }
  });

  it("gives the exploratory part in proportion to the gradient of exploratory samples alone", () => {
    const [first] = moves(make, "float64", 1);
    const [ofPart, moved] = [part(first!, "exploratory"), flatten(first!.moved)];
    const whole = first!.each.reduce((a, b) => a.map((x, i) => x + b[i]!));
    // In the first step nothing is remembered: Δθ = gain·g, so the part is to Δθ as one gradient to the other.
    if (name === "AdamW") return;
    ofPart.forEach((x, i) => {
      expect(x * whole[i]!).toBeCloseTo(moved[i]! * first!.gradient[i]!, 12);
    });
    expect(dot(ofPart, ofPart)).toBeGreaterThan(1e-8);
  });
});

describe("the memory", () => {
  it("is what plain SGD lacks and momentum keeps", () => {
    const lastOf = (name: string) => moves(optimisers[name]!, "float64", 4).at(-1)!.of;
    expect(lastOf("SGD").memory.norm).toBe(0);
    expect(lastOf("RMSprop").memory.norm).toBe(0);
    for (const name of ["momentum", "RMSprop with momentum", "Adam"]) {
      expect(lastOf(name).memory.share, name).toBeGreaterThan(0.3);
    }
  });
});
