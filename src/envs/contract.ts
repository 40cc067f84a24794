/** What a user's environment must hand back, checked at the door: one clear sentence instead of NaN in the network. */

import { EnvironmentError, LimpidError } from "../errors.ts";
import type { Space } from "../spaces/index.ts";
import type { AnyEnv, Info, Json } from "./env.ts";

/** Calls `method` of an environment; what it throws becomes an EnvironmentError that names it, with the cause kept. */
export function callEnv<T>(method: string, where: string, call: () => T): T {
  try {
    return call();
  } catch (cause) {
    if (cause instanceof LimpidError) throw cause;
    throw new EnvironmentError(`${method} of ${where} failed: ${describeThrown(cause)}`, { cause });
  }
}

/** An exception in a few words and one line: `TypeError: x is not a function`. */
export function describeThrown(cause: unknown): string {
  const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return text.replace(/\s*\n\s*/g, " ");
}

/** Can it be an environment at all: an object with reset and step? */
export function isEnv(value: unknown): value is AnyEnv {
  const env = value as Partial<AnyEnv> | null | undefined;
  return typeof env === "object" && typeof env?.reset === "function" && typeof env.step === "function";
}

/** Throws EnvironmentError unless `observation` has the shape and type of `space`; bounds are not looked at. */
export function requireObservation(space: Space<unknown>, observation: unknown, where: string): void {
  const mismatch = space.mismatch(observation, "observation", false);
  if (mismatch) throw new EnvironmentError({ ...mismatch, field: `${mismatch.field} of ${where}` });
}

export interface CheckedStep {
  observation: unknown;
  reward: number;
  terminated: boolean;
  truncated: boolean;
  info: Info;
}

/** Throws EnvironmentError unless `result` is an object with an observation. */
export function requireReset(result: unknown, where: string): { observation: unknown } {
  if (typeof result !== "object" || result === null || !("observation" in result)) {
    const field = `the result of reset of ${where}`;
    throw new EnvironmentError({ field, value: result, allowed: "an object { observation, info }" });
  }
  return result;
}

/** Throws EnvironmentError unless `result` is a step result with a finite reward and boolean flags. */
export function requireStep(result: unknown, where: string): CheckedStep {
  if (typeof result !== "object" || result === null || !("observation" in result)) {
    const allowed = "an object { observation, reward, terminated, truncated, info }";
    throw new EnvironmentError({ field: `the result of step of ${where}`, value: result, allowed });
  }
  const step = result as CheckedStep;
  if (typeof step.reward !== "number" || !Number.isFinite(step.reward)) {
    throw new EnvironmentError({ field: `reward of ${where}`, value: step.reward, allowed: "a finite number" });
  }
  for (const flag of ["terminated", "truncated"] as const) {
    if (typeof step[flag] !== "boolean") {
      throw new EnvironmentError({ field: `${flag} of ${where}`, value: step[flag], allowed: "true or false" });
    }
  }
  return step;
}

/**
 * Throws EnvironmentError unless `state` is JSON through and through: out of a checkpoint, a Map or a typed array would come
 * back as something else and NaN as null, and nobody would notice.
 */
export function requireJson(state: unknown, field: string, around: readonly object[] = []): asserts state is Json {
  if (state === null || typeof state === "string" || typeof state === "boolean" || Number.isFinite(state)) return;
  const isCircle = around.includes(state as object);
  if (!isPlain(state) || isCircle) {
    const value = isCircle ? "a circle" : nameOf(state);
    const allowed = "JSON: finite numbers, text, true, false, null, and lists and plain objects of these";
    throw new EnvironmentError({ field, value, allowed });
  }
  const inside = [...around, state];
  for (const [name, part] of Object.entries(state)) {
    if (Array.isArray(state)) requireJson(part, `${field}[${name}]`, inside);
    else if (part !== undefined) requireJson(part, `${field}.${name}`, inside);
  }
}

/** Is it a list or an object without a class? (By the shape of its prototypes, since pages and tests have several realms.) */
function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null;
}

function nameOf(value: unknown): unknown {
  if (typeof value === "number") return value;
  return typeof value === "object" && value !== null ? value.constructor?.name || "an object" : typeof value;
}

/** Throws EnvironmentError unless `mask` is a Uint8Array that fits `space` and allows something. */
export function requireMask(space: Space<unknown>, mask: unknown, where: string): asserts mask is Uint8Array {
  const field = `actionMask of ${where}`;
  if (space.maskSize === 0) {
    throw new EnvironmentError({ field, allowed: `left out, because the action space (${space.kind}) takes no mask` });
  }
  if (!(mask instanceof Uint8Array) || mask.length !== space.maskSize) {
    throw new EnvironmentError({ field, value: mask, allowed: `a Uint8Array of ${space.maskSize} entries` });
  }
  const sizes = "nvec" in space ? (space.nvec as readonly number[]) : [space.maskSize];
  let from = 0;
  for (const size of sizes) {
    let allowed = 0;
    for (let i = from; i < from + size; i++) allowed += mask[i];
    if (allowed === 0) {
      throw new EnvironmentError({ field, value: mask, allowed: "1 for at least one action of every choice" });
    }
    from += size;
  }
}

/** Throws EnvironmentError unless `label` is the index of an action of `space`. */
export function requireLabel(space: Space<unknown>, label: unknown, where: string): number {
  if (Number.isInteger(label) && (label as number) >= 0 && (label as number) < space.maskSize) return label as number;
  const allowed = `the right action as an index from 0 to ${space.maskSize - 1}`;
  throw new EnvironmentError({ field: `label of ${where}`, value: label, allowed });
}
