/**
 * A succession of choices in a game that has a derivative: PointMass-v0, whose dynamics are operations. A policy of two weights pushes
 * with force −(p · position + v · velocity) and some noise; its gradient is estimated from T steps, through the dynamics and around them.
 */
import { DiagonalGaussian } from "../../distributions/index.ts";
import { type DifferentiableDynamics, makeEnv } from "../../envs/index.ts";
import { rewardToGo, scoreFunctionGradient } from "../../estimators/index.ts";
import { log } from "../../math/index.ts";
import type { Key } from "../../random/index.ts";
import {
  add,
  backward,
  concat,
  mean,
  mul,
  neg,
  noGrad,
  parameter,
  randomNormal,
  randomStream,
  randomUniform,
  slice,
  step,
  sub,
  sum,
  type Tensor,
  tensor,
} from "../../tensor/index.ts";
import { isBelow, isWithin, type Measured } from "../claims.ts";
import type { Part } from "../lab.ts";
import { curve, lines } from "../learning-curve.ts";
import { log10 } from "../log10.ts";
import { type GradientQuality, gradientQuality } from "./gradient-quality.ts";

/** Steps of an episode; in the first hardly any reward depends on what was done. */
const LENGTHS = [4, 8, 16, 32];
/** Episodes of one estimate, estimates of one repetition, and episodes that the truth is taken from. */
const EPISODES = 32;
const ESTIMATES = 16;
const MANY = 20_000;
const STD = 0.3;

type Estimator = (episodes: number, length: number, key: Key) => ArrayLike<number>;

export function knownDynamics(
  key: Key,
  repetitions: number,
  dynamics: DifferentiableDynamics = makeEnv("PointMass-v0").differentiable!.dynamics,
): Part {
  const through: Estimator = (episodes, length, own) => throughDynamics(dynamics, episodes, length, own);
  const around: Estimator = (episodes, length, own) => aroundDynamics(dynamics, episodes, length, own);
  const truths = LENGTHS.map((length) => through(MANY, length, key.split("truth", length)));
  const [chain, score] = [through, around].map((estimator, e) =>
    LENGTHS.map((length, l) =>
      Array.from({ length: repetitions }, (_, i) => {
        const own = key.split(`estimator ${e}, ${length} steps`, i);
        const estimates = Array.from({ length: ESTIMATES }, (_, j) => estimator(EPISODES, length, own.split("one", j)));
        return gradientQuality(estimates, truths[l]!);
      }),
    ),
  );
  const of = (found: readonly GradientQuality[][], what: keyof GradientQuality, read = (value: number) => value) =>
    found.map((qualities) => qualities.map((quality) => read(quality[what])));
  const last = (name: string, values: readonly number[][]): Measured => ({ name, values: values.at(-1)! });
  const variances = [of(chain!, "variance", log10), of(score!, "variance", log10)];
  const runs = (values: readonly number[][]) =>
    Array.from({ length: repetitions }, (_, i) => values.map((at) => at[i]!));
  const longest = LENGTHS.at(-1);
  return {
    tables: [],
    charts: [
      lines(
        {
          title: `PointMass-v0: the gradient from ${EPISODES} episodes of several steps`,
          x: "steps of an episode",
          y: "log₁₀ of variance / ‖g‖²",
        },
        [
          curve("through the dynamics", LENGTHS, runs(variances[0]!)),
          curve("score function", LENGTHS, runs(variances[1]!)),
        ],
        "free",
      ),
    ],
    claims: [
      isBelow(
        `Through known dynamics the gradient of ${longest} choices in a row varies less than around them`,
        last("log₁₀ variance through the dynamics", variances[0]!),
        last("of the score function", variances[1]!),
      ),
      isWithin(
        "And the score function, which knows nothing of the dynamics, has the same mean",
        last("‖bias‖² / ‖g‖²", of(score!, "bias")),
        Number.NEGATIVE_INFINITY,
        0.1,
      ),
    ],
  };
}

const GAINS = [0.5, 0.5];

/** Where episodes begin, and a policy with gains of its own. */
function setting(episodes: number, length: number, key: Key) {
  const gains = parameter(GAINS, [2], "float64");
  const stream = randomStream(key);
  const places = randomUniform(stream, [episodes, 2], { low: -1, high: 1, dtype: "float64" });
  const noises = Array.from({ length }, () => randomNormal(stream, [episodes, 2], { dtype: "float64" }));
  const start = concat([places, tensor(new Float64Array(2 * episodes), [episodes, 2], "float64")], 1);
  const force = (states: Tensor) => {
    const [position, velocity] = [slice(states, 1, 0, 2), slice(states, 1, 2, 4)];
    return neg(add(mul(position, slice(gains, 0, 0, 1)), mul(velocity, slice(gains, 0, 1, 2))));
  };
  return { gains, noises, start, force };
}

/** Backpropagation from each reward through all states and actions before it. */
function throughDynamics(dynamics: DifferentiableDynamics, episodes: number, length: number, key: Key) {
  return step(() => {
    const { gains, noises, start, force } = setting(episodes, length, key);
    let [states, total]: [Tensor, Tensor | undefined] = [start, undefined];
    for (const noise of noises) {
      const next = dynamics.step(states, add(force(states), mul(noise, STD)));
      total = total ? add(total, next.rewards) : next.rewards;
      states = next.states;
    }
    return backward(mean(total!)).of(gains).toArray();
  });
}

/** Backpropagation from the probability of each action, which the rewards that came after it weigh, less their mean. */
function aroundDynamics(dynamics: DifferentiableDynamics, episodes: number, length: number, key: Key) {
  return step(() => {
    const { gains, noises, start, force } = setting(episodes, length, key);
    const [seen, actions]: Tensor[][] = [[], []];
    const rewards = new Float64Array(length * episodes);
    noGrad(() => {
      let states = start;
      noises.forEach((noise, t) => {
        seen!.push(states);
        actions!.push(add(force(states), mul(noise, STD)));
        const next = dynamics.step(states, actions!.at(-1)!);
        rewards.set(next.rewards.data, t * episodes);
        states = next.states;
      });
    });
    const nothing = new Uint8Array(rewards.length);
    const played = { steps: length, envs: episodes, rewards, terminated: nothing, truncated: nothing };
    const toGo = tensor(
      rewardToGo({ ...played, nextValues: new Float64Array(rewards.length) }, { gamma: 1 }),
      [length, episodes],
      "float64",
    );
    const others = mul(sub(sum(toGo, 1, true), toGo), 1 / (episodes - 1));
    const policy = new DiagonalGaussian(force(concat(seen!, 0)), tensor([log(STD), log(STD)], [2], "float64"));
    const baseline = others.view([length * episodes]);
    const values = toGo.view([length * episodes]);
    const gradients = scoreFunctionGradient(policy, concat(actions!, 0), values, { baseline });
    return gradients
      .of(gains)
      .toArray()
      .map((value) => length * value);
  });
}
