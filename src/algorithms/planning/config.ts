/** Hyperparameters that planners share. They have an exact model: no environment is stepped, and nothing is random. */
import { ConfigError } from "../../errors.ts";
import * as field from "../config.ts";

const { algorithm, env, seed, gamma } = field.commonFields;

export const planningFields = {
  algorithm,
  env,
  seed,
  steps: field.count(100_000, "Sweeps over all states, at most: planning ends when nothing changes any more."),
  gamma,
};

export const sweepFields = {
  tolerance: field.nonNegative(1e-10, "Ends when no value moves by more than this in a sweep. Usual: 1e-12 to 1e-4."),
  horizon: field.countOrNull(
    null,
    "H: episodes of H steps, and values for each of them; null: without end, discounted.",
  ),
};

/** A finite horizon takes a sweep for each of its steps. @throws ConfigError */
export function checkHorizon({ steps, horizon }: { readonly steps: number; readonly horizon: number | null }): void {
  if (horizon === null || steps >= horizon) return;
  throw new ConfigError({
    field: "steps",
    value: steps,
    allowed: `at least the horizon, ${horizon}: one sweep for each`,
  });
}
