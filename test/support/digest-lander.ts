/** SHA-256 over what is observed and rewarded in flights of the lunar lander, for tests to compare between engines. */

import type { AnyEnv } from "../../src/envs/index.ts";
import { lunarLanderSpecs } from "../../src/envs/lunar-lander/index.ts";
import { Key } from "../../src/random/index.ts";
import { arraysSha256 } from "../../src/training/digest.ts";
import { continuousPilot, discretePilot } from "./lander-pilot.ts";

const EPISODES = 10;

/** By id, over crashes of random play and landings of the pilot. */
export default function digestLander({ seed }: { seed: number }): Record<string, string> {
  const digests: Record<string, string> = {};
  for (const { id, create } of lunarLanderSpecs) {
    const env = create({});
    const random = Key.fromSeed(seed).split(id).stream();
    const pilot = env.actionSpace.kind === "discrete" ? discretePilot : continuousPilot;
    const seen = Array.from({ length: EPISODES }, (_, episode) =>
      fly(env, seed + episode, episode % 2 === 0 ? () => env.actionSpace.sample(random) : pilot),
    ).flat();
    digests[id] = arraysSha256({ seen: { dtype: "F64", shape: [seen.length], data: Float64Array.from(seen) } });
  }
  return digests;
}

function fly(env: AnyEnv, seed: number, act: (observation: Float32Array) => unknown): number[] {
  let observation = env.reset({ seed }).observation as Float32Array;
  const seen = [...observation];
  for (let t = 0; t < 1000; t++) {
    const result = env.step(act(observation));
    observation = result.observation as Float32Array;
    seen.push(...observation, result.reward);
    if (result.terminated) break;
  }
  return seen;
}
