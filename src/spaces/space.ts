/**
 * A space says what values an observation or an action may take, and how they become numbers for a network.
 *
 * | encoding | used for | Discrete(n) | MultiDiscrete([n₁…nₖ]) | MultiBinary(n) | Box(shape) | Dict |
 * |---|---|---|---|---|---|---|
 * | `flatten`, `flatSize` | an observation, as a network sees it | one-hot, n | concatenated one-hots, Σnᵢ | 0/1, n | row-major values, Πshape | its spaces in key order |
 * | `flattenAction`, `actionSize` | an action, as buffers store it | its index, 1 | its indices, k | 0/1, n | row-major values, Πshape | its spaces in key order |
 *
 * Terms follow Gymnasium's `gymnasium.spaces`.
 */

import { ConfigError, show } from "../errors.ts";
import type { Random } from "../random/index.ts";

export type SpaceKind = "discrete" | "multi-discrete" | "multi-binary" | "box" | "dict";

/** A bound as JSON has no infinity. */
export type JsonBound = number | "Infinity" | "-Infinity";

/** What `toJSON` writes and `spaceFromJSON` reads. */
export type SpaceJson =
  | { kind: "discrete"; n: number; start: number }
  | { kind: "multi-discrete"; nvec: number[] }
  | { kind: "multi-binary"; n: number }
  | { kind: "box"; low: JsonBound | JsonBound[]; high: JsonBound | JsonBound[]; shape: number[]; dtype: string }
  | { kind: "dict"; spaces: Record<string, SpaceJson> };

/** Where and how a value does not belong to a space. */
export interface Mismatch {
  /** The offending part, starting with the name given by the caller: `observation["board"][3]`. */
  readonly field: string;
  /** The offending value at that place. */
  readonly value: unknown;
  /** What is allowed there, phrased to follow "must be". */
  readonly allowed: string;
}

export interface Space<T> {
  readonly kind: SpaceKind;
  /** Shape of one value: `[]` for Discrete, `[flatSize]` for Dict. */
  readonly shape: readonly number[];
  /** Length of the encoding that `flatten` writes. */
  readonly flatSize: number;
  /** Length of the encoding that `flattenAction` writes. */
  readonly actionSize: number;
  /** Length of an action mask for this space (Discrete n, MultiDiscrete Σnᵢ), 0 where masks do not apply. */
  readonly maskSize: number;
  /** Whether `value` belongs to the space: shape, type and bounds. */
  contains(value: unknown): value is T;
  /**
   * The first reason why `value` does not belong to the space, or undefined where it does.
   * @param field name of the value in the message, such as `observation`
   * @param bounds whether a finite value outside `low`/`high` counts as a mismatch (only Box looks at it)
   */
  mismatch(value: unknown, field: string, bounds: boolean): Mismatch | undefined;
  /**
   * Draws a value: uniform where bounded, otherwise as Gymnasium does (normal, or exponential from the one bound).
   * @param mask `[maskSize]`, 1 where an action is allowed
   * @throws ConfigError where masks do not apply, or the mask allows nothing
   */
  sample(random: Random, mask?: ArrayLike<number>): T;
  /** Writes `flatSize` numbers at `out[offset]`. The value is not checked: see `mismatch`. */
  flatten(value: T, out: Float32Array, offset: number): void;
  /** Writes `actionSize` numbers at `out[offset]`. The value is not checked: see `mismatch`. */
  flattenAction(action: T, out: Float32Array, offset: number): void;
  /** The action whose encoding stands at `data[offset]`, as a value of its own. */
  unflattenAction(data: Float32Array, offset: number): T;
  toJSON(): SpaceJson;
  /** Same kind, sizes, bounds, dtype and, for Dict, the same keys in the same order. */
  equals(other: Space<unknown>): boolean;
}

/**
 * One sentence saying why `value` does not belong to `space`, or undefined where it does.
 * @param options.name what the sentence calls the value; default `observation`
 * @param options.bounds false lets finite values outside a Box's bounds pass; default true
 */
export function describeMismatch(
  space: Space<unknown>,
  value: unknown,
  options: { name?: string; bounds?: boolean } = {},
): string | undefined {
  const found = space.mismatch(value, options.name ?? "observation", options.bounds ?? true);
  return found && `${found.field} must be ${found.allowed}; got ${show(found.value)}`;
}

/** Order of keys counts, because it is the order of the encoding. */
export function sameSpace(a: Space<unknown>, b: Space<unknown>): boolean {
  return JSON.stringify(a.toJSON()) === JSON.stringify(b.toJSON());
}

/** Largest number of elements of a space (16 million): a guard against sizes from a damaged or hostile file. */
export const MAX_ELEMENTS = 2 ** 24;

/** Throws ConfigError unless `value` is an integer of 1 … MAX_ELEMENTS. */
export function requireSize(field: string, value: unknown): asserts value is number {
  if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > MAX_ELEMENTS) {
    throw new ConfigError({ field, value, allowed: `an integer from 1 to ${MAX_ELEMENTS}` });
  }
}

/** True for arrays and typed arrays (not DataView, not strings). */
export function isNumericArray(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** Throws ConfigError unless `mask` has `size` entries. */
export function requireMask(field: string, mask: ArrayLike<number>, size: number): void {
  if (mask.length === size) return;
  const allowed = size === 0 ? "left out: this space takes none" : `an array of ${size} entries, 1 where allowed`;
  throw new ConfigError({ field, value: mask, allowed });
}

/** Draws one of `n` indices uniformly, among those that `mask[from…from+n)` allows. */
export function sampleIndex(field: string, n: number, random: Random, mask?: ArrayLike<number>, from = 0): number {
  if (mask === undefined) return random.integer(n);
  let allowedCount = 0;
  for (let i = 0; i < n; i++) if (mask[from + i]) allowedCount++;
  if (allowedCount === 0)
    throw new ConfigError({ field, value: mask, allowed: "a mask that allows at least one action" });
  let left = random.integer(allowedCount);
  for (let i = 0; i < n; i++) if (mask[from + i] && left-- === 0) return i;
  return n - 1;
}
