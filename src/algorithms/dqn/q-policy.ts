import { EnvironmentError } from "../../errors.ts";
import { loadStateDict, stateDict } from "../../nn/index.ts";
import type { Key, Random } from "../../random/index.ts";
import { describeMismatch, type Space } from "../../spaces/index.ts";
import { noGrad, plan, randomStream, type Tensor } from "../../tensor/index.ts";
import { checkActionMask } from "../action-mask.ts";
import type { ObservationNormalizer, Policy, PolicyContext, SavedArray } from "../algorithm.ts";
import { type ExplorationConfig, Explorer } from "./explorer.ts";
import type { ValueHead } from "./heads/value-head.ts";
import type { QNetwork } from "./networks/q-network.ts";

/** Q(s, ·) of N observations, as one recorded plan; with `noise` new noise at each run. */
export function planValues(network: QNetwork, head: ValueHead, observationShape: readonly number[], noise?: Tensor) {
  return plan({ observations: { shape: observationShape } }, ({ observations }) =>
    noGrad(() => head.values(network.outputs(observations, noise))),
  );
}

export interface QPolicyParts {
  readonly network: QNetwork;
  readonly head: ValueHead;
}

/** Takes the best action by Q; where it may be random, as training does: exploring as much as it did last. */
export class QPolicy implements Policy {
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly network: QNetwork;
  readonly head: ValueHead;
  readonly explorer: Explorer;
  readonly #normalizer: ObservationNormalizer | undefined;
  readonly #best: ReturnType<typeof planValues>;
  readonly #noisy: ReturnType<typeof planValues>;
  readonly #noise: Tensor;
  readonly #action = new Float32Array(1);
  #random: Random;

  constructor({ network, head }: QPolicyParts, context: PolicyContext<ExplorationConfig & { noisyNets: boolean }>) {
    const { config, observationSpace, actionSpace, normalizer, key } = context;
    this.observationSpace = observationSpace;
    this.actionSpace = actionSpace;
    this.network = network;
    this.head = head;
    this.explorer = new Explorer(config, actionSpace.maskSize);
    this.#normalizer = normalizer;
    const own = key.split("policy act");
    this.#random = own.stream();
    this.#noise = randomStream(own.split("noise"));
    const shape = [1, observationSpace.flatSize];
    this.#best = planValues(network, head, shape);
    this.#noisy = config.noisyNets ? planValues(network, head, shape, this.#noise) : this.#best;
  }

  act(
    observation: unknown,
    { deterministic = false, mask }: { deterministic?: boolean; mask?: Uint8Array } = {},
  ): unknown {
    const problem = describeMismatch(this.observationSpace, observation, { bounds: false });
    if (problem !== undefined) throw new EnvironmentError(problem);
    if (mask) checkActionMask(mask, this.actionSpace);
    const recorded = deterministic ? this.#best : this.#noisy;
    const flat = recorded.inputs.observations.data as Float32Array;
    this.observationSpace.flatten(observation, flat, 0);
    this.#normalizer?.normalize(flat);
    const values = recorded.run().data;
    this.#action[0] = deterministic
      ? this.explorer.best(values, mask)
      : this.explorer.choose(values, 0, this.#random, mask);
    return this.actionSpace.unflattenAction(this.#action, 0);
  }

  reseed(key: Key): void {
    this.#random = key.stream();
    this.#noise.set(randomStream(key.split("noise")).data);
  }

  #tensors() {
    return { ...this.network.parameters(), exploration: this.explorer.amount };
  }

  parameters(): Record<string, SavedArray> {
    return stateDict(this.#tensors());
  }

  load(parameters: Readonly<Record<string, SavedArray>>): void {
    loadStateDict(this.#tensors(), parameters);
  }
}
