import { EnvironmentError } from "../../errors.ts";
import { loadStateDict, stateDict } from "../../nn/index.ts";
import type { Key, Random } from "../../random/index.ts";
import { describeMismatch, type Space } from "../../spaces/index.ts";
import { argMax, noGrad, plan } from "../../tensor/index.ts";
import { checkActionMask } from "../action-mask.ts";
import type { ObservationNormalizer, Policy, PolicyContext, SavedArray } from "../algorithm.ts";
import type { TargetPolicy, ValueNetwork } from "./value-network.ts";

function planBest(network: ValueNetwork, observationSize: number, actions: number) {
  const specs = { observation: { shape: [1, observationSize] }, allowed: { shape: [1, actions] } };
  return plan(specs, (inputs) => noGrad(() => argMax(network.preferences(inputs.observation, inputs.allowed))));
}

/** The policy whose values are predicted: uniform whatever is learned, or greedy in Q. Its parameters are the values'. */
export class PredictionPolicy implements Policy {
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly network: ValueNetwork;
  readonly #normalizer: ObservationNormalizer | undefined;
  readonly #best: ReturnType<typeof planBest> | undefined;
  #random: Random;

  constructor(network: ValueNetwork, targetPolicy: TargetPolicy, context: PolicyContext<unknown>) {
    const { observationSpace, actionSpace, normalizer, key } = context;
    this.observationSpace = observationSpace;
    this.actionSpace = actionSpace;
    this.network = network;
    this.#normalizer = normalizer;
    this.#random = key.split("policy act").stream();
    if (targetPolicy === "greedy") this.#best = planBest(network, observationSpace.flatSize, actionSpace.maskSize);
  }

  act(observation: unknown, { mask }: { deterministic?: boolean; mask?: Uint8Array } = {}): unknown {
    const problem = describeMismatch(this.observationSpace, observation, { bounds: false });
    if (problem !== undefined) throw new EnvironmentError(problem);
    if (mask) checkActionMask(mask, this.actionSpace);
    if (this.#best === undefined) return this.actionSpace.sample(this.#random, mask);
    const { inputs } = this.#best;
    const flat = inputs.observation.data as Float32Array;
    this.observationSpace.flatten(observation, flat, 0);
    this.#normalizer?.normalize(flat);
    if (mask) inputs.allowed.set(mask);
    else inputs.allowed.data.fill(1);
    return this.actionSpace.unflattenAction(Float32Array.of(this.#best.run().item()), 0);
  }

  reseed(key: Key): void {
    this.#random = key.stream();
  }

  parameters(): Record<string, SavedArray> {
    return stateDict(this.network);
  }

  load(parameters: Readonly<Record<string, SavedArray>>): void {
    loadStateDict(this.network, parameters);
  }
}
