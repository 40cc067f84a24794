import { ConfigError } from "../errors.ts";
import type { Random } from "../random/index.ts";
import { type Mismatch, requireMask, type Space, type SpaceJson, sameSpace } from "./space.ts";

/** The value type of a Dict: one value per key. */
export type DictValue<S extends Record<string, Space<unknown>>> = {
  [K in keyof S]: S[K] extends Space<infer T> ? T : never;
};

/**
 * Named spaces together. Values are plain objects with one entry per key; encodings stand one after another in the
 * order in which the keys were given, so that order is part of the space.
 * @throws ConfigError unless `spaces` is an object with at least one key whose values are spaces
 */
export class Dict<S extends Record<string, Space<unknown>>> implements Space<DictValue<S>> {
  readonly kind = "dict";
  readonly shape: readonly number[];
  readonly spaces: Readonly<S>;
  readonly flatSize: number;
  readonly actionSize: number;
  readonly maskSize = 0;
  readonly #entries: readonly (readonly [string, Space<unknown>])[];

  constructor(spaces: S) {
    if (typeof spaces !== "object" || spaces === null || Array.isArray(spaces) || Object.keys(spaces).length === 0) {
      throw new ConfigError({
        field: "Dict.spaces",
        value: spaces,
        allowed: "an object with at least one named space",
      });
    }
    this.#entries = Object.entries(spaces);
    for (const [key, space] of this.#entries) {
      const field = `Dict.spaces[${JSON.stringify(key)}]`;
      // As a key of a plain object it would change the prototype of the value instead of being a part of it.
      if (key === "__proto__") throw new ConfigError({ field, allowed: "named differently" });
      if (typeof space?.mismatch !== "function") throw new ConfigError({ field, value: space, allowed: "a space" });
    }
    this.spaces = Object.freeze({ ...spaces });
    this.flatSize = this.#entries.reduce((sum, [, space]) => sum + space.flatSize, 0);
    this.actionSize = this.#entries.reduce((sum, [, space]) => sum + space.actionSize, 0);
    this.shape = [this.flatSize];
  }

  contains(value: unknown): value is DictValue<S> {
    return this.mismatch(value, "", true) === undefined;
  }

  mismatch(value: unknown, field: string, bounds: boolean): Mismatch | undefined {
    if (typeof value !== "object" || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) {
      return { field, value, allowed: `an object with ${this.#keys()}` };
    }
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(this.spaces, key)) return { field, value, allowed: `an object with only ${this.#keys()}` };
    }
    for (const [key, space] of this.#entries) {
      const found = space.mismatch((value as Record<string, unknown>)[key], `${field}[${JSON.stringify(key)}]`, bounds);
      if (found) return found;
    }
    return undefined;
  }

  sample(random: Random, mask?: ArrayLike<number>): DictValue<S> {
    if (mask !== undefined) requireMask("mask", mask, 0);
    return this.#build((space) => space.sample(random));
  }

  flatten(value: DictValue<S>, out: Float32Array, offset: number): void {
    for (const [key, space] of this.#entries) {
      space.flatten(value[key], out, offset);
      offset += space.flatSize;
    }
  }

  flattenAction(action: DictValue<S>, out: Float32Array, offset: number): void {
    for (const [key, space] of this.#entries) {
      space.flattenAction(action[key], out, offset);
      offset += space.actionSize;
    }
  }

  unflattenAction(data: Float32Array, offset: number): DictValue<S> {
    return this.#build((space) => {
      const action = space.unflattenAction(data, offset);
      offset += space.actionSize;
      return action;
    });
  }

  toJSON(): SpaceJson {
    return { kind: this.kind, spaces: Object.fromEntries(this.#entries.map(([key, space]) => [key, space.toJSON()])) };
  }

  equals(other: Space<unknown>): boolean {
    return sameSpace(this, other);
  }

  #keys(): string {
    return this.#entries.map(([key]) => JSON.stringify(key)).join(", ");
  }

  #build(make: (space: Space<unknown>) => unknown): DictValue<S> {
    return Object.fromEntries(this.#entries.map(([key, space]) => [key, make(space)])) as DictValue<S>;
  }
}
