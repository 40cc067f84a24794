/**
 * What each sample of a gradient step pushes the parameters towards: exact norms and shares, of the loss and of its terms.
 * It is recorded once beside the learner's own plan, and reads activations and deltas where that plan left them.
 */
import type { GradientStep } from "../algorithms/listener.ts";
import { type Gradients, Memo, perSample, plan, pullBack, type Tensor } from "../tensor/index.ts";

/**
 * Of N samples. With g_i the gradient of sample i's own loss and G the gradient of the step, which is their mean where all
 * weigh the same:
 *
 * | field | meaning |
 * |---|---|
 * | loss | the sample's own loss; the mean is the step's loss |
 * | norm | ‖g_i‖ |
 * | share | ⟨g_i, G⟩ / (N·‖G‖²): what the sample adds to the step along its direction; over all samples 1 |
 */
export interface SampleMeasures {
  readonly loss: Float64Array;
  readonly norm: Float64Array;
  readonly share: Float64Array;
}

/** The same for the whole loss and, where asked for, its terms: their losses and shares sum to the whole's, norms do not. */
export interface StepMeasures extends SampleMeasures {
  readonly terms: Readonly<Record<string, SampleMeasures>>;
  /** ‖G‖ */
  readonly gradientNorm: number;
}

/** Rows `[B]` of a tensor, as they stand in memory, of which the first N are samples. */
interface Products {
  readonly squares: Tensor;
  readonly inner: Tensor;
}

/**
 * Records the measurement of a step; the function that is returned takes it, after the gradient was made and before the
 * parameters move.
 * @param apart whether the terms are measured too, each by a backward pass of its own
 */
export function measureSamples(step: GradientStep, { apart = true } = {}): () => StepMeasures {
  const { batch, gradients, terms } = step;
  const parameters = new Set(Object.values(step.optimiser.parameters));
  const toStep = (p: Tensor) => gradients.of(p);
  const memo = new Memo();
  const productsOf = (found: Gradients): Products => {
    const reached = new Set(found.nodes.flatMap(({ edges }) => edges.map(([operand]) => operand)));
    const samples = perSample(
      found,
      [...parameters].filter((p) => reached.has(p)),
      { batch, memo },
    );
    return { squares: samples.squaredNorms(), inner: samples.inner(toStep) };
  };
  // Norms are made of activations and deltas: of one sample alone the gradient itself is wanted.
  const unwanted = batch > 1 ? parameters : undefined;
  const look = plan({}, () => ({
    whole: productsOf(gradients),
    terms: Object.fromEntries(
      Object.entries(apart ? terms : {}).map(([name, each]) => {
        return [name, productsOf(pullBack(each, gradients.of(each), unwanted))];
      }),
    ),
  }));
  const weighed = Object.entries(terms).map(([name, each]) => ({ name, each, weights: gradients.of(each) }));
  return () => {
    const { whole, terms: found } = look.run();
    const count = step.count?.() ?? batch;
    const squared = sum(whole.inner.data, count);
    const loss = new Float64Array(count);
    const measured: Record<string, SampleMeasures> = {};
    for (const { name, each, weights } of weighed) {
      const own = lossesOf(each.data, weights.data, count);
      for (let i = 0; i < count; i++) loss[i]! += own[i]!;
      if (apart) measured[name] = measuresOf(found[name]!, own, squared);
    }
    // Rounding may leave a zero gradient's square below 0.
    return { ...measuresOf(whole, loss, squared), terms: measured, gradientNorm: Math.sqrt(Math.max(0, squared)) };
  };
}

// Loops rather than Float64Array.from, which takes ten times as long.

/** N·∂loss/∂term_i·term_i: the term as it enters a mean over the samples. */
function lossesOf(each: ArrayLike<number>, weights: ArrayLike<number>, count: number): Float64Array {
  const losses = new Float64Array(count);
  for (let i = 0; i < count; i++) losses[i] = count * weights[i]! * each[i]!;
  return losses;
}

function measuresOf({ squares, inner }: Products, loss: Float64Array, squared: number): SampleMeasures {
  const count = loss.length;
  const [norms, products] = [squares.data, inner.data];
  const [norm, share] = [new Float64Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i++) {
    norm[i] = count * Math.sqrt(norms[i]!);
    share[i] = squared > 0 ? products[i]! / squared : 0;
  }
  return { loss, norm, share };
}

function sum(values: ArrayLike<number>, count: number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += values[i]!;
  return total;
}
