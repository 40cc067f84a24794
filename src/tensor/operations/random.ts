/**
 * Random numbers made by the kernels. A stream is an int32 tensor `[4]`: the two words of a key and the low and high word
 * of a counter. Every draw reads it and moves the counter on, so a replayed plan draws new numbers on each run, and saving
 * these four integers saves the stream.
 */
import { ConfigError, ShapeError } from "../../errors.ts";
import { Op } from "../../kernels/index.ts";
import type { Key } from "../../random/index.ts";
import { checkShape } from "../create.ts";
import { emit } from "../program.ts";
import { allocate, persistent } from "../scope.ts";
import type { FloatType, Shape, Tensor } from "../tensor.ts";
import { expectDtype, wide } from "./checks.ts";

/** The stream of `key`, from its first number: a persistent int32 tensor `[4]`. */
export function randomStream(key: Key): Tensor {
  return persistent([4], "int32").set([key.k0 | 0, key.k1 | 0, 0, 0]);
}

function expectStream(stream: Tensor): void {
  expectDtype("stream", stream, "int32");
  if (stream.size !== 4) throw new ShapeError({ field: "stream", value: stream.shape, allowed: "of shape [4]" });
}

/** Uniform numbers on [low, high), default [0, 1), of `shape`. */
export function randomUniform(
  stream: Tensor,
  shape: Shape,
  { low = 0, high = 1, dtype = "float32" }: { low?: number; high?: number; dtype?: FloatType } = {},
): Tensor {
  expectStream(stream);
  checkShape(shape);
  const out = allocate(shape, dtype);
  emit(Op.RandomUniform, dtype === "float64", stream.pointer, out.pointer, out.size, low, high);
  return out;
}

/** Normal numbers, default of mean 0 and standard deviation 1, of `shape`. */
export function randomNormal(
  stream: Tensor,
  shape: Shape,
  { mean = 0, std = 1, dtype = "float32" }: { mean?: number; std?: number; dtype?: FloatType } = {},
): Tensor {
  expectStream(stream);
  checkShape(shape);
  const out = allocate(shape, dtype);
  emit(Op.RandomNormal, dtype === "float64", stream.pointer, out.pointer, out.size, mean, std);
  return out;
}

/** Integers (int32) in 0 … bound − 1, of `shape`. */
export function randomIntegers(stream: Tensor, shape: Shape, bound: number): Tensor {
  expectStream(stream);
  checkShape(shape);
  if (!(Number.isInteger(bound) && bound >= 1 && bound <= 2 ** 31)) {
    throw new ConfigError({ field: "bound", value: bound, allowed: "an integer from 1 to 2147483648" });
  }
  const out = allocate(shape, "int32");
  emit(Op.RandomIntegers, false, stream.pointer, out.pointer, out.size, bound);
  return out;
}

/** A random order of 0 … n − 1 (int32 `[n]`). */
export function randomPermutation(stream: Tensor, n: number): Tensor {
  expectStream(stream);
  checkShape([n]);
  const out = allocate([n], "int32");
  emit(Op.RandomPermutation, false, stream.pointer, out.pointer, n);
  return out;
}

/** One index per row, drawn with probability softmax(logits): `[…, n]` to int32 `[…]`. */
export function randomCategorical(stream: Tensor, logits: Tensor): Tensor {
  expectStream(stream);
  const cols = logits.shape.at(-1);
  if (cols === undefined || cols === 0) {
    throw new ShapeError({ field: "logits", value: logits.shape, allowed: "with a last axis of at least 1" });
  }
  const out = allocate(logits.shape.slice(0, -1), "int32");
  emit(Op.RandomCategorical, wide(logits), stream.pointer, logits.pointer, out.pointer, out.size, cols);
  return out;
}

/**
 * One outcome per row of a table, each drawn from a stream of its own: int32 `[n]`.
 * @param streams int32 `[n, 4]`, one after the other
 * @param first int32 `[rows + 1]`: the outcomes of row r are `first[r]` … `first[r + 1] − 1`, at least one
 * @param limits float64 `[outcomes]`: a uniform number below an outcome's limit, but not below those before it in its row, selects
 *   it; the last of a row takes the rest. A row of one outcome draws no number.
 * @param rows int32 `[n]`, from 0; one that is not in the table is taken for the last one that is
 */
export function randomOutcomes(streams: Tensor, first: Tensor, limits: Tensor, rows: Tensor): Tensor {
  for (const [name, tensor] of Object.entries({ streams, first, rows })) expectDtype(name, tensor, "int32");
  expectDtype("limits", limits, "float64");
  if (streams.size !== 4 * rows.size) {
    throw new ShapeError({ field: "streams", value: streams.shape, allowed: `of shape [${rows.size}, 4]` });
  }
  const out = allocate([rows.size], "int32");
  emit(
    Op.RandomOutcomes,
    false,
    streams.pointer,
    first.pointer,
    limits.pointer,
    rows.pointer,
    out.pointer,
    rows.size,
    first.size - 1,
  );
  return out;
}
