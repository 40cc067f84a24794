import { joinParameters, mlp, type Parameters, type Sequential } from "../../nn/index.ts";
import { persistent, type Tensor, tanh } from "../../tensor/index.ts";
import { Critics, type CriticsOptions } from "../off-policy/critics.ts";

/** An actor μ(s) and critics Q_k(s, a), for actions from −1 to 1. Parameters are named `actor.…` and `critics.…` */
export class DeterministicActorCritic {
  readonly critics: Critics;
  /** `[1]` σ of the noise that training added last: what a stochastic policy adds. */
  readonly noiseStd: Tensor;
  readonly #actor: Sequential;

  constructor({ key, ...options }: CriticsOptions) {
    const { observationSize: inputs, actionSize: outputs, hidden, activation, dtype = "float32" } = options;
    this.#actor = mlp({ inputs, hidden, outputs, activation, key: key.split("actor"), dtype });
    this.critics = new Critics({ ...options, key });
    this.noiseStd = persistent([1], "float32");
  }

  /** μ of `observations` `[B, F]`: `[B, A]`. */
  actions(observations: Tensor): Tensor {
    return tanh(this.#actor.forward(observations));
  }

  actorParameters(): Parameters {
    return joinParameters({ actor: this.#actor });
  }

  criticParameters(): Parameters {
    return joinParameters({ critics: this.critics });
  }

  /** Everything that is trained. */
  parameters(): Parameters {
    return { ...this.actorParameters(), ...this.criticParameters() };
  }
}
