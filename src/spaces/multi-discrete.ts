import { ConfigError } from "../errors.ts";
import type { Random } from "../random/index.ts";
import {
  isNumericArray,
  type Mismatch,
  requireMask,
  requireSize,
  type Space,
  type SpaceJson,
  sameSpace,
  sampleIndex,
} from "./space.ts";

/**
 * k independent choices, the i-th among 0 … nvec[i] − 1. Values are arrays of k integers.
 * As an observation it is k one-hots one after another (Σ nvec entries); as an action it is stored as its k indices.
 * @throws ConfigError unless nvec is a non-empty array of positive integers
 */
export class MultiDiscrete implements Space<ArrayLike<number>> {
  readonly kind = "multi-discrete";
  readonly shape: readonly number[];
  readonly nvec: readonly number[];
  readonly flatSize: number;
  readonly actionSize: number;
  readonly maskSize: number;

  constructor(nvec: ArrayLike<number>) {
    if (!isNumericArray(nvec) || nvec.length === 0) {
      throw new ConfigError({
        field: "MultiDiscrete.nvec",
        value: nvec,
        allowed: "a non-empty array of positive integers",
      });
    }
    this.nvec = Array.from(nvec, (n, i) => {
      requireSize(`MultiDiscrete.nvec[${i}]`, n);
      return n;
    });
    this.shape = [this.nvec.length];
    this.flatSize = this.nvec.reduce((sum, n) => sum + n, 0);
    requireSize("the sum of MultiDiscrete.nvec", this.flatSize);
    this.actionSize = this.nvec.length;
    this.maskSize = this.flatSize;
  }

  contains(value: unknown): value is ArrayLike<number> {
    return this.mismatch(value, "") === undefined;
  }

  mismatch(value: unknown, field: string): Mismatch | undefined {
    if (!isNumericArray(value) || value.length !== this.nvec.length) {
      return { field, value, allowed: `an array of ${this.nvec.length} integers` };
    }
    for (let i = 0; i < this.nvec.length; i++) {
      const entry = value[i];
      if (!Number.isInteger(entry) || (entry as number) < 0 || (entry as number) >= this.nvec[i]) {
        return { field: `${field}[${i}]`, value: entry, allowed: `an integer from 0 to ${this.nvec[i] - 1}` };
      }
    }
    return undefined;
  }

  sample(random: Random, mask?: ArrayLike<number>): Int32Array {
    if (mask !== undefined) requireMask("mask", mask, this.maskSize);
    const value = new Int32Array(this.nvec.length);
    let from = 0;
    for (let i = 0; i < value.length; i++) {
      value[i] = sampleIndex(`mask of choice ${i}`, this.nvec[i], random, mask, from);
      from += this.nvec[i];
    }
    return value;
  }

  flatten(value: ArrayLike<number>, out: Float32Array, offset: number): void {
    out.fill(0, offset, offset + this.flatSize);
    for (let i = 0; i < this.nvec.length; i++) {
      out[offset + value[i]] = 1;
      offset += this.nvec[i];
    }
  }

  flattenAction(action: ArrayLike<number>, out: Float32Array, offset: number): void {
    for (let i = 0; i < this.nvec.length; i++) out[offset + i] = action[i];
  }

  unflattenAction(data: Float32Array, offset: number): Int32Array {
    return Int32Array.from(data.subarray(offset, offset + this.nvec.length));
  }

  toJSON(): SpaceJson {
    return { kind: this.kind, nvec: [...this.nvec] };
  }

  equals(other: Space<unknown>): boolean {
    return sameSpace(this, other);
  }
}
