/**
 * Stay or stop: the chain on which the variance of every estimator from one episode can be written down. With n stays,
 * P(n) = θⁿ(1 − θ), V = θ/(1 − θ) and ∇J = 1/(1 − θ)²:
 *
 * | credit | estimate of an episode | variance · θ(1 − θ)⁴ |
 * |---|---|---|
 * | full return | (n/θ − 1/(1 − θ)) n | 1 + 8θ + 4θ² |
 * | full return − E[R] | (n/θ − 1/(1 − θ)) (n − V) | 1 + 6θ + θ² |
 * | reward-to-go | n(n + 1) / 2θ | 1 + 3θ + θ² |
 * | reward-to-go − V | n(n + 1) / 2θ − nV/θ + V/(1 − θ) | 1 + θ |
 * | Q, r + γV′ | n / θ(1 − θ) | 1 |
 * | Q − V, GAE(0) | n/θ + V/(1 − θ) | (1 − θ)² |
 */
import type { Key } from "../../random/index.ts";
import { isWithin, type Measured, together } from "../claims.ts";
import { playEpisodes } from "../episodes.ts";
import { intervalOf } from "../interval.ts";
import type { Part } from "../lab.ts";
import { type Estimator, exactEstimators } from "./credits.ts";
import { stayOrStop } from "./frozen-policy.ts";
import { qualityOf } from "./quality.ts";

/** Variance · θ(1 − θ)⁴ by the estimator's name. */
export const closedForms: Readonly<Record<string, (theta: number) => number>> = {
  "full return": (t) => 1 + 8 * t + 4 * t * t,
  "full return − E[R]": (t) => 1 + 6 * t + t * t,
  "reward-to-go": (t) => 1 + 3 * t + t * t,
  "reward-to-go − V": (t) => 1 + t,
  Q: () => 1,
  "r + γV′": () => 1,
  "Q − V": (t) => (1 - t) * (1 - t),
  "GAE(0)": (t) => (1 - t) * (1 - t),
};

const THETAS = [0.3, 0.5];

/** Measured variances over those of the table. @param spoil the estimators, which a test may replace by wrong ones */
export function chainFindings(
  root: Key,
  { repetitions, episodes: count }: { readonly repetitions: number; readonly episodes: number },
  spoil: (estimators: Estimator[]) => Estimator[],
): Pick<Part, "tables" | "claims"> {
  const found = THETAS.flatMap((theta) => {
    const policy = stayOrStop(theta);
    const key = root.split("chain", Math.round(100 * theta));
    const estimators = spoil(exactEstimators(policy, key.split("pilot").stream()));
    const ratios = estimators.map((): number[] => []);
    for (let i = 0; i < repetitions; i++) {
      const episodes = playEpisodes(policy.mdp, policy.table, count, key.split("play", i).stream());
      estimators.forEach(({ name, credit }, e) => {
        const closed = closedForms[name]?.(theta);
        if (closed === undefined) return;
        // Both relative to ‖g‖² = 1/(1 − θ)⁴.
        ratios[e]!.push((qualityOf(policy, episodes, credit(episodes)).variance * theta) / closed);
      });
    }
    return estimators
      .map(({ name }, e) => ({ name, theta, values: ratios[e]! }))
      .filter(({ values }) => values.length > 0);
  });
  const names = [...new Set(found.map(({ name }) => name))];
  const at = (name: string, theta: number) => found.find((one) => one.name === name && one.theta === theta)!;
  const parts = found.map(({ name, theta, values }): Measured => ({ name: `${name}, θ = ${theta}`, values }));
  return {
    tables: [
      {
        title: "Stay or stop: measured variance over the exact one",
        columns: THETAS.map((theta) => `θ = ${theta}`),
        rows: names.map((name) => ({ name, cells: THETAS.map((theta) => intervalOf(at(name, theta).values)) })),
      },
    ],
    claims: [
      together(
        "On the chain every variance is the exact one within 10 %",
        parts.map((part) => isWithin(part.name, { name: "measured over exact", values: part.values }, 0.9, 1.1)),
      ),
    ],
  };
}
