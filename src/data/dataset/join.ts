import { ConfigError } from "../../errors.ts";
import type { Dataset } from "./dataset.ts";

/**
 * Several datasets of one environment as one, in the given order: a mixture of what several policies did.
 * @throws ConfigError where environment, spaces or masks differ, or there is none
 */
export function joinDatasets(parts: readonly Dataset[]): Dataset {
  const [first] = parts;
  if (first === undefined) throw new ConfigError({ field: "datasets", value: parts, allowed: "one or more" });
  const other = parts.find((part) => !isLike(part, first));
  if (other) {
    const allowed = `all of ${first.env}, with the same spaces, and all with masks or all without`;
    throw new ConfigError({ field: "datasets", value: other.env, allowed });
  }
  return {
    ...first,
    policy: parts.map(({ policy }) => policy),
    observations: join(parts.map(({ observations }) => observations)),
    nextObservations: join(parts.map(({ nextObservations }) => nextObservations)),
    actions: join(parts.map(({ actions }) => actions)),
    rewards: join(parts.map(({ rewards }) => rewards)),
    terminated: join(parts.map(({ terminated }) => terminated)),
    truncated: join(parts.map(({ truncated }) => truncated)),
    ...(first.masks && { masks: join(parts.map(({ masks }) => masks!)) }),
  };
}

function isLike(one: Dataset, other: Dataset): boolean {
  const sameSpaces = one.observationSpace.equals(other.observationSpace) && one.actionSpace.equals(other.actionSpace);
  return one.env === other.env && sameSpaces && (one.masks === undefined) === (other.masks === undefined);
}

/** One after another. */
function join<T extends Float32Array | Uint8Array>(parts: readonly T[]): T {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = parts[0] instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole as T;
}
