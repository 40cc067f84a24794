import { EnvironmentError } from "../../errors.ts";
import { loadStateDict, stateDict } from "../../nn/index.ts";
import type { Key, Random } from "../../random/index.ts";
import { describeMismatch, type Space } from "../../spaces/index.ts";
import { argMax, noGrad, persistent, plan } from "../../tensor/index.ts";
import { checkActionMask } from "../action-mask.ts";
import type { ObservationNormalizer, Policy, PolicyContext, SavedArray } from "../algorithm.ts";
import { allowedValues } from "./dqn-loss.ts";
import type { QNetwork } from "./q-network.ts";

/** The best actions by Q of N observations, as one recorded plan. */
export function planBest(network: QNetwork, rows: number, observationSize: number, maskSize: number) {
  const mask = { shape: [rows, maskSize], dtype: "uint8" } as const;
  return plan({ observations: { shape: [rows, observationSize] }, mask }, (inputs) =>
    noGrad(() => argMax(allowedValues(network.values(inputs.observations), maskSize > 0 ? inputs.mask : undefined))),
  );
}

/** Takes the best action by Q; where it may be random, as often another one as training did last. */
export class QPolicy implements Policy {
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly network: QNetwork;
  /** `[1]` ε as it is now; stored with the network. */
  readonly epsilon = persistent([1], "float32");
  readonly #normalizer: ObservationNormalizer | undefined;
  readonly #best: ReturnType<typeof planBest>;
  readonly #action = new Float32Array(1);
  #random: Random;

  constructor(network: QNetwork, context: PolicyContext<unknown>) {
    this.observationSpace = context.observationSpace;
    this.actionSpace = context.actionSpace;
    this.network = network;
    this.#normalizer = context.normalizer;
    this.#random = context.key.split("policy act").stream();
    this.#best = planBest(network, 1, this.observationSpace.flatSize, this.actionSpace.maskSize);
  }

  act(
    observation: unknown,
    { deterministic = false, mask }: { deterministic?: boolean; mask?: Uint8Array } = {},
  ): unknown {
    const problem = describeMismatch(this.observationSpace, observation, { bounds: false });
    if (problem !== undefined) throw new EnvironmentError(problem);
    if (mask) checkActionMask(mask, this.actionSpace);
    if (!deterministic && this.#random.uniform() < this.epsilon.data[0]!) {
      return this.actionSpace.sample(this.#random, mask);
    }
    const { inputs } = this.#best;
    const flat = inputs.observations.data as Float32Array;
    this.observationSpace.flatten(observation, flat, 0);
    this.#normalizer?.normalize(flat);
    if (mask) inputs.mask.set(mask);
    else inputs.mask.data.fill(1);
    this.#action[0] = this.#best.run().item();
    return this.actionSpace.unflattenAction(this.#action, 0);
  }

  reseed(key: Key): void {
    this.#random = key.stream();
  }

  #tensors() {
    return { ...this.network.parameters(), epsilon: this.epsilon };
  }

  parameters(): Record<string, SavedArray> {
    return stateDict(this.#tensors());
  }

  load(parameters: Readonly<Record<string, SavedArray>>): void {
    loadStateDict(this.#tensors(), parameters);
  }
}
