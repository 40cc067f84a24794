import { type AnyEnv, makeEnv } from "../../src/envs/index.ts";

export interface Played {
  readonly observations: unknown[];
  readonly rewards: number[];
  /** Steps until the episode ended, and how. */
  readonly terminated: boolean;
  readonly truncated: boolean;
}

/** Plays one episode, or the actions given where they are fewer; a function is asked for each action. */
export function play(
  env: string | AnyEnv,
  actions: readonly unknown[] | ((t: number, observation: unknown) => unknown),
  seed = 1,
): Played {
  const played = typeof env === "string" ? makeEnv(env) : env;
  const observations = [played.reset({ seed }).observation];
  const rewards: number[] = [];
  const count = typeof actions === "function" ? Infinity : actions.length;
  let [terminated, truncated] = [false, false];
  for (let t = 0; t < count && !terminated && !truncated; t++) {
    const action = typeof actions === "function" ? actions(t, observations.at(-1)) : actions[t];
    const result = played.step(action);
    observations.push(result.observation);
    rewards.push(result.reward);
    ({ terminated, truncated } = result);
  }
  return { observations, rewards, terminated, truncated };
}
