import type { Json } from "../../envs/index.ts";
import { selectAction } from "../../exploration/index.ts";
import type { Key } from "../../random/index.ts";
import type { Metrics } from "../algorithm.ts";
import { Draws } from "./draws.ts";
import type { Table } from "./tables.ts";
import type { Behaviour } from "./tabular-learner.ts";

/** Draws actions from a policy that stays as it is. */
export class FixedBehaviour implements Behaviour {
  readonly #policy: Table;
  readonly #draws: Draws;

  /** @param policy `[S, A]` probabilities */
  constructor(policy: Table, rows: number, key: Key) {
    this.#policy = policy;
    this.#draws = new Draws(key.split("behaviour").stream(), rows);
  }

  choose(states: Int32Array, actions: Float32Array): void {
    const { data, shape } = this.#policy;
    const from = this.#draws.next();
    for (let n = 0; n < actions.length; n++) {
      actions[n] = selectAction(data, states[n] * shape[1], shape[1], this.#draws.numbers[from + n]);
    }
  }

  moveTo(): Metrics {
    return {};
  }

  save(): Json {
    return this.#draws.save();
  }

  load(state: Json | undefined): void {
    this.#draws.load(state);
  }
}
