/** Bias and variance of the one-step advantage r + γV̂(s′) − V̂(s) while its critic V̂ grows up, on one frozen policy. */
import type { Key } from "../../random/index.ts";
import { isBelow, type Measured } from "../claims.ts";
import { playEpisodes } from "../episodes.ts";
import { intervalOf } from "../interval.ts";
import type { Part } from "../lab.ts";
import { lakeWithCost } from "../lake.ts";
import { pointOf } from "../learning-curve.ts";
import { criticEstimators, type Estimator, exactEstimators } from "../variance/credits.ts";
import { softmaxPolicy, youngCritic } from "../variance/frozen-policy.ts";
import { BATCH, type Quality, qualityOf } from "../variance/quality.ts";

/** Rounds of expected backups from 0. */
export const AGES = [0, 1, 2, 4, 8, 16, 32];

export function ageOfTheCritic(key: Key, repetitions: number, batches: number): Part {
  const policy = softmaxPolicy(lakeWithCost(), 0.95, 0.2);
  const oneStep = (estimators: Estimator[]) => estimators.find(({ name }) => name === "GAE(0), critic")!;
  const toGo = exactEstimators(policy, key.split("pilot").stream()).find(({ name }) => name === "reward-to-go")!;
  const rows = [
    { name: toGo.name, credit: toGo.credit, found: [] as Quality[] },
    ...AGES.map((age) => ({
      name: `critic of age ${age}`,
      credit: oneStep(criticEstimators(policy, youngCritic(policy, age))).credit,
      found: [] as Quality[],
    })),
  ];
  for (let i = 0; i < repetitions; i++) {
    const episodes = playEpisodes(policy.mdp, policy.table, BATCH * batches, key.split("age", i).stream());
    for (const { credit, found } of rows) found.push(qualityOf(policy, episodes, credit(episodes)));
  }
  const of = (name: string, what: keyof Quality): Measured => {
    const { found } = rows.find((row) => row.name === name)!;
    return { name: `${what} of ${name}`, values: found.map((quality) => quality[what]) };
  };
  const [newborn, grown] = [`critic of age ${AGES[0]}`, `critic of age ${AGES.at(-1)}`];
  const WHAT = ["bias", "variance", "cosine"] as const;
  return {
    tables: [
      {
        title: "One-step advantage by the age of its critic, on one frozen policy",
        columns: ["‖bias‖² / ‖g‖²", "variance / ‖g‖²", `cosine of ${BATCH}`],
        rows: rows.map(({ name, found }) => ({
          name,
          cells: WHAT.map((what) => intervalOf(found.map((quality) => quality[what]))),
        })),
      },
    ],
    charts: WHAT.map((what) => ({
      kind: "rows" as const,
      text: { title: `One-step advantage: ${what}`, x: what === "cosine" ? "to the true gradient" : "/ ‖g‖²", y: "" },
      names: rows.map(({ name }) => name),
      points: rows.map(({ found }, x) =>
        pointOf(
          x,
          found.map((quality) => quality[what]),
        ),
      ),
    })),
    claims: [
      isBelow(
        "A critic brings variance down from that of the reward-to-go",
        of(grown, "variance"),
        of("reward-to-go", "variance"),
      ),
      isBelow("A critic that has learned nothing biases the gradient", of("reward-to-go", "bias"), of(newborn, "bias")),
      isBelow("The bias goes as the critic learns", of(grown, "bias"), of(newborn, "bias")),
      isBelow(
        "A newborn critic points less well than the reward-to-go",
        of(newborn, "cosine"),
        of("reward-to-go", "cosine"),
      ),
      isBelow("A grown critic points better than the reward-to-go", of("reward-to-go", "cosine"), of(grown, "cosine")),
    ],
  };
}
