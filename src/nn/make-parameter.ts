import { ConfigError, refuseUnknown } from "../errors.ts";
import type { Key } from "../random/index.ts";
import { type FloatType, parameter, type Shape, type Tensor } from "../tensor/index.ts";
import type { Initialiser } from "./initialisers/index.ts";

/** A parameter with first values from the branch `name` of the layer's key, so that no parameter's values depend on another's. */
export function makeParameter(name: string, shape: Shape, init: Initialiser, key: Key, dtype: FloatType): Tensor {
  return parameter(init(shape, key.split(name).stream()), shape, dtype);
}

/** Throws ConfigError for options that do not exist, and where a key is known but none is given. */
export function requireOptions(layer: string, options: unknown, known: readonly string[]): void {
  refuseUnknown(layer, options, known);
  if (!known.includes("key")) return;
  const { key } = options as { key?: Partial<Key> };
  if (typeof key?.stream === "function") return;
  const allowed = "the Key that its first values come from, such as Key.fromSeed(0)";
  throw new ConfigError({ field: `${layer}.key`, value: key, allowed });
}

/** Throws ConfigError unless every given field is a positive integer. */
export function requirePositive(layer: string, fields: Record<string, number>): void {
  for (const [field, value] of Object.entries(fields)) {
    if (!(Number.isSafeInteger(value) && value >= 1)) {
      throw new ConfigError({ field: `${layer}.${field}`, value, allowed: "a positive integer" });
    }
  }
}
