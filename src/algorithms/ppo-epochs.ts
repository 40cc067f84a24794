import type { Optimiser } from "../nn/index.ts";
import type { Random } from "../random/index.ts";
import type { Tensor } from "../tensor/index.ts";
import type { Metrics } from "./algorithm.ts";
import { MetricMeans } from "./metric-means.ts";

/** The gradient of one minibatch and the step along it; `run` of the first gives the parts of the loss. */
export interface PpoUpdate {
  readonly differentiate: { run(): Readonly<Record<(typeof PARTS)[number][0], Tensor>> };
  readonly apply: { run(): unknown };
}

const PARTS = [
  ["total", "loss/total"],
  ["policyLoss", "loss/policy"],
  ["valueLoss", "loss/value"],
  ["entropy", "policy/entropy"],
  ["approxKl", "policy/approxKl"],
  ["clipFraction", "policy/clipFraction"],
] as const;

export interface PpoEpochs {
  readonly nEpochs: number;
  readonly targetKl: number | null;
  /** Units that minibatches are made of, rows or whole sequences, and how many go into one; the last may hold fewer. */
  readonly units: number;
  readonly unitsPerMinibatch: number;
  readonly random: Random;
  readonly optimiser: Optimiser;
  /** The update on these units, its inputs written. */
  prepare(units: Int32Array): PpoUpdate;
}

/** Several epochs of minibatches over a rollout; `targetKl` may end them before the step that would follow the excess. */
export function ppoEpochs(options: PpoEpochs): Metrics {
  const { nEpochs, targetKl, units, unitsPerMinibatch, random, optimiser } = options;
  const means = new MetricMeans();
  const order = new Int32Array(units);
  let epoch = 0;
  epochs: while (epoch < nEpochs) {
    epoch++;
    random.permutation(order);
    for (let start = 0; start < units; start += unitsPerMinibatch) {
      const { differentiate, apply } = options.prepare(order.subarray(start, start + unitsPerMinibatch));
      const loss = differentiate.run();
      means.add(Object.fromEntries(PARTS.map(([part, name]) => [name, loss[part].item()])));
      if (targetKl !== null && loss.approxKl.item() > 1.5 * targetKl) break epochs;
      apply.run();
      means.add({ "gradient/norm": optimiser.gradientNorm!.item() });
    }
  }
  return { ...means.result(), "update/epochs": epoch };
}
