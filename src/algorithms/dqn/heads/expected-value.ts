import { add, huberLoss, l1Loss, mseLoss, mul, noGrad, reshape, sub, type Tensor } from "../../../tensor/index.ts";
import type { HeadInputs, ValueHead } from "./value-head.ts";

/** Which error of a value counts how much. */
export const lossNames = ["huber", "mse", "l1"] as const;
export type LossName = (typeof lossNames)[number];

const losses: Readonly<Record<LossName, (values: Tensor, targets: Tensor) => Tensor>> = {
  huber: (values, targets) => huberLoss(values, targets, { reduction: "none" }),
  mse: (values, targets) => mseLoss(values, targets, "none"),
  l1: (values, targets) => l1Loss(values, targets, "none"),
};

/** One number for each action: the value that is expected, Q(s, a). */
export function expectedValueHead(loss: LossName): ValueHead {
  const values = (outputs: Tensor) => reshape(outputs, outputs.shape.slice(0, -1));
  return {
    size: 1,
    values,
    losses({ chosen, next, returns, discounts }) {
      const targets = noGrad(() => bellmanTargets({ next: values(next), returns, discounts }));
      const found = values(chosen);
      return { losses: losses[loss](found, targets), errors: noGrad(() => sub(targets, found)), targets };
    },
  };
}

/** y = Σ γ^k r_k + γⁿ Q̄(s′, a′) `[B]` (Mnih et al. 2015, algorithm 1); without the second part where the episode terminated. */
export function bellmanTargets({ next, returns, discounts }: Pick<HeadInputs, "next" | "returns" | "discounts">) {
  return add(returns, mul(discounts, next));
}
