import { type Distribution, resampleExploration } from "../distributions/index.ts";
import { EnvironmentError } from "../errors.ts";
import { loadStateDict, type Parameters, stateDict } from "../nn/index.ts";
import type { Key } from "../random/index.ts";
import { describeMismatch, type Space } from "../spaces/index.ts";
import { noGrad, plan, randomStream, type Tensor } from "../tensor/index.ts";
import { checkActionMask } from "./action-mask.ts";
import type { ActorCritic, PolicyInputs } from "./actor-critic.ts";
import type { ObservationNormalizer, Policy, PolicyContext, SavedArray } from "./algorithm.ts";
import { toEnvActions } from "./env-actions.ts";

/** What it takes of a network to act with it: π(a given s), and room for gSDE's noise where there is such. */
export interface ActingNetwork {
  policy(observations: Tensor, given?: PolicyInputs): Pick<Distribution, "sample" | "mode">;
  exploration?(rows: number): Tensor | undefined;
  /** Clears what it remembers; left out where it remembers nothing. */
  forget?(): void;
  parameters(): Parameters;
}

/** The step from one observation to one action; a stream of undefined chooses the mode. */
function planOne(network: ActingNetwork, inputSizes: [number, number], stream?: Tensor, exploration?: Tensor) {
  const [observationSize, maskSize] = inputSizes;
  const observation = { shape: [1, observationSize] };
  const mask = { shape: [1, maskSize], dtype: "uint8" as const };
  return plan({ observation, mask }, (inputs) =>
    noGrad(() => {
      const given = { mask: maskSize > 0 ? inputs.mask : undefined, exploration };
      const policy = network.policy(inputs.observation, given);
      return stream ? policy.sample(stream) : policy.mode();
    }),
  );
}

/** Acts with the policy half of an actor-critic; stochastic actions come from a random stream of its own. */
export class ActorCriticPolicy<N extends ActingNetwork = ActorCritic> implements Policy {
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly network: N;
  readonly #normalizer: ObservationNormalizer | undefined;
  readonly #stream: Tensor;
  readonly #exploration: Tensor | undefined;
  readonly #noiseSteps: number;
  /** Recorded when first needed: sampled or most likely action, without or with a mask. */
  readonly #plans: ReturnType<typeof planOne>[] = [];
  readonly #action: Float32Array;
  /** Stochastic actions since the random numbers were restarted. */
  #sampled = 0;

  /** @param noiseSteps stochastic actions after which gSDE draws its noise anew */
  constructor(network: N, context: PolicyContext<unknown>, noiseSteps = 1) {
    this.observationSpace = context.observationSpace;
    this.actionSpace = context.actionSpace;
    this.network = network;
    this.#normalizer = context.normalizer;
    this.#stream = randomStream(context.key.split("policy act"));
    this.#exploration = network.exploration?.(1);
    this.#noiseSteps = noiseSteps;
    this.#action = new Float32Array(this.actionSpace.actionSize);
  }

  act(
    observation: unknown,
    { deterministic = false, mask }: { deterministic?: boolean; mask?: Uint8Array } = {},
  ): unknown {
    const problem = describeMismatch(this.observationSpace, observation, { bounds: false });
    if (problem !== undefined) throw new EnvironmentError(problem);
    const one = this.#plan(deterministic, mask !== undefined);
    const flat = one.inputs.observation.data as Float32Array;
    this.observationSpace.flatten(observation, flat, 0);
    this.#normalizer?.normalize(flat);
    if (mask) one.inputs.mask.set(checkActionMask(mask, this.actionSpace));
    if (!deterministic) this.#moveNoiseOn();
    toEnvActions(this.actionSpace, one.run().data, this.#action);
    return this.actionSpace.unflattenAction(this.#action, 0);
  }

  #moveNoiseOn(): void {
    if (this.#exploration && this.#sampled++ % this.#noiseSteps === 0) {
      resampleExploration(this.#stream, this.#exploration);
    }
  }

  reset(): void {
    this.network.forget?.();
  }

  reseed(key: Key): void {
    this.#stream.set([key.k0 | 0, key.k1 | 0, 0, 0]);
    this.#sampled = 0;
  }

  #plan(deterministic: boolean, masked: boolean) {
    const { flatSize } = this.observationSpace;
    const maskSize = masked ? this.actionSpace.maskSize : 0;
    const stream = deterministic ? undefined : this.#stream;
    this.#plans[2 * +deterministic + +masked] ??= planOne(
      this.network,
      [flatSize, maskSize],
      stream,
      this.#exploration,
    );
    return this.#plans[2 * +deterministic + +masked]!;
  }

  parameters(): Record<string, SavedArray> {
    return stateDict(this.network);
  }

  load(parameters: Readonly<Record<string, SavedArray>>): void {
    loadStateDict(this.network, parameters);
  }
}
