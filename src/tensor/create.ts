import { ConfigError, ShapeError } from "../errors.ts";
import { Op } from "../kernels/index.ts";
import { views } from "./memory.ts";
import { emit } from "./program.ts";
import { allocate, persistent } from "./scope.ts";
import { type DType, type FloatType, type Shape, sameShape, sizeOf, type Tensor, type TypedArray } from "./tensor.ts";

/** A number, or lists of them nested as the axes are. */
export type Nested = number | readonly Nested[];

/** A tensor from (nested) numbers, or from flat numbers and a shape. Ragged nesting and wrong counts are refused. */
export function tensor(values: Nested | ArrayLike<number>, shape?: Shape, dtype: DType = "float32"): Tensor {
  const { kept, target } = numbersOf(values, shape);
  return allocate(target, dtype).set(kept);
}

/** A trainable tensor, from values as `tensor()` takes them: lives until nobody refers to it, and gradients flow to it. */
export function parameter(values: Nested | ArrayLike<number>, shape?: Shape, dtype: FloatType = "float32"): Tensor {
  const { kept, target } = numbersOf(values, shape);
  const result = persistent(target, dtype).set(kept);
  result.requiresGrad = true;
  return result;
}

function numbersOf(values: Nested | ArrayLike<number>, shape: Shape | undefined) {
  const { flat, found } = flatten(values);
  const target = shape ?? found;
  checkShape(target);
  if (flat.length !== sizeOf(target)) {
    throw new ShapeError({
      field: "values",
      value: flat.length,
      allowed: `${sizeOf(target)} numbers for shape [${target}]`,
    });
  }
  return { kept: outsideEngine(flat), target };
}

/** A tensor of `shape` whose elements are all `value`. ConfigError for sizes that are not non-negative integers. */
export function full(shape: Shape, value: number, dtype: DType = "float32"): Tensor {
  checkShape(shape);
  const result = allocate(shape, dtype);
  if (dtype === "float32" || dtype === "float64") {
    emit(Op.Fill, dtype === "float64", result.pointer, result.size, value);
  } else result.data.fill(value);
  return result;
}

/** Zeros of `shape`; default float32. */
export const zeros = (shape: Shape, dtype: DType = "float32") => full(shape, 0, dtype);
/** Ones of `shape`; default float32. */
export const ones = (shape: Shape, dtype: DType = "float32") => full(shape, 1, dtype);

/** a + b for two gradients of one tensor; neither is touched, since either may be shared. */
export function accumulate(a: Tensor, b: Tensor): Tensor {
  if (!sameShape(a.shape, b.shape) || a.dtype !== b.dtype) {
    throw new ShapeError(`two gradients of one tensor differ in shape: [${a.shape}] and [${b.shape}]`);
  }
  const sum = allocate(a.shape, a.dtype);
  emit(Op.Add, a.dtype === "float64", a.pointer, b.pointer, sum.pointer, 1, a.size, 1, 1);
  return sum;
}

/** Throws ConfigError unless every size is a non-negative integer. */
export function checkShape(shape: Shape): void {
  if (!Array.isArray(shape) || shape.some((d) => !Number.isSafeInteger(d) || d < 0)) {
    throw new ConfigError({ field: "shape", value: shape, allowed: "a list of non-negative integers" });
  }
}

/** The same numbers, copied where they are a tensor's `data`: an allocation may make the memory grow, which empties that. */
function outsideEngine(values: ArrayLike<number>): ArrayLike<number> {
  return ArrayBuffer.isView(values) && values.buffer === views.uint8.buffer
    ? (values as unknown as TypedArray).slice()
    : values;
}

function flatten(values: Nested | ArrayLike<number>): { flat: ArrayLike<number>; found: Shape } {
  if (typeof values === "number") return { flat: [values], found: [] };
  if (typeof values !== "object" || values === null || !("length" in values)) {
    const allowed = "a number, a (nested) list of numbers, or a typed array";
    throw new ShapeError({ field: "values", value: values, allowed });
  }
  if (!Array.isArray(values))
    return { flat: values as ArrayLike<number>, found: [(values as ArrayLike<number>).length] };
  if (values.every((v) => typeof v === "number")) return { flat: values as number[], found: [values.length] };
  const parts = values.map((v) => flatten(v as Nested));
  const inner = parts[0]!.found;
  if (!parts.every((p) => sameShape(p.found, inner))) {
    throw new ShapeError({ field: "values", value: values, allowed: "rectangular (every row of the same length)" });
  }
  return { flat: parts.flatMap((p) => Array.from(p.flat)), found: [parts.length, ...inner] };
}
