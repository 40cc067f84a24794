import { ConfigError } from "../errors.ts";
import { log } from "../math/index.ts";
import type { Random } from "../random/index.ts";
import {
  isNumericArray,
  type JsonBound,
  type Mismatch,
  requireMask,
  requireSize,
  type Space,
  type SpaceJson,
  sameSpace,
} from "./space.ts";

/** Element types of a Box: the range of the integer ones is part of the space. */
const DTYPES = {
  float32: { array: Float32Array, low: -Infinity, high: Infinity, integer: false },
  float64: { array: Float64Array, low: -Infinity, high: Infinity, integer: false },
  int32: { array: Int32Array, low: -(2 ** 31), high: 2 ** 31 - 1, integer: true },
  uint8: { array: Uint8Array, low: 0, high: 255, integer: true },
} as const;

export type BoxDtype = keyof typeof DTYPES;

/**
 * Arrays of numbers between `low` and `high`, each a number for all entries or an array of one bound per entry;
 * infinite bounds are allowed. A value is a *flat* array of Π shape numbers in row-major order.
 *
 * Bounds are rounded to `dtype`, so a float32 observation on its bound is inside. Encodings keep the numbers as they
 * are, so scale images (0 … 255) in the environment or with a wrapper.
 *
 * @param shape default: one entry per bound, `[1]` where both bounds are numbers
 * @throws ConfigError for bounds that are NaN, crossed, of the wrong length or outside the dtype, and for bad shapes
 */
export class Box implements Space<ArrayLike<number>> {
  readonly kind = "box";
  readonly shape: readonly number[];
  readonly dtype: BoxDtype;
  /** `[Π shape]` */
  readonly low: Float64Array;
  /** `[Π shape]` */
  readonly high: Float64Array;
  readonly flatSize: number;
  readonly actionSize: number;
  readonly maskSize = 0;

  constructor(
    low: number | ArrayLike<number>,
    high: number | ArrayLike<number>,
    shape?: readonly number[],
    dtype: BoxDtype = "float32",
  ) {
    if (!Object.hasOwn(DTYPES, dtype)) {
      const allowed = `one of ${Object.keys(DTYPES)
        .map((name) => `"${name}"`)
        .join(", ")}`;
      throw new ConfigError({ field: "Box.dtype", value: dtype, allowed });
    }
    this.dtype = dtype;
    for (const [name, bound] of Object.entries({ low, high })) {
      if (typeof bound === "number" || isNumericArray(bound)) continue;
      const fix = "Call it so: new Box(low, high, shape, dtype).";
      throw new ConfigError({ field: `Box.${name}`, value: bound, allowed: "a number or an array of numbers", fix });
    }
    this.shape = readShape(
      shape ?? [typeof low !== "number" ? low.length : typeof high !== "number" ? high.length : 1],
    );
    const size = this.shape.reduce((product, n) => product * n, 1);
    requireSize("the product of Box.shape", size);
    this.low = readBound("Box.low", low, size, dtype);
    this.high = readBound("Box.high", high, size, dtype);
    for (let i = 0; i < size; i++) {
      if (this.low[i] > this.high[i]) {
        const allowed = `at most Box.high[${i}] = ${this.high[i]}`;
        throw new ConfigError({ field: `Box.low[${i}]`, value: this.low[i], allowed });
      }
    }
    this.flatSize = size;
    this.actionSize = size;
  }

  /** Whether every entry has a finite lower and upper bound. */
  get bounded(): boolean {
    return this.low.every(Number.isFinite) && this.high.every(Number.isFinite);
  }

  contains(value: unknown): value is ArrayLike<number> {
    return this.mismatch(value, "", true) === undefined;
  }

  mismatch(value: unknown, field: string, bounds: boolean): Mismatch | undefined {
    if (!isNumericArray(value) || value.length !== this.flatSize) {
      const layout = this.shape.length === 1 ? "" : `, shape [${this.shape.join(", ")}] row by row`;
      return { field, value, allowed: `a flat array of ${this.flatSize} numbers${layout}` };
    }
    const { integer, low, high } = DTYPES[this.dtype];
    for (let i = 0; i < this.flatSize; i++) {
      const entry = value[i];
      // Also catches float64 values that would become infinite in the float32 encoding.
      if (typeof entry !== "number" || !Number.isFinite(Math.fround(entry))) {
        return { field: `${field}[${i}]`, value: entry, allowed: "a finite number" };
      }
      if (integer && (!Number.isInteger(entry) || entry < low || entry > high)) {
        const allowed = `an integer from ${low} to ${high}, because its space has dtype ${this.dtype}`;
        return { field: `${field}[${i}]`, value: entry, allowed };
      }
      if (bounds) {
        const rounded = this.dtype === "float32" ? Math.fround(entry) : entry;
        if (rounded < this.low[i] || rounded > this.high[i]) {
          return { field: `${field}[${i}]`, value: entry, allowed: `from ${this.low[i]} to ${this.high[i]}` };
        }
      }
    }
    return undefined;
  }

