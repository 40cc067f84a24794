import type { ActionHead, Distribution } from "../../distributions/index.ts";
import { Gru, joinParameters, Lstm, type Parameters, type RecurrentLayer } from "../../nn/index.ts";
import type { Key } from "../../random/index.ts";
import { concat, persistent, reshape, type Tensor } from "../../tensor/index.ts";
import { ActorCritic, type ActorCriticOptions, type PolicyInputs } from "../actor-critic.ts";

export interface RecurrentActorCriticOptions extends Omit<ActorCriticOptions, "critic"> {
  /** Long short-term memory, or gated recurrent units, which have one state less. */
  readonly recurrent: "lstm" | "gru";
  /** H: how many numbers each state holds. */
  readonly recurrentSize: number;
  /** One core for policy and value instead of one each. */
  readonly sharedRecurrent: boolean;
  /** The heads see the observation beside what is remembered. */
  readonly recurrentSkip: boolean;
}

/** What is remembered between two steps, `[N, H]` each: `policy.h`, `policy.c`, `value.h`, … (`core.h`, … where shared). */
export type Memory = Readonly<Record<string, Tensor>>;

/** What a sequence is read with, besides what the policy depends on. */
export interface SequenceInputs extends PolicyInputs {
  /** Before the first step. */
  readonly memory: Memory;
  /** `[N, T]`: 1 where an episode begins with that observation, so that nothing is remembered before it, else 0. */
  readonly resets: Tensor;
}

interface Core {
  readonly name: string;
  readonly layer: RecurrentLayer;
}

/**
 * A policy and a value that depend on all observations of an episode so far: recurrent cores read the sequence, and what
 * `ActorCritic` makes of an observation is made of their output. Parameters: `policy.core.weight_ih_l0`, …,
 * `value.core.weight_ih_l0`, … (`core.…` where shared), then those of `ActorCritic`.
 */
export class RecurrentActorCritic {
  readonly #heads: ActorCritic;
  readonly #policyCore: Core;
  readonly #valueCore: Core;
  readonly #skips: boolean;

  constructor(options: RecurrentActorCriticOptions) {
    const { observationSize: inputs, recurrent, recurrentSize: hidden, sharedRecurrent, key, dtype } = options;
    this.#skips = options.recurrentSkip;
    const make = (branch: Key): RecurrentLayer =>
      new (recurrent === "gru" ? Gru : Lstm)({ inputs, hidden, key: branch, dtype });
    this.#policyCore = { name: sharedRecurrent ? "core" : "policy", layer: make(key.split("policy core")) };
    this.#valueCore = sharedRecurrent ? this.#policyCore : { name: "value", layer: make(key.split("value core")) };
    this.#heads = new ActorCritic({
      ...options,
      observationSize: this.#skips ? hidden + inputs : hidden,
      critic: "separate",
    });
  }

  get head(): ActionHead {
    return this.#heads.head;
  }

  /** See `ActorCritic`. */
  get std(): number | undefined {
    return this.#heads.std;
  }

  /** See `ActorCritic`. */
  exploration(rows: number): Tensor | undefined {
    return this.#heads.exploration(rows);
  }

  /** π and V of N sequences of T observations `[N, T, F]`, rows n·T + t, and the memory after the last step. */
  forward(observations: Tensor, inputs: SequenceInputs): { policy: Distribution; values: Tensor; memory: Memory } {
    const actor = this.#read(this.#policyCore, observations, inputs);
    const critic = this.#valueCore === this.#policyCore ? actor : this.#read(this.#valueCore, observations, inputs);
    return {
      policy: this.#heads.policy(actor.features, inputs),
      values: this.#heads.values(critic.features),
      memory: { ...actor.memory, ...critic.memory },
    };
  }

  /** The same without the value. */
  policy(observations: Tensor, inputs: SequenceInputs): { policy: Distribution; memory: Memory } {
    const { features, memory } = this.#read(this.#policyCore, observations, inputs);
    return { policy: this.#heads.policy(features, inputs), memory };
  }

  /** V alone, `[N·T]`. */
  values(observations: Tensor, inputs: SequenceInputs): Tensor {
    return this.#heads.values(this.#read(this.#valueCore, observations, inputs).features);
  }

  #read({ name, layer }: Core, observations: Tensor, { memory, resets }: SequenceInputs) {
    const named = Object.entries(memory).filter(([key]) => key.startsWith(`${name}.`));
    const before = Object.fromEntries(named.map(([key, tensor]) => [key.slice(name.length + 1), tensor]));
    const { output, state } = layer.forward(observations, { state: before, resets });
    const after = Object.fromEntries(Object.entries(state).map(([key, tensor]) => [`${name}.${key}`, tensor]));
    const remembered = reshape(output, [-1, layer.hidden]);
    const features = this.#skips ? concat([remembered, reshape(observations, [-1, layer.inputs])], 1) : remembered;
    return { features, memory: after };
  }

  /** An empty memory for N environments: zeros that live on. */
  emptyMemory(rows: number): Memory {
    const cores = new Set([this.#policyCore, this.#valueCore]);
    return Object.fromEntries(
      [...cores].flatMap(({ name, layer }) =>
        Object.entries(layer.initialState(1)).map(([key, { dtype }]) => [
          `${name}.${key}`,
          persistent([rows, layer.hidden], dtype),
        ]),
      ),
    );
  }

  parameters(): Parameters {
    const [policy, value] = [this.#policyCore, this.#valueCore];
    return {
      ...joinParameters(
        policy === value ? { core: policy.layer } : { "policy.core": policy.layer, "value.core": value.layer },
      ),
      ...this.#heads.parameters(),
    };
  }
}
