/** A policy that has stopped trying before it has learned anything. */
import type { Metrics } from "../../algorithms/index.ts";
import { log } from "../../math/index.ts";
import { Box, Discrete, MultiBinary, MultiDiscrete, type Space } from "../../spaces/index.ts";
import type { Diagnosis } from "../diagnosis.ts";
import type { Played } from "../environment/play.ts";
import type { RunEvidence } from "./examine.ts";

/** Of the entropy of equally likely actions: with two of them, one is taken 99 times of 100 below this. */
const DECIDED = 0.08;
/** Nats of one action that is a number, in halves of its range: σ is then about a hundredth of that. */
const NARROW = -3;

export function mistakenExploration(
  { env, config, played, again }: RunEvidence,
  metrics: readonly Metrics[],
): Diagnosis[] {
  const last = metrics.at(-1);
  const entropy = last?.["policy/entropy"];
  const least = leastEntropy(env.actionSpace);
  if (last === undefined || entropy === undefined || least === undefined) return [];
  if (entropy >= least || hasLearned(last, played)) return [];
  const isNumber = env.actionSpace instanceof Box;
  const tries = [
    ...("entCoef" in config ? ["a larger entCoef"] : []),
    ...(typeof config.targetEntropy === "number" ? ["targetEntropy=auto"] : []),
    ...(isNumber && "logStdInit" in config ? ["a logStdInit nearer to 0"] : []),
    "a smaller learningRate",
  ];
  return [
    {
      part: "exploration",
      certainty: "likely",
      finding: "The policy has made up its mind before it has learned anything: its entropy has collapsed",
      evidence: [
        {
          what: "policy/entropy at the end",
          measured: entropy,
          expected: `above ${Number(least.toPrecision(2))} until the return has risen`,
        },
        {
          what: "episode/return at the end",
          measured: last["episode/return"] ?? "no episode has ended",
          expected: `above that of random actions, ${Number(mean(played.returns).toPrecision(3))}`,
        },
      ],
      remedy: `Try ${tries.join(", or ")}; and look at the sign of the entropy in the loss, where it is yours.`,
      confirm: again,
    },
  ];
}

/** Whether episodes give more than those of random actions did, by a standard deviation of these. */
export function hasLearned(last: Metrics, { returns }: Played): boolean {
  const reached = last["episode/return"];
  if (reached === undefined || returns.length < 2) return false;
  const middle = mean(returns);
  const deviation = Math.sqrt(mean(returns.map((value) => (value - middle) * (value - middle))));
  return reached > middle + deviation;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function leastEntropy(space: Space<unknown>): number | undefined {
  if (space instanceof Discrete) return DECIDED * log(space.n);
  if (space instanceof MultiDiscrete) return DECIDED * [...space.nvec].reduce((sum, n) => sum + log(n), 0);
  if (space instanceof MultiBinary) return DECIDED * space.n * log(2);
  if (!(space instanceof Box) || !space.bounded) return undefined;
  let sum = 0;
  space.high.forEach((high, i) => {
    sum += NARROW + log((high - space.low[i]!) / 2);
  });
  return sum;
}
