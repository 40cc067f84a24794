/** The lab `variance`: estimators of the policy gradient side by side, on one frozen policy whose gradient is known. */
import { Key } from "../../random/index.ts";
import { isBelow, isWithin, type Measured, together } from "../claims.ts";
import { playEpisodes } from "../episodes.ts";
import { intervalOf, meanOf } from "../interval.ts";
import type { Findings, Lab, LabSettings } from "../lab.ts";
import { lakeWithCost, STEP_COST } from "../lake.ts";
import { pointOf } from "../learning-curve.ts";
import { chainFindings } from "./chain.ts";
import { criticEstimators, type Estimator, exactEstimators, LAMBDAS } from "./credits.ts";
import { softmaxPolicy, youngCritic } from "./frozen-policy.ts";
import { BATCH, type Quality, qualityOf } from "./quality.ts";

export const variance: Lab = {
  name: "variance",
  question: "Why is one estimator of the policy gradient noisier than another, and what does less noise cost?",
  criterion:
    "for each estimator the bias and the variance of one episode's estimate against the exact gradient, with intervals that tell estimators apart; on a chain whose variances can be written down, the measured ones are those.",
  experiment: (settings) => varianceExperiment(settings),
};

/** ‖bias‖² of less than this part of ‖g‖² counts as none: what remains could turn the mean by 6 degrees at most. */
const NO_BIAS = 0.01;
const CRITIC_ROUNDS = 3;

interface Row {
  readonly estimator: Estimator;
  readonly found: readonly Quality[];
}

export interface Size {
  readonly repetitions: number;
  /** Batches of episodes on the lake, and episodes on the chain, of each repetition. */
  readonly batches: number;
  readonly chainEpisodes: number;
}

/** @param spoil the estimators, which a test may replace by wrong ones */
export function varianceExperiment(
  { seed, thorough }: LabSettings,
  spoil: (estimators: Estimator[]) => Estimator[] = (estimators) => estimators,
  size: Size = {
    repetitions: thorough ? 50 : 20,
    batches: thorough ? 1000 : 300,
    chainEpisodes: thorough ? 80_000 : 20_000,
  },
): Findings {
  const { repetitions, batches, chainEpisodes } = size;
  const key = Key.fromSeed(seed).split("variance");
  const policy = softmaxPolicy(lakeWithCost(), 0.95, 0.2);
  const estimators = spoil([
    ...exactEstimators(policy, key.split("pilot").stream()),
    ...criticEstimators(policy, youngCritic(policy, CRITIC_ROUNDS)),
  ]);
  const rows = estimators.map((estimator) => ({ estimator, found: [] as Quality[] }));
  for (let i = 0; i < repetitions; i++) {
    const random = key.split("play", i).stream();
    const episodes = playEpisodes(policy.mdp, policy.table, BATCH * batches, random);
    for (const { estimator, found } of rows) found.push(qualityOf(policy, episodes, estimator.credit(episodes)));
  }
  const chain = chainFindings(key, { repetitions, episodes: chainEpisodes }, spoil);
  return {
    repetitions,
    tables: [qualityTable(rows), ...chain.tables],
    charts: [
      bars(rows, "Bias of the estimate", "‖bias‖² / ‖g‖²", ({ bias }) => bias),
      bars(rows, "Variance of one episode's estimate", "tr Var / ‖g‖²", (quality) => quality.variance),
      bars(rows, `Cosine of ${BATCH} episodes to the true gradient`, "cosine", ({ cosine }) => cosine),
    ],
    claims: [...claimsOf(rows), ...chain.claims],
  };
}

const of = (rows: readonly Row[], name: string, what: keyof Quality): Measured => {
  const row = rows.find(({ estimator }) => estimator.name === name)!;
  return { name, values: row.found.map((quality) => quality[what]) };
};

function claimsOf(rows: readonly Row[]) {
  const less = (claim: string, smaller: string, larger: string, what: keyof Quality = "variance") =>
    isBelow(claim, of(rows, smaller, what), of(rows, larger, what));
  const critic = (lambda: number) => `GAE(${lambda}), critic`;
  return [
    together(
      "What uses the rewards or true values alone has no bias",
      rows
        .filter(({ estimator }) => estimator.unbiased)
        .map(({ estimator: { name } }) =>
          isWithin(name, { ...of(rows, name, "bias"), name: "‖bias‖² / ‖g‖²" }, Number.NEGATIVE_INFINITY, NO_BIAS),
        ),
    ),
    less("A constant baseline lowers the variance of the full return", "full return − E[R]", "full return"),
    less(
      "The optimal constant lowers it further than the mean",
      "full return − optimal constant",
      "full return − E[R]",
    ),
    less("Rewards from before the action are noise", "reward-to-go", "full return"),
    less("A baseline that knows the state lowers the variance of the reward-to-go", "reward-to-go − V", "reward-to-go"),
    less("Q in the place of what happened afterwards lowers the variance", "Q", "reward-to-go"),
    less("The advantage has less variance than Q", "Q − V", "Q"),
    less("Not knowing where the step leads costs variance: r + γV′ against Q", "Q", "r + γV′"),
    less(
      "With true values a short reach is better: GAE(0) against the reward-to-go less V",
      "GAE(0)",
      "reward-to-go − V",
    ),
    less("A critic that is wrong biases GAE(0) more than GAE(0.9)", critic(0.9), critic(0), "bias"),
    less("Less bias of that critic is paid for with variance: GAE(0.9) against GAE(0)", critic(0), critic(0.9)),
    intermediateLambda(LAMBDAS.map((lambda) => ({ lambda, ...of(rows, critic(lambda), "cosine") }))),
  ];
}

/** The best λ is chosen by one half of the repetitions and judged by the other: the best of many is flattered by its choice. */
function intermediateLambda(cosines: readonly (Measured & { readonly lambda: number })[]) {
  const half = cosines[0]!.values.length >> 1;
  const best = (some: typeof cosines) =>
    some.toSorted((a, b) => meanOf(b.values.slice(0, half)) - meanOf(a.values.slice(0, half)))[0]!;
  const later = ({ name, values }: Measured): Measured => ({ name, values: values.slice(half) });
  const isEnd = ({ lambda }: { readonly lambda: number }) => lambda === 0 || lambda === 1;
  const [end, inner] = [best(cosines.filter(isEnd)), best(cosines.filter((one) => !isEnd(one)))];
  return isBelow("Some λ between 0 and 1 points better with that critic than both ends", later(end), later(inner));
}

function qualityTable(rows: readonly Row[]) {
  const cells = (found: readonly Quality[]) =>
    (["bias", "variance", "signalToNoise", "cosine"] as const).map((what) => intervalOf(found.map((one) => one[what])));
  return {
    title: `FrozenLake with a cost of ${STEP_COST} per step, one frozen policy, γ = 0.95: the estimate of one episode`,
    columns: ["‖bias‖² / ‖g‖²", "variance / ‖g‖²", "signal to noise", `cosine of ${BATCH}`],
    rows: rows.map(({ estimator, found }) => ({ name: estimator.name, cells: cells(found) })),
  };
}

function bars(rows: readonly Row[], title: string, x: string, what: (quality: Quality) => number) {
  return {
    kind: "rows" as const,
    text: { title, x, y: "" },
    names: rows.map(({ estimator }) => estimator.name),
    points: rows.map(({ found }, i) => pointOf(i, found.map(what))),
  };
}
