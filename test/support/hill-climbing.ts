/**
 * A second algorithm, as small as one can be: a linear policy whose weights are changed at random, and the change kept where
 * the next rollout earns at least as much per episode. It shows what training asks of an algorithm, and can fail on demand.
 */

import { z } from "zod";
import { commonFields } from "../../src/algorithms/config.ts";
import type {
  Algorithm,
  CommonConfig,
  Learner,
  LearnerContext,
  Policy,
  PolicyContext,
} from "../../src/algorithms/index.ts";
import { algorithms } from "../../src/algorithms/index.ts";
import type { BatchEnv } from "../../src/envs/index.ts";
import { FormatError } from "../../src/errors.ts";
import type { Random, RandomState } from "../../src/random/index.ts";

const schema = z.strictObject({
  ...commonFields,
  nSteps: z.int().positive().default(200),
  noise: z.number().positive().default(0.5),
  /** What goes wrong, and from which step on. */
  fault: z.enum(["none", "metric", "undefined metric", "unknown metric", "parameter"]).default("none"),
  faultAt: z.int().nonnegative().default(0),
});
type Config = z.infer<typeof schema> & CommonConfig;

/** Chooses the action whose row of weights fits the observation best. */
function linearPolicy({ observationSpace, actionSpace, normalizer, key }: PolicyContext<Config>) {
  const weights = new Float64Array(actionSpace.maskSize * observationSpace.flatSize);
  const flat = new Float32Array(observationSpace.flatSize);
  let random = key.stream();
  const best = (observation: ArrayLike<number>, offset: number): number => {
    const scores = Array.from({ length: actionSpace.maskSize }, (_, action) =>
      flat.reduce((sum, _, i) => sum + weights[action * flat.length + i] * observation[offset + i], 0),
    );
    return scores.indexOf(Math.max(...scores));
  };
  const policy: Policy = {
    observationSpace,
    actionSpace,
    act(observation, { deterministic = false } = {}) {
      observationSpace.flatten(observation, flat, 0);
      normalizer?.normalize(flat);
      const action = deterministic || random.uniform() < 0.9 ? best(flat, 0) : random.integer(actionSpace.maskSize);
      return actionSpace.unflattenAction(Float32Array.of(action), 0);
    },
    reseed(fresh) {
      random = fresh.stream();
    },
    parameters: () => ({
      weights: { dtype: "F64", shape: [actionSpace.maskSize, flat.length], data: weights.slice() },
    }),
    load({ weights: saved }) {
      if (saved?.data.length !== weights.length) {
        throw new FormatError({ field: "weights", value: saved?.shape, allowed: `${weights.length} numbers` });
      }
      weights.set(saved.data as Float64Array);
    },
  };
  return { policy, weights, best };
}

class HillClimbing implements Learner {
  readonly policy: Policy;
  step = 0;
  readonly #config: Config;
  readonly #env: BatchEnv;
  readonly #linear: ReturnType<typeof linearPolicy>;
  readonly #random: Random;
  #kept: Float64Array;
  #best = Number.NEGATIVE_INFINITY;

  constructor(context: LearnerContext<Config>) {
    this.#config = context.config;
    this.#env = context.env;
    this.#linear = linearPolicy(context);
    this.policy = this.#linear.policy;
    this.#random = context.key.split("noise").stream();
    this.#kept = this.#linear.weights.slice();
  }

  iterate() {
    const { weights } = this.#linear;
    const { noise, nSteps, nEnvs, fault, faultAt } = this.#config;
    for (let i = 0; i < weights.length; i++) weights[i] = this.#kept[i] + noise * this.#random.normal();
    const score = this.#rollout(nSteps);
    if (score >= this.#best) {
      this.#best = score;
      this.#kept = weights.slice();
    }
    weights.set(this.#kept);
    this.step += nSteps * nEnvs;
    const now = this.step >= faultAt ? fault : "none";
    if (now === "parameter") weights[1] = Number.NaN;
    return {
      "loss/total": now === "metric" ? Number.POSITIVE_INFINITY : -score,
      ...(now === "undefined metric" && { "value/explainedVariance": Number.NaN }),
      ...(now === "unknown metric" && { "loss/unheardOf": Number.NaN }),
    };
  }

  /** Mean reward per episode that ended. */
  #rollout(steps: number): number {
    const env = this.#env;
    const { flatSize } = env.observationSpace;
    const actions = new Float32Array(env.count);
    let total = 0;
    let episodes = 1;
    for (let t = 0; t < steps; t++) {
      for (let n = 0; n < env.count; n++) actions[n] = this.#linear.best(env.observations, n * flatSize);
      env.step(actions);
      for (let n = 0; n < env.count; n++) {
        total += env.rewards[n];
        episodes += env.terminated[n];
      }
    }
    return total / episodes;
  }

  save() {
    const kept = { dtype: "F64", shape: [this.#kept.length], data: this.#kept.slice() } as const;
    const best = this.#best === Number.NEGATIVE_INFINITY ? null : this.#best;
    return { json: { step: this.step, best, random: { ...this.#random.state() } }, arrays: { kept } };
  }

  load({ json, arrays }: Parameters<Learner["load"]>[0]) {
    const { step, best, random } = json as unknown as { step: number; best: number | null; random: RandomState };
    this.step = step;
    this.#best = best ?? Number.NEGATIVE_INFINITY;
    this.#random.restore(random);
    this.#kept = (arrays.kept.data as Float64Array).slice();
  }
}

const hillClimbing: Algorithm<Config> = {
  name: "hill-climbing",
  summary: "Random changes of a linear policy, kept where they help.",
  source: "for tests",
  schema,
  actionSpaces: ["discrete"],
  presets: { "CartPole-v1": { steps: 3000, nSteps: 100, nEnvs: 3 } },
  createPolicy: (context) => linearPolicy(context).policy,
  create: (context) => new HillClimbing(context),
};

/** Adds the algorithm to those that there are. */
export function addHillClimbing(): void {
  (algorithms as Record<string, Algorithm>)["hill-climbing"] = hillClimbing as unknown as Algorithm;
}
