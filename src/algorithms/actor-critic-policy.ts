import { EnvironmentError } from "../errors.ts";
import { loadStateDict, stateDict } from "../nn/index.ts";
import type { Key } from "../random/index.ts";
import { describeMismatch, type Space } from "../spaces/index.ts";
import { noGrad, plan, randomStream, type Tensor } from "../tensor/index.ts";
import type { ActorCritic } from "./actor-critic.ts";
import type { ObservationNormalizer, Policy, PolicyContext, SavedArray } from "./algorithm.ts";

/** The plan for one observation; `stream` undefined chooses the mode. */
function planOne(network: ActorCritic, observationSize: number, maskSize: number, stream: Tensor | undefined) {
  const observation = { shape: [1, observationSize] };
  const mask = { shape: [1, maskSize], dtype: "uint8" as const };
  return plan({ observation, mask }, (inputs) =>
    noGrad(() => {
      const policy = network.policy(inputs.observation, maskSize > 0 ? inputs.mask : undefined);
      return stream ? policy.sample(stream) : policy.mode();
    }),
  );
}

/** Acts with the policy half of an actor-critic; stochastic actions come from a random stream of its own. */
export class ActorCriticPolicy implements Policy {
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly network: ActorCritic;
  readonly #normalizer: ObservationNormalizer | undefined;
  readonly #stream: Tensor;
  readonly #plans = new Map<string, ReturnType<typeof planOne>>();
  readonly #action: Float32Array;

  constructor(network: ActorCritic, { observationSpace, actionSpace, key, normalizer }: PolicyContext<unknown>) {
    this.observationSpace = observationSpace;
    this.actionSpace = actionSpace;
    this.network = network;
    this.#normalizer = normalizer;
    this.#stream = randomStream(key.split("policy act"));
    this.#action = new Float32Array(actionSpace.actionSize);
  }

  act(
    observation: unknown,
    { deterministic = false, mask }: { deterministic?: boolean; mask?: Uint8Array } = {},
  ): unknown {
    const problem = describeMismatch(this.observationSpace, observation, { bounds: false });
    if (problem !== undefined) throw new EnvironmentError(problem);
    const one = this.#plan(deterministic, mask);
    const flat = one.inputs.observation.data as Float32Array;
    this.observationSpace.flatten(observation, flat, 0);
    this.#normalizer?.normalize(flat);
    if (mask) one.inputs.mask.set(mask);
    this.network.head.toEnv(one.run().data, this.#action);
    return this.actionSpace.unflattenAction(this.#action, 0);
  }

  reseed(key: Key): void {
    this.#stream.set([key.k0 | 0, key.k1 | 0, 0, 0]);
  }

  #plan(deterministic: boolean, mask: Uint8Array | undefined) {
    const name = `${deterministic}${mask !== undefined}`;
    let one = this.#plans.get(name);
    if (one === undefined) {
      const maskSize = mask ? this.actionSpace.maskSize : 0;
      one = planOne(this.network, this.observationSpace.flatSize, maskSize, deterministic ? undefined : this.#stream);
      this.#plans.set(name, one);
    }
    return one;
  }

  parameters(): Record<string, SavedArray> {
    return stateDict(this.network);
  }

  load(parameters: Readonly<Record<string, SavedArray>>): void {
    loadStateDict(this.network, parameters);
  }
}
