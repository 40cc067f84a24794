import type { BatchEnv } from "../../envs/index.ts";
import { noGrad, plan, randomUniform, type Tensor } from "../../tensor/index.ts";

/** The two ways to act while learning from a replay buffer, as operations. */
export interface ActingRules {
  /**
   * The policy's actions `[N, …]`.
   * @param observations `[N, F]`
   * @param masks uint8 `[N, M]`, where the environments have such
   */
  policy(observations: Tensor, masks: Tensor | undefined): Tensor;
  /** Any actions: before there is something to learn from. */
  random(masks: Tensor | undefined): Tensor;
}

/** Records both, and makes what writes actions for the present observations of all environments into `actions` `[N, A]`. */
export function planActions(env: BatchEnv, rules: ActingRules): (actions: Float32Array, isRandom: boolean) => void {
  const observations = { shape: [env.count, env.observationSpace.flatSize] };
  const masks = { shape: [env.count, env.actionMasks ? env.actionSpace.maskSize : 0], dtype: "uint8" } as const;
  const given = (mask: Tensor) => (env.actionMasks ? mask : undefined);
  const policy = plan({ observations, masks }, (inputs) =>
    noGrad(() => rules.policy(inputs.observations, given(inputs.masks))),
  );
  const random = plan({ masks }, (inputs) => noGrad(() => rules.random(given(inputs.masks))));
  return (actions, isRandom) => {
    const { inputs } = isRandom ? random : policy;
    if (env.actionMasks) inputs.masks.data.set(env.actionMasks);
    if (!isRandom) policy.inputs.observations.data.set(env.observations);
    actions.set((isRandom ? random : policy).run().data);
  };
}

/** The same for numbers from −1 to 1: what `policy` says, or any of them. */
export function planNumbers(env: BatchEnv, stream: Tensor, policy: (observations: Tensor) => Tensor) {
  const shape = [env.count, env.actionSpace.actionSize];
  return planActions(env, { policy, random: () => randomUniform(stream, shape, { low: -1 }) });
}
