import { Categorical } from "../../distributions/index.ts";
import { type ActivationName, joinParameters, mlp, type Parameters, type Sequential } from "../../nn/index.ts";
import type { Key } from "../../random/index.ts";
import { minimum, type Tensor } from "../../tensor/index.ts";
import type { PolicyInputs } from "../actor-critic.ts";

export interface DiscreteSoftActorCriticOptions {
  /** F: entries of a flat observation. */
  readonly observationSize: number;
  /** n */
  readonly actions: number;
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  readonly key: Key;
}

/**
 * A categorical actor and two critics that give Q of every action at once. Parameters are named `actor.…`, `critics.q0.…` and
 * `critics.q1.…`
 */
export class DiscreteSoftActorCritic {
  readonly #actor: Sequential;
  readonly #critics: readonly Sequential[];

  constructor({ observationSize: inputs, actions: outputs, hidden, activation, key }: DiscreteSoftActorCriticOptions) {
    const network = (name: string, index: number) =>
      mlp({ inputs, hidden, outputs, activation, key: key.split(name, index) });
    this.#actor = network("actor", 0);
    this.#critics = [network("critic", 0), network("critic", 1)];
  }

  /** π of `observations` `[B, F]`. */
  policy(observations: Tensor, { mask }: Pick<PolicyInputs, "mask"> = {}): Categorical {
    return new Categorical(this.#actor.forward(observations), mask);
  }

  /** Q_0 and Q_1 of `observations` `[B, F]` and every action, each `[B, n]`. */
  values(observations: Tensor): Tensor[] {
    return this.#critics.map((critic) => critic.forward(observations));
  }

  /** min_k Q_k: `[B, n]`. */
  least(observations: Tensor): Tensor {
    return this.values(observations).reduce((least, value) => minimum(least, value));
  }

  actorParameters(): Parameters {
    return joinParameters({ actor: this.#actor });
  }

  criticParameters(): Parameters {
    return joinParameters(Object.fromEntries(this.#critics.map((critic, k) => [`critics.q${k}`, critic])));
  }

  parameters(): Parameters {
    return { ...this.actorParameters(), ...this.criticParameters() };
  }
}
