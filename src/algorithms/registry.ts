import { type A2cConfig, a2c } from "./a2c.ts";
import type { Algorithm } from "./algorithm.ts";
import {
  type AnalyticPolicyGradientConfig,
  analyticPolicyGradient,
} from "./analytic-policy-gradient/analytic-policy-gradient.ts";
import { type DeepQConfigs, deepQAlgorithms } from "./dqn/index.ts";
import { type OfflineConfigs, offlineAlgorithms } from "./offline/index.ts";
import { type PlanningConfigs, planningAlgorithms } from "./planning/index.ts";
import { type PpoConfig, ppo } from "./ppo.ts";
import { type RecurrentPpoConfig, recurrentPpo } from "./recurrent/recurrent-ppo.ts";
import { type ReinforceConfig, reinforce } from "./reinforce.ts";
import { type SupervisedConfig, supervised } from "./supervised.ts";
import { type TabularConfigs, tabularAlgorithms } from "./tabular/index.ts";
import { type TrpoConfig, trpo } from "./trpo/trpo.ts";
import { type ValuePredictionConfig, valuePrediction } from "./value-prediction.ts";

/** Every algorithm there is, by name. */
export const algorithms: Readonly<Record<string, Algorithm>> = {
  ppo: ppo as unknown as Algorithm,
  "recurrent-ppo": recurrentPpo as unknown as Algorithm,
  reinforce: reinforce as unknown as Algorithm,
  a2c: a2c as unknown as Algorithm,
  "value-prediction": valuePrediction as unknown as Algorithm,
  trpo: trpo as unknown as Algorithm,
  ...deepQAlgorithms,
  ...planningAlgorithms,
  ...tabularAlgorithms,
  "analytic-policy-gradient": analyticPolicyGradient as unknown as Algorithm,
  supervised: supervised as unknown as Algorithm,
  ...offlineAlgorithms,
};

/** Their configurations. */
interface Configs extends DeepQConfigs, OfflineConfigs, PlanningConfigs, TabularConfigs {
  ppo: PpoConfig;
  "recurrent-ppo": RecurrentPpoConfig;
  reinforce: ReinforceConfig;
  a2c: A2cConfig;
  "value-prediction": ValuePredictionConfig;
  trpo: TrpoConfig;
  "analytic-policy-gradient": AnalyticPolicyGradientConfig;
  supervised: SupervisedConfig;
}

export type AlgorithmName = keyof Configs;

type AnyConfig = Configs[AlgorithmName];
type Field = AnyConfig extends infer C ? (C extends unknown ? keyof C : never) : never;
type Value<C, F> = C extends unknown ? (F extends keyof C ? C[F] : never) : never;

/** The hyperparameters of all algorithms, for editors and type checks; each algorithm refuses what it does not have. */
export type Hyperparameters = { readonly [F in Exclude<Field, "algorithm" | "env">]?: Value<AnyConfig, F> };
