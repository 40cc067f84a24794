/** Estimates of the gradient of an expected reward from N choices: through the game itself, and in ways that get around it. */
import type { Categorical } from "../../distributions/index.ts";
import { scoreFunctionGradient } from "../../estimators/index.ts";
import { adam, loadStateDict, mlp, type Optimiser, type Sequential, stateDict } from "../../nn/index.ts";
import type { Key } from "../../random/index.ts";
import {
  affine,
  backward,
  dotRows,
  type Gradients,
  mean,
  mseLoss,
  noGrad,
  type Plan,
  plan,
  randomStream,
  reshape,
  softmax,
  step,
  type Tensor,
  tensor,
} from "../../tensor/index.ts";
import type { OneChoice } from "./one-choice.ts";

/** The gradient by the parameters, from N new choices. */
export type Estimate = () => Float64Array;

/** @param key where the choices come from */
export type Way = (game: OneChoice, rows: number, key: Key) => Estimate;

/** The chain rule from the reward to the choice and on to the parameters. Where no gradient gets through it is 0. */
export const throughTheGame: Way = ({ parameters, policy, rewards }, rows, key) => {
  const stream = randomStream(key);
  return () =>
    step(() => {
      const reward = mean(rewards(policy(rows).sample(stream)));
      return arrived(reward.requiresGrad ? backward(reward) : undefined, parameters);
    });
};

/** The chain rule no further than to the probability of the choice, which the reward weighs. */
export const scoreFunction: Way = ({ parameters, policy, rewards }, rows, key) => {
  const stream = randomStream(key);
  return () =>
    step(() => {
      const choices = noGrad(() => policy(rows).sample(stream));
      const values = noGrad(() => rewards(choices));
      return arrived(scoreFunctionGradient(policy(rows), choices, values, { baseline: "average" }), parameters);
    });
};

/** The chain rule through what has been learned of the game in its place: Q(choice), fitted to the rewards of the same choices. */
export const learnedQ: Way = (game, rows, key) => {
  const { parameters, policy, rewards } = game;
  const stream = randomStream(key);
  const q = new LearnedQ(rows, key.split("Q"));
  return () =>
    step(() => {
      const choices = noGrad(() => policy(rows).sample(stream));
      const values = noGrad(() => rewards(choices));
      if (choices.dtype === "int32") return throughTable(policy(1) as Categorical, choices, values, parameters);
      q.begin();
      q.learn(choices, values, 100);
      return arrived(backward(mean(q.value(policy(rows).sample(stream)))), parameters);
    });
};

/** Σ_a π(a) Q(a), with the mean reward of each choice as Q, 0 for one that was never made. */
function throughTable(policy: Categorical, choices: Tensor, values: Tensor, parameters: Tensor): Float64Array {
  const [sums, counts] = [new Float64Array(2), new Float64Array(2)];
  choices.data.forEach((choice, i) => {
    sums[choice]! += values.data[i]!;
    counts[choice]! += 1;
  });
  const q = tensor(
    sums.map((sum, a) => sum / Math.max(counts[a]!, 1)),
    [1, 2],
    "float64",
  );
  return arrived(backward(mean(dotRows(softmax(policy.logits), q))), parameters);
}

/** A small network Q(a) of one number, fitted to rewards by Adam. */
export class LearnedQ {
  readonly #network: Sequential;
  readonly #optimiser: Optimiser;
  readonly #fit: Plan<Record<"choices" | "rewards", { readonly shape: number[]; readonly dtype: "float64" }>, Tensor>;
  readonly #first: ReturnType<typeof stateDict>[];

  constructor(rows: number, key: Key) {
    this.#network = mlp({ inputs: 1, hidden: [16], outputs: 1, key, dtype: "float64" });
    this.#optimiser = adam(this.#network, { learningRate: 0.03 });
    this.#first = [stateDict(this.#network.parameters()), stateDict(this.#optimiser.state())];
    const specs = {
      choices: { shape: [rows, 1], dtype: "float64" as const },
      rewards: { shape: [rows], dtype: "float64" as const },
    };
    this.#fit = plan(specs, ({ choices, rewards }) => {
      const loss = mseLoss(this.value(choices), rewards);
      this.#optimiser.update(backward(loss));
      return loss;
    });
  }

  /** Forgets what it learned. */
  begin(): void {
    loadStateDict(this.#network.parameters(), this.#first[0]!);
    loadStateDict(this.#optimiser.state(), this.#first[1]!);
  }

  learn(choices: Tensor, rewards: Tensor, steps: number): void {
    this.#fit.inputs.choices.set(choices.data);
    this.#fit.inputs.rewards.set(rewards.data);
    for (let i = 0; i < steps; i++) this.#fit.run();
  }

  /** `[N]`; the choices are taken from the middle of 0 and 1 in tenths. */
  value(choices: Tensor): Tensor {
    return reshape(this.#network.forward(affine(choices, 10, -5)), [-1]);
  }
}

function arrived(gradients: Gradients | undefined, parameters: Tensor): Float64Array {
  return gradients?.has(parameters)
    ? (gradients.of(parameters).toArray() as Float64Array)
    : new Float64Array(parameters.size);
}
