/** How far the first step of an optimiser moves weights, against how long they are: no later one says as much of the learning rate. */
import type { GradientStep, StepListener, TrainingListener } from "../../algorithms/index.ts";
import type { BatchEnv } from "../../envs/index.ts";
import type { Tensor } from "../../tensor/index.ts";

export interface FirstStep {
  /** Which of the learner's steps: "update", "critic", "actor". */
  readonly name: string;
  /** Median over the weight matrices of ‖Δθ‖ / ‖θ‖: heads that begin almost at 0 do not decide. */
  readonly moved: number;
}

/** Measures the first step of each kind, and passes on what it hears. */
export class FirstSteps implements TrainingListener {
  readonly found: FirstStep[] = [];
  readonly #next: TrainingListener;

  constructor(next: TrainingListener) {
    this.#next = next;
  }

  reads(read: (observations: Tensor) => Tensor): void {
    this.#next.reads?.(read);
  }

  watch(step: GradientStep): StepListener {
    const next = this.#next.watch(step);
    let before: [Tensor, Float64Array][] | undefined;
    return {
      before: () => {
        if (!this.found.some(({ name }) => name === step.name)) {
          const weights = Object.values(step.optimiser.parameters).filter(({ shape }) => shape.length >= 2);
          before = weights.map((weight) => [weight, Float64Array.from(weight.data)]);
        }
        next.before();
      },
      after: () => {
        next.after();
        if (before === undefined) return;
        const ratios = before.flatMap(([weight, old]) => movedShare(old, weight.data)).sort((a, b) => a - b);
        before = undefined;
        if (ratios.length > 0) this.found.push({ name: step.name, moved: ratios[ratios.length >> 1]! });
      },
    };
  }

  observed(env: BatchEnv, isFresh: boolean): void {
    this.#next.observed(env, isFresh);
  }

  iterationBegins(step: number): void {
    this.#next.iterationBegins(step);
  }

  iterationEnded(step: number): void {
    this.#next.iterationEnded(step);
  }
}

/** None of a weight that is 0. */
function movedShare(before: ArrayLike<number>, after: ArrayLike<number>): number[] {
  let [moved, length] = [0, 0];
  for (let i = 0; i < before.length; i++) {
    moved += (after[i]! - before[i]!) * (after[i]! - before[i]!);
    length += before[i]! * before[i]!;
  }
  return length > 0 ? [Math.sqrt(moved / length)] : [];
}
