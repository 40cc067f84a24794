/**
 * Plans: a step that runs again with the same shapes is recorded once and replayed as a flat program over fixed addresses,
 * one call into WebAssembly per step, with the same bits as the eager run.
 */
import { ShapeError } from "../errors.ts";
import { Arena, type Block, collectBlocks } from "./memory.ts";
import { isRecording, Program, record } from "./program.ts";
import { persistent, within } from "./scope.ts";
import { type DType, type Shape, sameShape, Tensor, type TypedArray } from "./tensor.ts";

export interface InputSpec {
  readonly shape: Shape;
  readonly dtype?: DType;
}

type Inputs<S> = { readonly [K in keyof S]: Tensor };
type Values<S> = { readonly [K in keyof S]: ArrayLike<number> | Tensor };

/** A recorded step: write the inputs, `run()`, read the outputs. Inputs and outputs stay at their addresses. */
export class Plan<S extends Record<string, InputSpec>, R> {
  /** The tensors the step reads; fill them with `set()` or through `data` before `run()`. */
  readonly inputs: Inputs<S>;
  /** What the function returned; its tensors hold the values of the latest run. */
  readonly outputs: R;
  readonly #program: Program;
  /** Keeps alive what the program's addresses point to. */
  readonly #held: readonly [Arena, Set<Block>];

  constructor(inputs: Inputs<S>, fn: (inputs: Inputs<S>) => R) {
    this.inputs = inputs;
    const arena = new Arena();
    const { result, blocks } = collectBlocks(() => record(() => within(arena, () => fn(inputs))));
    this.outputs = result.result;
    this.#program = new Program(result.rows);
    this.#held = [arena, blocks];
  }

  /** Number of instructions. */
  get length(): number {
    return this.#program.length;
  }

  /** How many persistent blocks the program refers to, besides its own arena. */
  get references(): number {
    return this.#held[1].size;
  }

  run(): R {
    this.#program.run();
    return this.outputs;
  }
}

/**
 * Records `fn` over inputs of fixed shapes. `fn` runs once, here, on `initial` values (zeros by default): whatever it does
 * to persistent tensors happens, so an optimiser's update is recorded without harm only with `initial` gradients of zero or
 * from `compile`, whose first call is the recording. JavaScript in `fn` is not run again: only its operations are.
 */
export function plan<S extends Record<string, InputSpec>, R>(
  specs: S,
  fn: (inputs: Inputs<S>) => R,
  initial?: Values<S>,
): Plan<S, R> {
  const inputs = {} as { [K in keyof S]: Tensor };
  for (const name in specs) {
    const { shape, dtype = "float32" } = specs[name]!;
    inputs[name] = persistent(shape, dtype);
    if (initial) write(inputs[name], initial[name], name);
  }
  return new Plan(inputs, fn);
}

/**
 * A step as a function of named values: the first call with certain shapes runs `fn` and records it, every later one
 * replays the recording. Returned tensors are overwritten by the next call.
 */
export function compile<N extends string, R>(
  fn: (inputs: { readonly [K in N]: Tensor }) => R,
): (
  values: {
    readonly [K in N]: Tensor | { readonly data: ArrayLike<number>; readonly shape: Shape; readonly dtype?: DType };
  },
) => R {
  const plans = new Map<string, Plan<Record<string, InputSpec>, R>>();
  return (values) => {
    const specs: Record<string, InputSpec> = {};
    const data: Record<string, ArrayLike<number>> = {};
    let key = "";
    for (const name in values) {
      const value = values[name]!;
      specs[name] = { shape: value.shape, dtype: value.dtype ?? "float32" };
      data[name] = value.data;
      key += `${name}:${value.dtype ?? "float32"}[${value.shape}];`;
    }
    if (isRecording()) throw new Error("a compiled step cannot be called inside another plan");
    const known = plans.get(key);
    if (known === undefined) {
      const made = plan(specs, fn as (inputs: Record<string, Tensor>) => R, data);
      plans.set(key, made);
      return made.outputs;
    }
    for (const name in data) write(known.inputs[name]!, data[name]!, name);
    return known.run();
  };
}

function write(input: Tensor, value: ArrayLike<number> | Tensor, name: string): void {
  if (value instanceof Tensor) {
    if (!sameShape(value.shape, input.shape)) {
      throw new ShapeError({ field: name, value: value.shape, allowed: `of shape [${input.shape}]` });
    }
    input.data.set(value.data as TypedArray);
  } else input.set(value);
}
