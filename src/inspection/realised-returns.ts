import type { GradientStep } from "../algorithms/listener.ts";
import type { BatchEnv } from "../envs/index.ts";
import { type InputSpec, noGrad, type Plan, plan, type Tensor } from "../tensor/index.ts";

/** States of an episode that are judged. */
const STATES = 32;
/** Numbers of observations that are kept of an episode; of longer ones the rest is left out. */
const ROOM = 1_000_000;

/** States of one environment and what followed them, until the episode terminated: what was cut off has no return. */
export class RealisedReturns {
  #states: Float32Array[] = [];
  #rewards: number[] = [];
  #last: { readonly states: readonly Float32Array[]; readonly rewards: readonly number[] } | undefined;

  /** Follows the first environment. @param isFresh whether it was just reset */
  see({ observations, observationSpace, rewards, terminated, truncated }: BatchEnv, isFresh: boolean): void {
    const width = observationSpace.flatSize;
    if (!isFresh && this.#states.length > 0) this.#rewards.push(rewards[0]!);
    const isOver = !isFresh && (terminated[0] === 1 || truncated[0] === 1);
    if (isOver && terminated[0] === 1 && this.#rewards.length > 0) {
      this.#last = { states: this.#states, rewards: this.#rewards };
    }
    if (isFresh || isOver) {
      this.#states = [];
      this.#rewards = [];
    }
    if ((this.#states.length + 1) * width > ROOM) return;
    // A gap between rewards and states would shift all returns.
    if (this.#states.length === this.#rewards.length) this.#states.push(observations.slice(0, width));
  }

  /** Up to 32 states of the last episode that terminated, evenly chosen, and Σ γ^k r_k from each on. */
  pairs(gamma: number): { readonly states: readonly Float32Array[]; readonly returns: Float64Array } | undefined {
    if (this.#last === undefined) return undefined;
    const { states, rewards } = this.#last;
    const all = new Float64Array(rewards.length);
    for (let t = rewards.length - 1, later = 0; t >= 0; t--) {
      later = rewards[t]! + gamma * later;
      all[t] = later;
    }
    const count = Math.min(STATES, states.length);
    const chosen = Array.from({ length: count }, (_, i) => Math.floor((i * states.length) / count));
    return { states: chosen.map((t) => states[t]!), returns: Float64Array.from(chosen, (t) => all[t]!) };
  }
}

/** What a critic says of states less what followed: the mean, and the root mean square. */
export interface ReturnErrors {
  readonly bias: number;
  readonly error: number;
}

/** Records the judgement; undefined where the step has no critic. */
export function measureReturns(
  step: GradientStep,
): ((realised: RealisedReturns) => ReturnErrors | undefined) | undefined {
  const { judge, gamma } = step;
  if (judge === undefined || gamma === undefined) return undefined;
  // States are as environments show them, which may be more than the step's network reads.
  let look: Plan<{ states: InputSpec }, Tensor> | undefined;
  return (realised) => {
    const pairs = realised.pairs(gamma);
    if (pairs === undefined) return undefined;
    const { states, returns } = pairs;
    look ??= plan({ states: { shape: [STATES, states[0]!.length] } }, (inputs) => noGrad(() => judge(inputs.states)));
    for (const [i, state] of states.entries()) look.inputs.states.data.set(state, i * state.length);
    const values = look.run().data;
    let [sum, squares] = [0, 0];
    for (let i = 0; i < returns.length; i++) {
      const gap = values[i]! - returns[i]!;
      sum += gap;
      squares += gap * gap;
    }
    return { bias: sum / returns.length, error: Math.sqrt(squares / returns.length) };
  };
}
