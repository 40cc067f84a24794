import { joinParameters, type Parameters } from "../../nn/index.ts";
import type { Tensor } from "../../tensor/index.ts";
import type { BoundedActions } from "../off-policy/bounded-actions.ts";
import { Critics, type CriticsOptions } from "../off-policy/critics.ts";
import { SquashedActor } from "./squashed-actor.ts";

/** A squashed Gaussian actor and two critics, for actions from −1 to 1. Parameters are named `actor.…` and `critics.…` */
export class SoftActorCritic {
  readonly actor: SquashedActor;
  readonly critics: Critics;
  readonly #actions: BoundedActions;

  constructor(actions: BoundedActions, { key, ...sizes }: Omit<CriticsOptions, "count" | "actionSize">) {
    this.#actions = actions;
    this.actor = new SquashedActor({ ...sizes, actionSize: actions.size, key: key.split("actor") });
    this.critics = new Critics({ ...sizes, actionSize: actions.size, count: 2, key });
  }

  parameters(): Parameters {
    return joinParameters({ actor: this.actor, critics: this.critics });
  }

  /** π of `observations` `[N, F]`, with actions as the environment takes them. */
  policy(observations: Tensor) {
    const scaled = this.actor.distribution(observations);
    return {
      sample: (stream: Tensor) => this.#actions.toEnvTensor(scaled.sample(stream)),
      mode: () => this.#actions.toEnvTensor(scaled.mode()),
    };
  }
}
