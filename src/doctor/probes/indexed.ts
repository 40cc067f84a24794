import type { AnyEnv } from "../../envs/index.ts";
import { wrap } from "../../envs/wrappers/wrap.ts";
import type { Discrete } from "../../spaces/index.ts";

/** An environment of one number, which is observed as the index of a table's row. */
export function indexed(env: AnyEnv, observationSpace: Discrete, indexOf: (value: number) => number): AnyEnv {
  const index = (observation: unknown) => indexOf((observation as ArrayLike<number>)[0]!);
  return wrap<unknown, unknown>(env, {
    observationSpace,
    actionSpace: env.actionSpace,
    reset(options) {
      const { observation, info } = env.reset(options);
      return { observation: index(observation), info };
    },
    step(action) {
      const result = env.step(action);
      return { ...result, observation: index(result.observation) };
    },
  });
}
