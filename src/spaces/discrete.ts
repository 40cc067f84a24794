import { ConfigError } from "../errors.ts";
import type { Random } from "../random/index.ts";
import {
  type Mismatch,
  requireMask,
  requireSize,
  type Space,
  type SpaceJson,
  sameSpace,
  sampleIndex,
} from "./space.ts";

/**
 * One of n choices: the integers `start`, `start + 1`, …, `start + n − 1`.
 * As an observation it is a one-hot of n entries; as an action it is stored as its index `action − start`.
 * @throws ConfigError for n that is not a positive integer, or start that is not an integer
 */
export class Discrete implements Space<number> {
  readonly kind = "discrete";
  readonly shape: readonly number[] = [];
  readonly n: number;
  readonly start: number;
  readonly flatSize: number;
  readonly actionSize = 1;
  readonly maskSize: number;

  constructor(n: number, start = 0) {
    requireSize("Discrete.n", n);
    if (!Number.isSafeInteger(start))
      throw new ConfigError({ field: "Discrete.start", value: start, allowed: "an integer" });
    this.n = n;
    this.start = start;
    this.flatSize = n;
    this.maskSize = n;
  }

  contains(value: unknown): value is number {
    return Number.isInteger(value) && (value as number) >= this.start && (value as number) < this.start + this.n;
  }

  mismatch(value: unknown, field: string): Mismatch | undefined {
    if (this.contains(value)) return undefined;
    return { field, value, allowed: `an integer from ${this.start} to ${this.start + this.n - 1}` };
  }

  sample(random: Random, mask?: ArrayLike<number>): number {
    if (mask !== undefined) requireMask("mask", mask, this.n);
    return this.start + sampleIndex("mask", this.n, random, mask);
  }

  flatten(value: number, out: Float32Array, offset: number): void {
    out.fill(0, offset, offset + this.n);
    out[offset + value - this.start] = 1;
  }

  flattenAction(action: number, out: Float32Array, offset: number): void {
    out[offset] = action - this.start;
  }

  unflattenAction(data: Float32Array, offset: number): number {
    return data[offset] + this.start;
  }

  toJSON(): SpaceJson {
    return { kind: this.kind, n: this.n, start: this.start };
  }

  equals(other: Space<unknown>): boolean {
    return sameSpace(this, other);
  }
}
