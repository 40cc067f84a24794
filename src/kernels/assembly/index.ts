// The module's exports: one interpreter for programs of instructions, and what the host needs to set up its memory.

import { execute } from "./dispatch";
import { SCRATCH_BYTES, setScratch } from "./gemm";
import { int, size } from "./row";
export { setScratch };

/** Runs the instructions between two addresses; one call from the host may be a whole training step. */
export function run(start: usize, end: usize): void {
  let p = start;
  while (p < end) {
    execute(int(p, 0), p + 16);
    p += size(p, 1);
  }
}

/** First byte of linear memory that the host may use. */
export function heapBase(): i32 { return <i32>__heap_base; }
export function scratchBytes(): i32 { return SCRATCH_BYTES; }
