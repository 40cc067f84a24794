/** Whole episodes of a finite Markov decision process under a policy that is given as a table. */
import type { FiniteMdp } from "../envs/index.ts";
import type { PolicyTable, Transitions } from "../estimators/index.ts";
import type { Random } from "../random/index.ts";

/** One after the other, each to its end; a step is one entry of each array. */
export interface Episodes {
  readonly count: number;
  readonly states: Int32Array;
  readonly actions: Int32Array;
  readonly nextStates: Int32Array;
  /** Steps since the beginning of the episode. */
  readonly times: Int32Array;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
}

/** @param policy one under which every episode ends */
export function playEpisodes(mdp: FiniteMdp, policy: PolicyTable, count: number, random: Random): Episodes {
  const [states, actions, nextStates, times]: number[][] = [[], [], [], []];
  const [rewards, terminated]: number[][] = [[], []];
  for (let episode = 0; episode < count; episode++) {
    let state = random.categorical(mdp.initial);
    for (let time = 0, ended = false; !ended; time++) {
      const action = random.categorical(policy, state * mdp.actions, mdp.actions);
      const outcomes = mdp.outcomes(state, action);
      const outcome = outcomes[outcomes.length === 1 ? 0 : drawn(outcomes, random)]!;
      states!.push(state);
      actions!.push(action);
      nextStates!.push(outcome.state);
      times!.push(time);
      rewards!.push(outcome.reward);
      ended = outcome.terminated;
      terminated!.push(ended ? 1 : 0);
      state = outcome.state;
    }
  }
  return {
    count,
    states: Int32Array.from(states!),
    actions: Int32Array.from(actions!),
    nextStates: Int32Array.from(nextStates!),
    times: Int32Array.from(times!),
    rewards: Float64Array.from(rewards!),
    terminated: Uint8Array.from(terminated!),
  };
}

function drawn(outcomes: readonly { readonly probability: number }[], random: Random): number {
  let left = random.uniform();
  for (let i = 0; i < outcomes.length - 1; i++) {
    left -= outcomes[i]!.probability;
    if (left < 0) return i;
  }
  return outcomes.length - 1;
}

/** What the estimators of returns and advantages take: with the values of a critic, `[S]`. */
export function transitionsOf(episodes: Episodes, critic: ArrayLike<number>): Transitions & { values: Float64Array } {
  const { states, nextStates, rewards, terminated } = episodes;
  return {
    steps: states.length,
    envs: 1,
    rewards,
    terminated,
    truncated: new Uint8Array(states.length),
    values: Float64Array.from(states, (state) => critic[state]!),
    nextValues: Float64Array.from(nextStates, (state) => critic[state]!),
  };
}
