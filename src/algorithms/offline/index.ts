import type { Algorithm } from "../algorithm.ts";
import { type BehaviourCloningConfig, behaviourCloning } from "./behaviour-cloning.ts";
import { type CqlConfig, cql } from "./cql.ts";
import { type CqlSacConfig, cqlSac } from "./cql-sac.ts";

/** The configurations of what learns from a dataset. */
export interface OfflineConfigs {
  "behaviour-cloning": BehaviourCloningConfig;
  cql: CqlConfig;
  "cql-sac": CqlSacConfig;
}

/** Learning from recorded transitions, by name. */
export const offlineAlgorithms = {
  "behaviour-cloning": behaviourCloning as unknown as Algorithm,
  cql: cql as unknown as Algorithm,
  "cql-sac": cqlSac as unknown as Algorithm,
} satisfies Record<keyof OfflineConfigs, Algorithm>;
