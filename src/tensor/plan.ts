/**
 * Plans: a step that runs again with the same shapes is recorded once and replayed as a flat program over fixed addresses,
 * one call into WebAssembly per step, with the same bits as the eager run.
 */
import { Arena, type Block, collectReferences } from "./memory.ts";
import { Program, record } from "./program.ts";
import { persistent, within } from "./scope.ts";
import type { DType, Shape, Tensor } from "./tensor.ts";

/** Shape and dtype (default float32) of a plan's input. */
export interface InputSpec {
  readonly shape: Shape;
  readonly dtype?: DType;
}

type Inputs<S> = { readonly [K in keyof S]: Tensor };

/** A recorded step: write the inputs, `run()`, read the outputs. Inputs and outputs stay at their addresses. */
export class Plan<S extends Record<string, InputSpec>, R> {
  /** The tensors the step reads; fill them with `set()` or through `data` before `run()`. */
  readonly inputs: Inputs<S>;
  /** What the function returned; its tensors hold the values of the latest run. */
  readonly outputs: R;
  readonly #program: Program;
  /** Keeps alive what the program's addresses point to. */
  readonly #held: ReadonlySet<Block | Arena>;

  constructor(inputs: Inputs<S>, fn: (inputs: Inputs<S>) => R) {
    this.inputs = inputs;
    const arena = new Arena(true);
    const given = collectReferences(() => Object.values<Tensor>(inputs).map((tensor) => tensor.pointer)).references;
    const { result, references } = collectReferences(() => record(() => within(arena, () => fn(inputs))), given);
    this.outputs = result.result;
    this.#program = new Program(result.rows);
    this.#held = references.add(arena);
  }

  /** Number of instructions. */
  get length(): number {
    return this.#program.length;
  }

  /** How many persistent tensors and other plans' memories the program refers to. */
  get references(): number {
    return this.#held.size - 1;
  }

  run(): R {
    this.#program.run();
    return this.outputs;
  }
}

/**
 * Records `fn` over inputs of fixed shapes. Nothing is computed yet: `fn` runs once, here, to write its operations down, so
 * it may not look at values, and JavaScript in it is not run again.
 */
export function plan<S extends Record<string, InputSpec>, R>(specs: S, fn: (inputs: Inputs<S>) => R): Plan<S, R> {
  const inputs = {} as { [K in keyof S]: Tensor };
  for (const name in specs) inputs[name] = persistent(specs[name]!.shape, specs[name]!.dtype ?? "float32");
  return new Plan(inputs, fn);
}

/**
 * A step as a function of named values: the first call with certain shapes records `fn`, and every call runs the recording
 * for its shapes. Returned tensors are overwritten by the next call.
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
    let key = "";
    for (const name in values) key += `${name}:${values[name].dtype ?? "float32"}[${values[name].shape}];`;
    let known = plans.get(key);
    if (known === undefined) {
      const specs: Record<string, InputSpec> = {};
      for (const name in values) specs[name] = { shape: values[name].shape, dtype: values[name].dtype ?? "float32" };
      known = plan(specs, fn as (inputs: Record<string, Tensor>) => R);
      plans.set(key, known);
    }
    for (const name in values) known.inputs[name]!.set(values[name].data);
    return known.run();
  };
}
