/** SHA-256 over episodes of the MuJoCo environments, for mujoco-engines.test.ts to compare between engines. */

import { loadEnv, makeBatch } from "../../src/envs/index.ts";
import { Key } from "../../src/random/index.ts";
import type { Box } from "../../src/spaces/index.ts";
import { arraysSha256 } from "../../src/training/digest.ts";

const COUNT = 2;

/** One digest per environment, over all observations and rewards of some steps of random actions. */
export default async function digestMujoco(given: { ids: string[]; steps: number; seed: number }) {
  const digests: Record<string, string> = {};
  for (const id of given.ids) {
    await loadEnv(id);
    const env = makeBatch(id, COUNT);
    env.reset(Key.fromSeed(given.seed));
    const { low, high, actionSize } = env.actionSpace as Box;
    const random = Key.fromSeed(given.seed).split("actions").stream();
    const actions = new Float32Array(COUNT * actionSize);
    const width = env.observations.length + COUNT;
    const data = new Float64Array(given.steps * width);
    for (let t = 0; t < given.steps; t++) {
      for (let i = 0; i < actions.length; i++) {
        const k = i % actionSize;
        actions[i] = low[k]! + (high[k]! - low[k]!) * random.uniform();
      }
      env.step(actions);
      data.set(env.observations, t * width);
      data.set(env.rewards, t * width + env.observations.length);
    }
    digests[id] = arraysSha256({ data: { dtype: "F64", shape: [data.length], data } });
  }
  return digests;
}
