import { ConfigError } from "../errors.ts";
import { type A2cConfig, a2c } from "./a2c.ts";
import type { Algorithm, CommonConfig } from "./algorithm.ts";
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

const known: Record<string, Algorithm> = {
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

/** Every algorithm there is, by name. */
export const algorithms: Readonly<Record<string, Algorithm>> = known;

/** Names of those that are not the user's own. */
const builtIn = new Set(Object.keys(known));

/** Whether an algorithm came with the library. */
export function isBuiltIn(name: string): boolean {
  return builtIn.has(name);
}

/**
 * Adds an algorithm of one's own, so that `train`, `resumeRun` and `loadPolicy` know its name.
 * @throws ConfigError for a name that is empty or taken, and where a part is missing
 */
export function registerAlgorithm<C extends CommonConfig>(algorithm: Algorithm<C>): void {
  const { name } = algorithm;
  if (typeof name !== "string" || name === "" || Object.hasOwn(known, name)) {
    throw new ConfigError({ field: "name", value: name, allowed: "a non-empty name that is not registered yet" });
  }
  for (const part of ["schema", "actionSpaces", "presets", "createPolicy", "create"] as const) {
    if (algorithm[part] !== undefined) continue;
    throw new ConfigError({
      field: `algorithm ${name}`,
      allowed: `one with name, schema, actionSpaces, presets, createPolicy and create; it has no ${part}`,
    });
  }
  known[name] = algorithm as unknown as Algorithm;
}

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
