import type { Random } from "../random/index.ts";
import {
  isNumericArray,
  type Mismatch,
  requireMask,
  requireSize,
  type Space,
  type SpaceJson,
  sameSpace,
} from "./space.ts";

/**
 * n switches. Values are arrays of n entries, each 0 or 1 (or false/true), and are stored as such.
 * @throws ConfigError for n that is not a positive integer
 */
export class MultiBinary implements Space<ArrayLike<number>> {
  readonly kind = "multi-binary";
  readonly shape: readonly number[];
  readonly n: number;
  readonly flatSize: number;
  readonly actionSize: number;
  readonly maskSize = 0;

  constructor(n: number) {
    requireSize("MultiBinary.n", n);
    this.n = n;
    this.shape = [n];
    this.flatSize = n;
    this.actionSize = n;
  }

  contains(value: unknown): value is ArrayLike<number> {
    return this.mismatch(value, "") === undefined;
  }

  mismatch(value: unknown, field: string): Mismatch | undefined {
    if (!isNumericArray(value) || value.length !== this.n) {
      return { field, value, allowed: `an array of ${this.n} entries, each 0 or 1` };
    }
    for (let i = 0; i < this.n; i++) {
      const entry = value[i];
      if (entry !== 0 && entry !== 1 && entry !== true && entry !== false) {
        return { field: `${field}[${i}]`, value: entry, allowed: "0 or 1" };
      }
    }
    return undefined;
  }

  sample(random: Random, mask?: ArrayLike<number>): Uint8Array {
    if (mask !== undefined) requireMask("mask", mask, 0);
    return Uint8Array.from({ length: this.n }, () => random.integer(2));
  }

  flatten(value: ArrayLike<number>, out: Float32Array, offset: number): void {
    for (let i = 0; i < this.n; i++) out[offset + i] = value[i];
  }

  flattenAction(action: ArrayLike<number>, out: Float32Array, offset: number): void {
    this.flatten(action, out, offset);
  }

  unflattenAction(data: Float32Array, offset: number): Uint8Array {
    return Uint8Array.from(data.subarray(offset, offset + this.n));
  }

  toJSON(): SpaceJson {
    return { kind: this.kind, n: this.n };
  }

  equals(other: Space<unknown>): boolean {
    return sameSpace(this, other);
  }
}
