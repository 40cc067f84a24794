import type { Algorithm } from "./algorithm.ts";
import {
  type AnalyticPolicyGradientConfig,
  analyticPolicyGradient,
} from "./analytic-policy-gradient/analytic-policy-gradient.ts";
import { type PpoConfig, ppo } from "./ppo.ts";
import { type ReinforceConfig, reinforce } from "./reinforce.ts";
import { type SupervisedConfig, supervised } from "./supervised.ts";

/** Every algorithm there is, by name. */
export const algorithms: Readonly<Record<string, Algorithm>> = {
  ppo: ppo as unknown as Algorithm,
  reinforce: reinforce as unknown as Algorithm,
  "analytic-policy-gradient": analyticPolicyGradient as unknown as Algorithm,
  supervised: supervised as unknown as Algorithm,
};

/** Their configurations. */
interface Configs {
  ppo: PpoConfig;
  reinforce: ReinforceConfig;
  "analytic-policy-gradient": AnalyticPolicyGradientConfig;
  supervised: SupervisedConfig;
}

export type AlgorithmName = keyof Configs;

type AnyConfig = Configs[AlgorithmName];
type Field = AnyConfig extends infer C ? (C extends unknown ? keyof C : never) : never;
type Value<C, F> = C extends unknown ? (F extends keyof C ? C[F] : never) : never;

/** The hyperparameters of all algorithms, for editors and type checks; each algorithm refuses what it does not have. */
export type Hyperparameters = { readonly [F in Exclude<Field, "algorithm" | "env">]?: Value<AnyConfig, F> };
