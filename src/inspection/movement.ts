/**
 * What the weights really did. The step that an optimiser takes is not the gradient: it is clipped, divided by averages of
 * squares, and remembers gradients before it. Since Δθ = gain·g + memory + decay for every optimiser (nn/optimisers/step-form.ts),
 * and g is the sum of what the samples add to it, Δθ falls apart exactly.
 */
import type { GradientStep } from "../algorithms/listener.ts";
import type { OptimiserMoment } from "../nn/index.ts";
import {
  add,
  backward,
  type FloatType,
  mul,
  noGrad,
  perSample,
  persistent,
  plan,
  sum,
  type Tensor,
} from "../tensor/index.ts";

export const partNames = ["exploratory", "greedy", "memory", "decay"] as const;
/** What Δθ is due to: the gradients of exploratory and of greedy samples, the optimiser's memory, weight decay. */
export type PartName = (typeof partNames)[number];

/** What a step moved. */
export interface Movement {
  /** By parameter and part: `parts[part][i]` sum to Δθ_i, up to the rounding of θ. */
  readonly parts: Readonly<Record<string, Readonly<Record<PartName, Float64Array>>>>;
  /** θ after the step less θ before it, by parameter. */
  readonly moved: Readonly<Record<string, Float64Array>>;
  /** ‖Δθ‖ */
  readonly norm: number;
  /** Of each part: its norm, and what it adds to Δθ along its direction, ⟨part, Δθ⟩ / ‖Δθ‖²; shares sum to 1. */
  readonly of: Readonly<Record<PartName, { readonly norm: number; readonly share: number }>>;
  /** The same share of each sample, `[N]`; they sum to those of exploratory and greedy samples together. */
  readonly share: Float64Array;
  /** The largest |Δθ_i − Σ parts_i|: what is lost by rounding θ. */
  readonly rounding: number;
}

/** Records what is needed of a step; `before` and `after` are called around it. */
export function measureMovement(step: GradientStep) {
  const { batch, optimiser, gradients, terms } = step;
  const { parameters } = optimiser;
  const dtype = gradients.root.dtype as FloatType;
  /** 1 for exploratory samples. */
  const mask = persistent([batch], dtype);
  const exploratory = plan({}, () => {
    const masked = Object.values(terms).map((each) => {
      const weights = noGrad(() => mul(mask, gradients.of(each)));
      return sum(mul(each, weights));
    });
    const found = backward(masked.reduce((a, b) => add(a, b)));
    return Object.fromEntries(Object.entries(parameters).map(([name, p]) => [name, found.of(p)]));
  });
  const directions = new Map(Object.values(parameters).map((p) => [p, persistent(p.shape, p.dtype)]));
  const along = plan({}, () =>
    perSample(gradients, Object.values(parameters), { batch }).inner((p) => directions.get(p)!),
  );
  let moment: OptimiserMoment;
  let gradient: Record<string, Float64Array>;
  let ofExploratory: Record<string, Float64Array>;
  return {
    before(isExploratory: ArrayLike<number>): void {
      mask.data.fill(0);
      for (let i = 0; i < isExploratory.length; i++) mask.data[i] = isExploratory[i]!;
      ofExploratory = copies(exploratory.run());
      gradient = copies(Object.fromEntries(Object.entries(parameters).map(([name, p]) => [name, gradients.of(p)])));
      moment = optimiser.moment();
    },
    after(): Movement {
      const forms = optimiser.formOf(moment);
      const parts: Record<string, Record<PartName, Float64Array>> = {};
      const moved: Record<string, Float64Array> = {};
      const measured = new Measured();
      for (const [name, p] of Object.entries(parameters)) {
        const { gain, memory, decay } = forms[name]!;
        const [g, e, before] = [gradient[name]!, ofExploratory[name]!, moment.of[name]!.parameter];
        const after = p.data;
        const towards = directions.get(p)!.data;
        const exploratory = new Float64Array(p.size);
        const greedy = new Float64Array(p.size);
        const delta = new Float64Array(p.size);
        // Loops rather than map, which takes several times as long.
        for (let i = 0; i < delta.length; i++) {
          exploratory[i] = gain[i]! * e[i]!;
          greedy[i] = gain[i]! * (g[i]! - e[i]!);
          delta[i] = after[i]! - before[i]!;
          towards[i] = gain[i]! * delta[i]!;
        }
        parts[name] = { exploratory, greedy, memory, decay };
        moved[name] = delta;
        measured.add(delta, parts[name]);
      }
      const squared = measured.square;
      const products = along.run().data;
      const count = step.count?.() ?? batch;
      const share = Float64Array.from({ length: count }, (_, i) => (squared > 0 ? products[i]! / squared : 0));
      return { parts, moved, norm: Math.sqrt(squared), of: measured.of(), share, rounding: measured.rounding };
    },
  };
}

function copies(tensors: Readonly<Record<string, Tensor>>): Record<string, Float64Array> {
  return Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, Float64Array.from(t.data)]));
}

/** Norms and products of the parts, parameter by parameter. */
class Measured {
  square = 0;
  rounding = 0;
  readonly #squares = { exploratory: 0, greedy: 0, memory: 0, decay: 0 };
  readonly #products = { exploratory: 0, greedy: 0, memory: 0, decay: 0 };

  add(delta: Float64Array, parts: Readonly<Record<PartName, Float64Array>>): void {
    const rest = delta.slice();
    for (const part of partNames) {
      const values = parts[part];
      let [square, product] = [0, 0];
      for (let i = 0; i < delta.length; i++) {
        square += values[i]! * values[i]!;
        product += values[i]! * delta[i]!;
        rest[i]! -= values[i]!;
      }
      this.#squares[part] += square;
      this.#products[part] += product;
    }
    for (let i = 0; i < delta.length; i++) {
      this.square += delta[i]! * delta[i]!;
      this.rounding = Math.max(this.rounding, Math.abs(rest[i]!));
    }
  }

  of(): Movement["of"] {
    const entry = (part: PartName) => ({
      norm: Math.sqrt(this.#squares[part]),
      share: this.square > 0 ? this.#products[part] / this.square : 0,
    });
    return Object.fromEntries(partNames.map((part) => [part, entry(part)])) as Movement["of"];
  }
}
