import { type A2cConfig, a2c } from "./a2c.ts";
import type { Algorithm } from "./algorithm.ts";
import {
  type AnalyticPolicyGradientConfig,
  analyticPolicyGradient,
} from "./analytic-policy-gradient/analytic-policy-gradient.ts";
import { type CemQConfig, cemQ } from "./cem-q/cem-q.ts";
import { type DeepQConfigs, deepQAlgorithms } from "./dqn/index.ts";
import { type NafConfig, naf } from "./naf/naf.ts";
import { type OfflineConfigs, offlineAlgorithms } from "./offline/index.ts";
import { type PlanningConfigs, planningAlgorithms } from "./planning/index.ts";
import { type PpoConfig, ppo } from "./ppo.ts";
import { type RecurrentPpoConfig, recurrentPpo } from "./recurrent/recurrent-ppo.ts";
import { type ReinforceConfig, reinforce } from "./reinforce.ts";
import { type SacConfig, sac } from "./sac/sac.ts";
import { type DiscreteSacConfig, discreteSac } from "./sac/sac-discrete.ts";
import { type SelfPlayPpoConfig, selfPlayPpo } from "./self-play/self-play-ppo.ts";
import { type SupervisedConfig, supervised } from "./supervised.ts";
import { type TabularConfigs, tabularAlgorithms } from "./tabular/index.ts";
import { type DdpgConfig, ddpg } from "./td3/ddpg.ts";
import { type Td3Config, td3 } from "./td3/td3.ts";
import { type TrpoConfig, trpo } from "./trpo/trpo.ts";
import { type ValuePredictionConfig, valuePrediction } from "./value-prediction.ts";

/** Every algorithm there is, by name. */
export const algorithms: Readonly<Record<string, Algorithm>> = {
  ppo: ppo as unknown as Algorithm,
  "recurrent-ppo": recurrentPpo as unknown as Algorithm,
  "self-play-ppo": selfPlayPpo as unknown as Algorithm,
  reinforce: reinforce as unknown as Algorithm,
  a2c: a2c as unknown as Algorithm,
  "value-prediction": valuePrediction as unknown as Algorithm,
  trpo: trpo as unknown as Algorithm,
  ...deepQAlgorithms,
  sac: sac as unknown as Algorithm,
  "sac-discrete": discreteSac as unknown as Algorithm,
  ddpg: ddpg as unknown as Algorithm,
  td3: td3 as unknown as Algorithm,
  naf: naf as unknown as Algorithm,
  "cem-q": cemQ as unknown as Algorithm,
  ...planningAlgorithms,
  ...tabularAlgorithms,
  "analytic-policy-gradient": analyticPolicyGradient as unknown as Algorithm,
  supervised: supervised as unknown as Algorithm,
  ...offlineAlgorithms,
};

/** Their configurations. */
interface Configs extends DeepQConfigs, PlanningConfigs, TabularConfigs, OfflineConfigs {
  ppo: PpoConfig;
  "recurrent-ppo": RecurrentPpoConfig;
  "self-play-ppo": SelfPlayPpoConfig;
  reinforce: ReinforceConfig;
  a2c: A2cConfig;
  "value-prediction": ValuePredictionConfig;
  trpo: TrpoConfig;
  sac: SacConfig;
  "sac-discrete": DiscreteSacConfig;
  ddpg: DdpgConfig;
  td3: Td3Config;
  naf: NafConfig;
  "cem-q": CemQConfig;
  "analytic-policy-gradient": AnalyticPolicyGradientConfig;
  supervised: SupervisedConfig;
}

export type AlgorithmName = keyof Configs;

type AnyConfig = Configs[AlgorithmName];
type Field = AnyConfig extends infer C ? (C extends unknown ? keyof C : never) : never;
type Value<C, F> = C extends unknown ? (F extends keyof C ? C[F] : never) : never;

/** The hyperparameters of all algorithms, for editors and type checks; each algorithm refuses what it does not have. */
export type Hyperparameters = { readonly [F in Exclude<Field, "algorithm" | "env">]?: Value<AnyConfig, F> };
