/** Gradient steps put together by hand, for what listens to them. */
import type { GradientStep } from "../../src/algorithms/listener.ts";
import type { Optimiser } from "../../src/nn/index.ts";
import { add, backward, mean, mul, plan, type Tensor } from "../../src/tensor/index.ts";

export type Terms = Readonly<Record<string, Tensor>>;

/** The step along the mean over all samples of Σ weight·term, its gradient made. Terms are `[B]`. */
export function stepAlong(
  terms: () => Terms,
  weights: Readonly<Record<string, number>>,
  optimiser: Optimiser,
  more: Partial<GradientStep> = {},
): GradientStep & { readonly loss: Tensor; differentiate(): void; apply(): void } {
  const made = plan({}, () => {
    const found = terms();
    const loss = Object.entries(found)
      .map(([name, each]) => mul(mean(each), weights[name]!))
      .reduce((a, b) => add(a, b));
    return { terms: found, loss, gradients: backward(loss) };
  });
  const { gradients, loss } = made.outputs;
  const apply = plan({}, () => optimiser.update(gradients));
  const [first] = Object.values(made.outputs.terms);
  made.run();
  return {
    name: "update",
    batch: first!.shape[0]!,
    gradients,
    optimiser,
    terms: made.outputs.terms,
    observations: first!,
    loss,
    differentiate: () => void made.run(),
    apply: () => void apply.run(),
    ...more,
  };
}
