/** Where new tensors go: into the arena of the innermost step or plan, or else into blocks of their own. */
import { ConfigError } from "../errors.ts";
import { Arena, isRecording } from "./memory.ts";
import { type DType, type Shape, Tensor } from "./tensor.ts";

const arenas: Arena[] = [];
let depth = 0;
let current: Arena | undefined;

/** A new tensor of undefined content. */
export function allocate(shape: Shape, dtype: DType): Tensor {
  return Tensor.allocate(shape, dtype, current);
}

/** A new tensor that outlives every step, zeroed: parameters, optimiser state, buffers. */
export function persistent(shape: Shape, dtype: DType): Tensor {
  return Tensor.allocate(shape, dtype, undefined);
}

/** Runs `fn` with new tensors going into `arena` (undefined: into blocks of their own). */
export function within<R>(arena: Arena | undefined, fn: () => R): R {
  const before = current;
  current = arena;
  try {
    return fn();
  } finally {
    current = before;
  }
}

/**
 * Runs one step. Every tensor made inside shares the step's memory, which is taken back when it ends; tensors in the
 * result (itself one, or the values of an array or plain object) are copied out and live on, without their history:
 * gradients do not flow back into a step. Steps may nest. In a plan being recorded the step is a part of the plan.
 */
export function step<R>(fn: () => R): R {
  if (isRecording()) return fn();
  arenas[depth] ??= new Arena(false);
  const arena = arenas[depth]!;
  depth++;
  try {
    const result = within(arena, fn);
    if (result instanceof Promise)
      throw new ConfigError(
        "step() takes a function that is not async: what it awaits would go on after the step has ended",
      );
    return keep(result) as R;
  } finally {
    depth--;
    arena.reset();
  }
}

function keep(value: unknown): unknown {
  if (value instanceof Tensor) return keepTensor(value);
  if (Array.isArray(value)) return value.map(keep);
  if (value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, keep(inner)]));
  }
  return value;
}

function keepTensor(tensor: Tensor): Tensor {
  if (!tensor.isTemporary) return tensor;
  const copy = within(current, () => allocate(tensor.shape, tensor.dtype));
  copy.data.set(tensor.data);
  return copy;
}
