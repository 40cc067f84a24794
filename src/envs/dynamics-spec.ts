import type { Dynamics } from "./dynamics.ts";
import { DynamicsEnv } from "./dynamics-env.ts";
import type { Json } from "./env.ts";
import { NativeBatch } from "./native-batch.ts";
import type { EnvDescription, EnvSpec } from "./spec.ts";

/** What a built-in environment says about itself; the rest follows from its dynamics. */
export type DynamicsFacts = EnvDescription;

/** The registry entry of a built-in environment. `dynamics` must check its options: they come from the user. */
export function dynamicsSpec<T, A>(facts: DynamicsFacts, dynamics: (options: T) => Dynamics<A>): EnvSpec {
  const { id, maxEpisodeSteps = Infinity } = facts;
  const make = (options: Record<string, Json>) => dynamics(options as T);
  return {
    ...facts,
    create: (options) => new DynamicsEnv(id, make(options)),
    createBatch: (count, options) => new NativeBatch(id, make(options), count, maxEpisodeSteps),
  };
}
