/**
 * From the host to the kernels: every operation is one instruction, executed as it is emitted. While a recording is on,
 * instructions are written down instead; running the recording is one call into WebAssembly, with the same bits as the
 * eager run because it is the same kernels in the same order.
 */
import { ConfigError } from "../errors.ts";
import { type Op, run } from "../kernels/index.ts";
import { Block, views } from "./memory.ts";

const MAX_ARGUMENTS = 62;
const scratch = new Block(8 * (MAX_ARGUMENTS + 2));
let recording: number[] | undefined;

/** Executes one instruction, or writes it down if a recording is on. Arguments as listed at `Op`; pointers are bytes. */
export function emit(op: Op, wide: boolean, ...args: number[]): void {
  if (recording !== undefined) {
    recording.push(2 * op + (wide ? 1 : 0), 8 * (args.length + 2), ...args);
    return;
  }
  if (args.length > MAX_ARGUMENTS) throw new RangeError(`an instruction has at most ${MAX_ARGUMENTS} arguments`);
  const row = scratch.pointer / 8;
  const bytes = 8 * (args.length + 2);
  const { float64 } = views;
  float64[row] = 2 * op + (wide ? 1 : 0);
  float64[row + 1] = bytes;
  for (let i = 0; i < args.length; i++) float64[row + 2 + i] = args[i]!;
  run(scratch.pointer, scratch.pointer + bytes);
}

/** A recorded sequence of instructions in linear memory. */
export class Program {
  readonly #block: Block;
  readonly #end: number;
  /** How many instructions it has. */
  readonly length: number;

  constructor(rows: readonly number[]) {
    this.#block = new Block(8 * rows.length);
    views.float64.set(rows, this.#block.pointer / 8);
    this.#end = this.#block.pointer + 8 * rows.length;
    let length = 0;
    for (let i = 1; i < rows.length; i += rows[i]! / 8) length++;
    this.length = length;
  }

  run(): void {
    if (recording !== undefined) throw new ConfigError("a plan cannot run while another one is recorded");
    run(this.#block.pointer, this.#end);
  }
}

/** Runs `fn`, writing down every instruction it emits instead of executing it. */
export function record<R>(fn: () => R): { result: R; rows: number[] } {
  const rows: number[] = [];
  recording = rows;
  try {
    return { result: fn(), rows };
  } finally {
    recording = undefined;
  }
}
