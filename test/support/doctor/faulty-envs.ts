/** CartPole and others as a user might have got them wrong. */

import { wrap } from "../../../src/envs/wrappers/wrap.ts";
import { type AnyEnv, makeEnv, type StepResult } from "../../../src/index.ts";
import { Box } from "../../../src/spaces/index.ts";

type Step = StepResult<unknown>;

/** An environment that a step is changed in, before or after. */
function changed(
  id: string,
  parts: {
    action?: (action: unknown) => unknown;
    result?: (result: Step) => Step;
    observation?: (raw: number[]) => number[];
  },
): () => AnyEnv {
  const { action = (given) => given, result = (given) => given, observation } = parts;
  const seen = (raw: unknown) => (observation ? observation(Array.from(raw as ArrayLike<number>)) : raw);
  return () => {
    const env = makeEnv(id);
    const { flatSize } = env.observationSpace;
    return wrap<unknown, unknown>(env, {
      observationSpace: observation
        ? new Box(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, [flatSize])
        : env.observationSpace,
      actionSpace: env.actionSpace,
      reset(options) {
        const { observation, info } = env.reset(options);
        return { observation: seen(observation), info };
      },
      step(given) {
        const { observation, ...rest } = env.step(action(given));
        return result({ observation: seen(observation), ...rest });
      },
    });
  };
}

/** The end of the task is reported as a time limit, and the time limit as the end. */
export const swappedFlags = (id: string) =>
  changed(id, {
    result: ({ terminated, truncated, ...rest }) => ({ ...rest, terminated: truncated, truncated: terminated }),
  });

export const actionLost = (id: string, always: unknown) => changed(id, { action: () => always });

export const scaledReward = (id: string, factor: number) =>
  changed(id, { result: (result) => ({ ...result, reward: result.reward * factor }) });

/** In other units: of `factor` to one. */
export const unscaledObservations = (id: string, factor: number) =>
  changed(id, { observation: (raw) => raw.map((value) => value * factor) });

/** NaN in the first entry of an observation, once in so many steps. */
export function sometimesNaN(id: string, every: number): () => AnyEnv {
  let steps = 0;
  return changed(id, { observation: (raw) => (++steps % every === 0 ? [Number.NaN, ...raw.slice(1)] : raw) });
}
