/** What ∇ log π of each step is multiplied with: the estimators of the policy gradient (Schulman et al. 2016, section 2). */
import { episodeReturn, gae, optimalBaseline, rewardToGo } from "../../estimators/index.ts";
import { pow } from "../../math/index.ts";
import type { Random } from "../../random/index.ts";
import { type Episodes, playEpisodes, transitionsOf } from "../episodes.ts";
import type { FrozenPolicy } from "./frozen-policy.ts";

/** `[T]` one factor for each step of the episodes. */
export type Credit = (episodes: Episodes) => Float64Array;

export interface Estimator {
  readonly name: string;
  readonly credit: Credit;
  /** Whether its mean is the true gradient by theory; the lab tests it. */
  readonly unbiased: boolean;
}

/** γ^t times each step's credit: rewards that are discounted to step t count from the beginning of the episode. */
function fromTheStart(gamma: number, { times }: Episodes, credit: Float64Array): Float64Array {
  return credit.map((value, i) => pow(gamma, times[i]!) * value);
}

/** Those that know nothing but the rewards, and those that know the policy's true values. */
export function exactEstimators(policy: FrozenPolicy, pilot: Random): Estimator[] {
  const { gamma, values, q, objective, mdp } = policy;
  const baseline = bestConstant(policy, pilot);
  const estimator = (name: string, credit: Credit, unbiased = true): Estimator => ({ name, credit, unbiased });
  const whole = (e: Episodes) => episodeReturn(transitionsOf(e, values), { gamma });
  const discounted = (credit: Credit) => (e: Episodes) => fromTheStart(gamma, e, credit(e));
  const toGo = (e: Episodes) => rewardToGo(transitionsOf(e, values), { gamma });
  const ofAction = ({ states, actions }: Episodes) =>
    Float64Array.from(states, (s, i) => q[s * mdp.actions + actions[i]!]!);
  return [
    estimator("full return", whole),
    estimator("full return − E[R]", (e) => whole(e).map((g) => g - objective)),
    estimator("full return − optimal constant", (e) => whole(e).map((g) => g - baseline)),
    estimator("reward-to-go", discounted(toGo)),
    estimator(
      "reward-to-go − V",
      discounted((e) => toGo(e).map((g, i) => g - values[e.states[i]!]!)),
    ),
    estimator("Q", discounted(ofAction)),
    estimator("r + γV′", discounted(bootstrapped(values, gamma))),
    estimator(
      "Q − V",
      discounted((e) => ofAction(e).map((g, i) => g - values[e.states[i]!]!)),
    ),
    ...[0, 0.9].map((lambda) => estimator(`GAE(${lambda})`, discounted(advantages(values, gamma, lambda)))),
  ];
}

export const LAMBDAS = [0, 0.5, 0.8, 0.9, 0.95, 1];

/** Those that know a critic which is wrong. */
export function criticEstimators({ gamma }: FrozenPolicy, critic: Float64Array): Estimator[] {
  const discounted = (credit: Credit) => (e: Episodes) => fromTheStart(gamma, e, credit(e));
  return [
    { name: "r + γV′, critic", credit: discounted(bootstrapped(critic, gamma)), unbiased: false },
    ...LAMBDAS.map((lambda) => ({
      name: `GAE(${lambda}), critic`,
      credit: discounted(advantages(critic, gamma, lambda)),
      unbiased: lambda === 1,
    })),
  ];
}

function bootstrapped(values: Float64Array, gamma: number): Credit {
  return ({ rewards, nextStates, terminated }) =>
    rewards.map((r, i) => (terminated[i] ? r : r + gamma * values[nextStates[i]!]!));
}

function advantages(values: Float64Array, gamma: number, lambda: number): Credit {
  return (episodes) => gae(transitionsOf(episodes, values), { gamma, lambda });
}

/** From episodes of its own: a baseline that knew the episodes it is used on would bias the estimate. */
function bestConstant(policy: FrozenPolicy, pilot: Random): number {
  const episodes = playEpisodes(policy.mdp, policy.table, 5000, pilot);
  const credit = episodeReturn(transitionsOf(episodes, policy.values), { gamma: policy.gamma });
  const [returns, norms]: number[][] = [[], []];
  const score = new Float64Array(policy.parameters);
  for (let i = 0; i < credit.length; i++) {
    policy.addScore(score, episodes.states[i]!, episodes.actions[i]!, 1);
    if (!episodes.terminated[i]) continue;
    returns!.push(credit[i]!);
    norms!.push(score.reduce((sum, s) => sum + s * s, 0));
    score.fill(0);
  }
  return optimalBaseline(returns!, norms!);
}
