/** Between tensors in the engine's memory and the named tensors of a safetensors file. */
import { ConfigError, FormatError } from "../errors.ts";
import type { DType, Tensor } from "../tensor/index.ts";
import type { Parameters } from "./layer.ts";
import type { SafetensorsData, SafetensorsDtype, SafetensorsTensor } from "./safetensors.ts";

const FILE_DTYPE = { float32: "F32", float64: "F64", int32: "I32", uint8: "U8" } as const satisfies Record<
  DType,
  SafetensorsDtype
>;

/** A layer, or named tensors as `parameters()` and an optimiser's `state()` give them. */
export type StateOwner = { parameters(): Parameters } | Readonly<Record<string, Tensor>>;

/** @internal The named tensors of an owner; ConfigError where it is none. */
export function tensorsOf(owner: StateOwner): Readonly<Record<string, Tensor>> {
  const tensors = typeof owner?.parameters === "function" ? owner.parameters() : owner;
  if (!isRecord(tensors) || !Object.values(tensors).every((tensor) => isRecord(tensor) && "dtype" in tensor)) {
    const allowed = "a layer, or tensors by name such as { w, b }";
    throw new ConfigError({ field: "parameters", value: owner, allowed });
  }
  return tensors as Readonly<Record<string, Tensor>>;
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Copies of all tensors, ready for `writeSafetensors`. */
export function stateDict(owner: StateOwner): Record<string, SafetensorsTensor> {
  const state: Record<string, SafetensorsTensor> = {};
  for (const [name, tensor] of Object.entries(tensorsOf(owner))) {
    state[name] = { dtype: FILE_DTYPE[tensor.dtype], shape: tensor.shape, data: tensor.toArray() as SafetensorsData };
  }
  return state;
}

/**
 * Overwrites all tensors with the values in `state`, converting between F32 and F64.
 * @throws FormatError for missing and unknown names, wrong shapes and dtypes; nothing is changed then
 */
export function loadStateDict(owner: StateOwner, state: Readonly<Record<string, SafetensorsTensor>>): void {
  const tensors = tensorsOf(owner);
  const missing = Object.keys(tensors).filter((name) => !Object.hasOwn(state, name));
  const unknown = Object.keys(state).filter((name) => !Object.hasOwn(tensors, name));
  if (missing.length > 0 || unknown.length > 0) {
    const quote = (names: string[]) => names.map((name) => `"${name}"`).join(", ");
    const reasons = [
      missing.length > 0 && `lacks ${quote(missing)}`,
      unknown.length > 0 && `has unknown ${quote(unknown)}`,
    ];
    throw new FormatError(`the saved state does not fit this network: it ${reasons.filter(Boolean).join(" and ")}`);
  }
  for (const [name, tensor] of Object.entries(tensors)) {
    const { shape, dtype, data } = state[name];
    if (shape.join() !== tensor.shape.join() || data.length !== tensor.size) {
      throw new FormatError({ field: `tensor "${name}"`, value: shape, allowed: `of shape [${tensor.shape}]` });
    }
    const expected = FILE_DTYPE[tensor.dtype];
    if (dtype !== expected && !(isFloat(dtype) && isFloat(expected))) {
      throw new FormatError({ field: `dtype of tensor "${name}"`, value: dtype, allowed: expected });
    }
  }
  for (const [name, tensor] of Object.entries(tensors)) tensor.set(state[name].data as ArrayLike<number>);
}

function isFloat(dtype: SafetensorsDtype): boolean {
  return dtype === "F32" || dtype === "F64";
}
