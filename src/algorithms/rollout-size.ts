/** What one rollout holds must be enough for the batches cut from it. */
import { ConfigError } from "../errors.ts";

interface RolloutConfig {
  readonly nSteps: number;
  readonly nEnvs: number;
  readonly batchSize: number;
}

/** @throws ConfigError where a rollout holds one transition alone */
export function requireTwoTransitions({ nSteps, nEnvs }: Omit<RolloutConfig, "batchSize">): void {
  if (nSteps * nEnvs >= 2) return;
  const allowed = "at least 2 where nEnvs is 1, since advantages are compared within a rollout";
  throw new ConfigError({ field: "nSteps", value: nSteps, allowed });
}

/** @throws ConfigError where a minibatch would be larger than a rollout */
export function requireFullMinibatch({ nSteps, nEnvs, batchSize }: RolloutConfig): void {
  const transitions = nSteps * nEnvs;
  if (batchSize <= transitions) return;
  const allowed = `at most nSteps × nEnvs = ${transitions}, the transitions of one rollout`;
  const fix = "Lower batchSize, or raise nSteps or nEnvs.";
  throw new ConfigError({ field: "batchSize", value: batchSize, allowed, fix });
}
