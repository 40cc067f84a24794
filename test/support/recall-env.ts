import type { Env, Json } from "../../src/envs/index.ts";
import { Key, type Random, type RandomState } from "../../src/random/index.ts";
import { Box, Discrete } from "../../src/spaces/index.ts";

/**
 * The smallest task of memory: the first observation is a cue of −1 or 1, what follows is always 0, and the last action earns
 * 1 where it is that of the cue, else −1. Without memory every policy earns 0 on average.
 */
export function recallEnv(length = 4): Env<ArrayLike<number>, number> {
  let random: Random = Key.fromSeed(0).stream();
  let t = 0;
  let cue = 1;
  const look = () => [t === 0 ? cue : 0];
  return {
    observationSpace: new Box(-1, 1, [1]),
    actionSpace: new Discrete(2),
    reset({ seed }) {
      if (seed !== undefined) random = Key.fromSeed(seed).stream();
      t = 0;
      cue = 2 * random.integer(2) - 1;
      return { observation: look(), info: {} };
    },
    step(action) {
      const isOver = ++t === length;
      const reward = isOver ? (2 * action - 1) * cue : 0;
      return { observation: look(), reward, terminated: isOver, truncated: false, info: {} };
    },
    state: () => ({ random: { ...random.state() }, t, cue }),
    restore(state: Json) {
      const saved = state as unknown as { random: RandomState; t: number; cue: number };
      random.restore(saved.random);
      t = saved.t;
      cue = saved.cue;
    },
  };
}
