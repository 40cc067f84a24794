import type { BatchEnv } from "../../envs/index.ts";
import type { ActionNoise } from "../../exploration/index.ts";
import { randomUniform, type Tensor } from "../../tensor/index.ts";
import { planActions } from "../off-policy/plan-actions.ts";
import type { DeterministicActorCritic } from "./deterministic-actor-critic.ts";
import { addNoise } from "./noise.ts";

/** How a deterministic policy acts while it learns: μ(s) and noise, or uniform actions; and what ends with an episode. */
export function noisyActions(
  env: BatchEnv,
  network: DeterministicActorCritic,
  noise: ActionNoise | undefined,
  stream: Tensor,
) {
  const choose = planActions(env, {
    policy: (observations) => network.actions(observations),
    random: () => randomUniform(stream, [env.count, env.actionSpace.actionSize], { low: -1 }),
  });
  return {
    explore: (actions: Float32Array, isRandom: boolean) => {
      choose(actions, isRandom);
      if (noise && !isRandom) addNoise(noise, actions);
    },
    stepped: () => {
      for (let n = 0; n < env.count; n++) if (env.terminated[n] || env.truncated[n]) noise?.reset(n);
    },
  };
}
