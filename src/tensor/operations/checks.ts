import { ShapeError } from "../../errors.ts";
import { isRecording } from "../memory.ts";
import type { DType, FloatType, Tensor } from "../tensor.ts";

/** A tensor or a number; a number takes the dtype of the operand beside it. */
export type Operand = Tensor | number;

/** Is it float64? Refuses integer tensors, which have no arithmetic. */
export function wide(...tensors: Tensor[]): boolean {
  const { dtype } = tensors[0]!;
  for (const t of tensors) {
    if (t.dtype !== dtype)
      throw new ShapeError(`operands differ in dtype: ${dtype} and ${t.dtype}; convert one with cast()`);
  }
  if (dtype === "float32") return false;
  if (dtype === "float64") return true;
  throw new ShapeError({
    field: "dtype",
    value: dtype,
    allowed: "float32 or float64 for arithmetic; convert with cast()",
  });
}

export function floatType(t: Tensor): FloatType {
  return wide(t) ? "float64" : "float32";
}

export function expectDtype(name: string, t: Tensor, dtype: DType): void {
  if (t.dtype !== dtype) throw new ShapeError({ field: `${name} dtype`, value: t.dtype, allowed: dtype });
}

/** A non-negative axis from one that may count from the end. */
export function axisOf(axis: number, rank: number): number {
  const a = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(a) || a < 0 || a >= rank) {
    throw new ShapeError({ field: "axis", value: axis, allowed: `between ${-rank} and ${rank - 1}` });
  }
  return a;
}

/** Every index in 0 … bound − 1? Kernels do not look, so that this is the place; a plan being recorded has no values yet. */
export function expectIndex(name: string, index: Tensor, bound: number): void {
  expectDtype(name, index, "int32");
  if (isRecording()) return;
  const values = index.data;
  for (let i = 0; i < values.length; i++) {
    if (!(values[i]! >= 0 && values[i]! < bound)) {
      throw new ShapeError({ field: `${name}[${i}]`, value: values[i], allowed: `between 0 and ${bound - 1}` });
    }
  }
}
