import type { BatchEnv } from "../../envs/index.ts";
import type { Random } from "../../random/index.ts";
import { argMax, noGrad, plan, type Tensor } from "../../tensor/index.ts";
import type { EpisodeActor } from "../episode-collector.ts";
import type { TargetPolicy, ValueNetwork } from "./value-network.ts";

export interface BehaviorOptions {
  readonly env: BatchEnv;
  /** By which values the other actions are greedy. */
  readonly network: ValueNetwork;
  /** Whose values final observations have. */
  readonly bootstrap: ValueNetwork;
  readonly targetPolicy: TargetPolicy;
  /** Probability of an action drawn uniformly. */
  readonly epsilon: number;
  readonly random: Random;
}

/** One of the functions of a network, over N observations. */
function planOver(env: BatchEnv, fn: (observations: Tensor, allowed: Tensor) => Tensor) {
  const observations = { shape: [env.count, env.observationSpace.flatSize] };
  const allowed = { shape: [env.count, Math.max(1, env.actionSpace.maskSize)] };
  return plan({ observations, allowed }, (inputs) => noGrad(() => fn(inputs.observations, inputs.allowed)));
}

/** Takes uniformly drawn actions in N environments, the best ones by Q between them: ε-greedy, uniform where ε is 1. */
export class BehaviorActor implements EpisodeActor {
  readonly #options: BehaviorOptions;
  readonly #best: Recorded | undefined;
  readonly #value: Recorded;
  readonly #actions: Float32Array;
  /** Values are made anew from what is learned, not kept from when it was collected. */
  readonly #values: Float32Array;

  constructor(options: BehaviorOptions) {
    const { env, network, bootstrap, targetPolicy, epsilon } = options;
    this.#options = options;
    this.#actions = new Float32Array(env.count * env.actionSpace.actionSize);
    this.#values = new Float32Array(env.count);
    if (epsilon < 1) this.#best = planOver(env, (seen, allowed) => argMax(network.preferences(seen, allowed)));
    this.#value = planOver(env, (seen, allowed) => bootstrap.stateValues(seen, allowed, targetPolicy));
  }

  choose() {
    const { env, epsilon, random } = this.#options;
    const { actionSpace, actionMasks } = env;
    const { actionSize, maskSize } = actionSpace;
    const best = this.#best && valuesBy(this.#best, env.observations, actionMasks);
    for (let n = 0; n < env.count; n++) {
      if (best && random.uniform() >= epsilon) {
        this.#actions[n] = best[n]!;
        continue;
      }
      const mask = actionMasks?.subarray(n * maskSize, (n + 1) * maskSize);
      actionSpace.flattenAction(actionSpace.sample(random, mask), this.#actions, n * actionSize);
    }
    return { actions: { data: this.#actions }, values: { data: this.#values } };
  }

  step({ actions }: { readonly actions: { readonly data: ArrayLike<number> } }): void {
    this.#options.env.step(actions.data as Float32Array);
  }

  /** V under the target policy; all actions count as allowed. */
  valuesOf(observations: Float32Array): ArrayLike<number> {
    return valuesBy(this.#value, observations);
  }
}

type Recorded = ReturnType<typeof planOver>;

function valuesBy(recorded: Recorded, observations: Float32Array, masks?: Uint8Array): ArrayLike<number> {
  const { inputs } = recorded;
  inputs.observations.data.set(observations);
  if (masks) inputs.allowed.data.set(masks);
  else inputs.allowed.data.fill(1);
  return recorded.run().data;
}
