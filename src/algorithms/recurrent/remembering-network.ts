import type { ActionHead, Distribution } from "../../distributions/index.ts";
import type { Parameters } from "../../nn/index.ts";
import { assign, persistent, reshape, type Tensor } from "../../tensor/index.ts";
import type { PolicyInputs, PolicyNetwork } from "../actor-critic.ts";
import type { Memory, RecurrentActorCritic, SequenceInputs } from "./recurrent-actor-critic.ts";

/**
 * A recurrent network while it acts in N environments, one step at a time: each call of `forward` or `policy` (each run of a
 * plan that was recorded of one) reads the memory and moves it on; `values` only looks.
 */
export class RememberingNetwork implements PolicyNetwork {
  readonly recurrent: RecurrentActorCritic;
  readonly memory: Memory;
  /** `[N, 1]`: set to 1 where the next observation begins an episode; stays as it is set. */
  readonly starts: Tensor;
  readonly #rows: number;

  constructor(recurrent: RecurrentActorCritic, rows: number) {
    this.recurrent = recurrent;
    this.memory = recurrent.emptyMemory(rows);
    this.starts = persistent([rows, 1], Object.values(this.memory)[0]!.dtype);
    this.#rows = rows;
  }

  get head(): ActionHead {
    return this.recurrent.head;
  }

  forward(observations: Tensor, given: PolicyInputs = {}): { policy: Distribution; values: Tensor } {
    const { policy, values, memory } = this.recurrent.forward(this.#oneStep(observations), this.#inputs(given));
    this.#remember(memory);
    return { policy, values };
  }

  policy(observations: Tensor, given: PolicyInputs = {}): Distribution {
    const { policy, memory } = this.recurrent.policy(this.#oneStep(observations), this.#inputs(given));
    this.#remember(memory);
    return policy;
  }

  values(observations: Tensor): Tensor {
    return this.recurrent.values(this.#oneStep(observations), this.#inputs({}));
  }

  /** `[N, F]` as N sequences of one step. */
  #oneStep(observations: Tensor): Tensor {
    return reshape(observations, [this.#rows, 1, -1]);
  }

  #inputs(given: PolicyInputs): SequenceInputs {
    return { ...given, memory: this.memory, resets: this.starts };
  }

  #remember(memory: Memory): void {
    for (const name in memory) assign(this.memory[name]!, memory[name]!);
  }

  forget(): void {
    for (const name in this.memory) this.memory[name]!.data.fill(0);
  }

  exploration(rows: number): Tensor | undefined {
    return this.recurrent.exploration(rows);
  }

  parameters(): Parameters {
    return this.recurrent.parameters();
  }
}
