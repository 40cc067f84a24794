import { EnvironmentError } from "../../errors.ts";
import type { ActionNoise } from "../../exploration/index.ts";
import { loadStateDict, stateDict } from "../../nn/index.ts";
import type { Key } from "../../random/index.ts";
import { describeMismatch, type Space } from "../../spaces/index.ts";
import { noGrad, plan } from "../../tensor/index.ts";
import type { ObservationNormalizer, Policy, PolicyContext, SavedArray } from "../algorithm.ts";
import { BoundedActions } from "../off-policy/bounded-actions.ts";
import type { DeterministicActorCritic } from "./deterministic-actor-critic.ts";
import { addNoise, createNoise, type NoiseConfig } from "./noise.ts";

/** Takes μ(s); where it may be random, with the noise of training. */
export class DeterministicPolicy implements Policy {
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly network: DeterministicActorCritic;
  readonly #normalizer: ObservationNormalizer | undefined;
  readonly #config: NoiseConfig;
  readonly #bounds: BoundedActions;
  readonly #best;
  readonly #action: Float32Array;
  readonly #envAction: Float32Array;
  #noise: ActionNoise | undefined;

  constructor(network: DeterministicActorCritic, context: PolicyContext<NoiseConfig & { algorithm: string }>) {
    const { config, observationSpace, actionSpace, normalizer, key } = context;
    this.observationSpace = observationSpace;
    this.actionSpace = actionSpace;
    this.network = network;
    this.#normalizer = normalizer;
    this.#config = config;
    this.#bounds = new BoundedActions(actionSpace, config.algorithm);
    this.#best = plan({ observation: { shape: [1, observationSpace.flatSize] } }, ({ observation }) =>
      noGrad(() => network.actions(observation)),
    );
    this.#action = new Float32Array(this.#bounds.size);
    this.#envAction = new Float32Array(this.#bounds.size);
    this.reseed(key.split("policy act"));
  }

  act(observation: unknown, { deterministic = false }: { deterministic?: boolean } = {}): unknown {
    const problem = describeMismatch(this.observationSpace, observation, { bounds: false });
    if (problem !== undefined) throw new EnvironmentError(problem);
    const flat = this.#best.inputs.observation.data as Float32Array;
    this.observationSpace.flatten(observation, flat, 0);
    this.#normalizer?.normalize(flat);
    this.#action.set(this.#best.run().data);
    if (this.#noise && !deterministic) {
      this.#noise.sigma = this.network.noiseStd.data[0]!;
      addNoise(this.#noise, this.#action);
    }
    return this.actionSpace.unflattenAction(this.#bounds.toEnv(this.#action, this.#envAction), 0);
  }

  reset(): void {
    this.#noise?.reset(0);
  }

  reseed(key: Key): void {
    this.#noise = createNoise(this.#config, 1, this.#bounds.size, key);
  }

  #tensors() {
    return { ...this.network.parameters(), noiseStd: this.network.noiseStd };
  }

  parameters(): Record<string, SavedArray> {
    return stateDict(this.#tensors());
  }

  load(parameters: Readonly<Record<string, SavedArray>>): void {
    loadStateDict(this.#tensors(), parameters);
  }
}
