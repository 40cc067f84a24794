import { ShapeError } from "../errors.ts";
import { type Arena, Block, isRecording, isUnwritten, refer, views } from "./memory.ts";
import type { Node } from "./tape.ts";

/** Element types. Arithmetic is in the two of floats; int32 holds indices and actions, uint8 masks. */
export type DType = "float32" | "float64" | "int32" | "uint8";
/** Element types that arithmetic and gradients are in. */
export type FloatType = "float32" | "float64";
/** The typed array of each element type. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array;
/** Sizes of the axes, outermost first; `[]` for a scalar. */
export type Shape = readonly number[];

/** Under this name console.log in Node asks an object for its text. */
const inspect: unique symbol = Symbol.for("nodejs.util.inspect.custom");

/** How many values `toString()` shows. */
const SHOWN = 8;

const BYTES: Record<DType, number> = { float32: 4, float64: 8, int32: 4, uint8: 1 };

/**
 * An n-dimensional array in the engine's memory: row-major, contiguous, of one dtype. Operations are functions
 * (`add(a, b)`), values are read with `toArray()` or `item()`, and written with `set()`.
 *
 * A tensor made inside `step()` lives until that step ends; every other one as long as it is reachable.
 */
export class Tensor {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Number of elements. */
  readonly size: number;
  /** Does a gradient flow to this tensor? True for parameters and for what is computed from them. */
  requiresGrad = false;
  /** How it was computed, if a gradient flows through it. */
  node: Node | undefined;

  readonly #pointer: number;
  readonly #block: Block | undefined;
  readonly #arena: Arena | undefined;
  readonly #epoch: number;
  #view: TypedArray | undefined;
  #generation = -1;

  private constructor(shape: Shape, dtype: DType, pointer: number, block: Block | undefined, arena: Arena | undefined) {
    this.shape = shape;
    this.dtype = dtype;
    this.size = sizeOf(shape);
    this.#pointer = pointer;
    this.#block = block;
    this.#arena = arena;
    this.#epoch = arena?.epoch ?? 0;
  }

  /** A tensor of undefined content (arena) or zeros (persistent). */
  static allocate(shape: Shape, dtype: DType, arena: Arena | undefined): Tensor {
    const bytes = BYTES[dtype] * sizeOf(shape);
    if (arena) return new Tensor(shape, dtype, arena.allocate(bytes), undefined, arena);
    const block = new Block(bytes);
    return new Tensor(shape, dtype, block.pointer, block, undefined);
  }

  /**
   * Elements from `offset` on under another shape, no copy: what is written to one is written to both. No gradient flows
   * through a view; `reshape` is the operation.
   */
  view(shape: Shape, offset = 0): Tensor {
    const pointer = this.pointer + offset * BYTES[this.dtype];
    const view = new Tensor(shape, this.dtype, pointer, this.#block, this.#arena);
    if (!(offset >= 0 && offset + view.size <= this.size)) {
      throw new ShapeError({
        field: "view",
        value: shape,
        allowed: `of at most ${this.size - offset} elements, of [${this.shape}] from ${offset} on`,
      });
    }
    return view;
  }

  /** Byte offset in linear memory. */
  get pointer(): number {
    if (this.#arena === undefined) refer(this.#block!);
    else this.#checkLife(this.#arena);
    return this.#pointer;
  }

  #checkLife(arena: Arena): void {
    if (arena.epoch !== this.#epoch) {
      throw new ShapeError(
        `this tensor of shape [${this.shape}] was made in a step that has ended; return it from step(), or read it inside with toArray()`,
      );
    }
    if (!isRecording()) return;
    if (!arena.lasting) {
      throw new ShapeError(
        `a plan cannot use this tensor of shape [${this.shape}]: its memory is taken back when the step around it ends; make it an input of the plan, or make it with persistent()`,
      );
    }
    refer(arena);
  }

  /** Does it end with the step or plan it was made in? */
  get isTemporary(): boolean {
    return this.#arena !== undefined;
  }

  /**
   * A live view of the elements in the engine's memory. Do not keep it: an allocation may empty it (the memory has moved), and
   * when the tensor is collected its elements become another's.
   */
  get data(): TypedArray {
    return this.#elements(this.pointer);
  }

  #elements(pointer: number): TypedArray {
    if (this.#view === undefined || this.#generation !== views.generation) {
      const { buffer } = views.uint8;
      if (this.dtype === "float32") this.#view = new Float32Array(buffer, pointer, this.size);
      else if (this.dtype === "float64") this.#view = new Float64Array(buffer, pointer, this.size);
      else if (this.dtype === "int32") this.#view = new Int32Array(buffer, pointer, this.size);
      else this.#view = new Uint8Array(buffer, pointer, this.size);
      this.#generation = views.generation;
    }
    return this.#view;
  }

  /** A copy of the elements, row-major. */
  toArray(): TypedArray {
    this.#refuseWhileRecording();
    return this.data.slice();
  }

  /** The only element. */
  item(): number {
    if (this.size !== 1) throw new ShapeError({ field: "item()", value: this.shape, allowed: "called on one element" });
    this.#refuseWhileRecording();
    const { pointer, dtype } = this;
    if (dtype === "float32") return views.float32[pointer >>> 2]!;
    if (dtype === "float64") return views.float64[pointer / 8]!;
    return dtype === "int32" ? views.int32[pointer >>> 2]! : views.uint8[pointer]!;
  }

  #refuseWhileRecording(): void {
    if (this.#isPending) {
      throw new ShapeError(
        "values cannot be read while a plan is recorded: no input is written and nothing is computed yet; return the tensor and read it after run()",
      );
    }
  }

  /** Is it an input or a result of the plan that is being recorded? */
  get #isPending(): boolean {
    return isRecording() && (this.isTemporary || isUnwritten(this.#block!));
  }

  /** `Tensor float32 [2,3]: 1, 2, 3, 4, 5, 6`, or why it has no values to show; looking refuses nothing and changes nothing. */
  toString(): string {
    return `Tensor ${this.dtype} [${this.shape}]: ${this.#text()}`;
  }

  [inspect](): string {
    return this.toString();
  }

  #text(): string {
    if (this.#arena && this.#arena.epoch !== this.#epoch) return "stale, made in a step that has ended";
    if (this.#isPending) return "no values yet, a plan is being recorded";
    // Not this.data: asking for the address would make a plan that is being recorded keep the tensor.
    const first = Array.from(this.#elements(this.#pointer).subarray(0, SHOWN));
    // A float32 holds about 7 decimal digits: 0.1, not 0.10000000149011612.
    const values = first.map((value) => (this.dtype === "float32" ? Number(value.toPrecision(7)) : value));
    return values.join(", ") + (this.size > SHOWN ? ", …" : "");
  }

  /** Overwrites the elements, row-major. */
  set(values: ArrayLike<number>): this {
    if (values.length !== this.size) {
      throw new ShapeError({
        field: "values",
        value: values.length,
        allowed: `${this.size} numbers (shape [${this.shape}])`,
      });
    }
    this.data.set(values);
    return this;
  }
}

/** Number of elements: the product of the sizes. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const d of shape) size *= d;
  return size;
}

/** Are all sizes equal? */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((d, i) => d === b[i]);
}