  sample(random: Random, mask?: ArrayLike<number>): ArrayLike<number> {
    if (mask !== undefined) requireMask("mask", mask, 0);
    const { array, integer } = DTYPES[this.dtype];
    const value = new array(this.flatSize);
    for (let i = 0; i < value.length; i++) {
      const low = this.low[i];
      const high = this.high[i];
      if (integer) value[i] = low + Math.floor(random.uniform() * (high - low + 1));
      else if (low > -Infinity && high < Infinity) value[i] = low + random.uniform() * (high - low);
      else if (low > -Infinity) value[i] = low - log(1 - random.uniform());
      else if (high < Infinity) value[i] = high + log(1 - random.uniform());
      else value[i] = random.normal();
    }
    return value;
  }

  flatten(value: ArrayLike<number>, out: Float32Array, offset: number): void {
    for (let i = 0; i < this.flatSize; i++) out[offset + i] = value[i];
  }

  flattenAction(action: ArrayLike<number>, out: Float32Array, offset: number): void {
    this.flatten(action, out, offset);
  }

  /**
   * Values of an integer Box are rounded to the nearest integer within its bounds, others stay as they are. A bound of a float64 Box
   * comes back as that bound, though the encoding rounded it, perhaps to beyond it.
   */
  unflattenAction(data: Float32Array, offset: number): ArrayLike<number> {
    const { array, integer } = DTYPES[this.dtype];
    const value = new array(this.flatSize);
    for (let i = 0; i < value.length; i++) {
      const entry = data[offset + i];
      if (integer) value[i] = Math.min(Math.max(Math.round(entry), this.low[i]), this.high[i]);
      else if (entry === Math.fround(this.low[i])) value[i] = this.low[i];
      else value[i] = entry === Math.fround(this.high[i]) ? this.high[i] : entry;
    }
    return value;
  }

  toJSON(): SpaceJson {
    const { kind, dtype } = this;
    return { kind, low: writeBound(this.low), high: writeBound(this.high), shape: [...this.shape], dtype };
  }

  equals(other: Space<unknown>): boolean {
    return sameSpace(this, other);
  }
}

function readShape(shape: unknown): number[] {
  if (!Array.isArray(shape)) {
    throw new ConfigError({ field: "Box.shape", value: shape, allowed: "an array of positive integers" });
  }
  return shape.map((n, i) => {
    requireSize(`Box.shape[${i}]`, n);
    return n;
  });
}

function readBound(field: string, bound: unknown, size: number, dtype: BoxDtype): Float64Array {
  const { integer, low, high } = DTYPES[dtype];
  if (typeof bound !== "number" && !(isNumericArray(bound) && bound.length === size)) {
    throw new ConfigError({ field, value: bound, allowed: `a number or an array of ${size} numbers` });
  }
  const values = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const value = typeof bound === "number" ? bound : bound[i];
    const where = typeof bound === "number" ? field : `${field}[${i}]`;
    if (typeof value !== "number" || Number.isNaN(value)) {
      throw new ConfigError({ field: where, value, allowed: "a number (it may be infinite)" });
    }
    if (integer && (!Number.isInteger(value) || value < low || value > high)) {
      throw new ConfigError({ field: where, value, allowed: `an integer from ${low} to ${high} for dtype ${dtype}` });
    }
    values[i] = dtype === "float32" ? Math.fround(value) : value;
  }
  return values;
}

function writeBound(bound: Float64Array): JsonBound | JsonBound[] {
  const values = Array.from(bound, (value): JsonBound => {
    if (value === Infinity) return "Infinity";
    return value === -Infinity ? "-Infinity" : value;
  });
  return values.every((value) => value === values[0]) ? values[0] : values;
}
