/**
 * Who owns which bytes of the linear memory. Two kinds of places:
 *
 * - *persistent* blocks (parameters, optimiser state, buffers, plans) belong to a `Block` and go back to the free lists
 *   when the garbage collector finds it unreachable: nobody writes `dispose`;
 * - an `Arena` hands out bytes by moving a pointer and takes them all back at once, at the end of a step.
 */
import { RunError } from "../errors.ts";
import { ensureBytes, firstFreeByte, memory } from "../kernels/index.ts";

const ALIGNMENT = 64;

/** Views over the whole memory; replaced whenever it grows, so read them anew after every allocation. */
export let float32 = new Float32Array(memory.buffer);
export let float64 = new Float64Array(memory.buffer);
export let int32 = new Int32Array(memory.buffer);
export let uint8 = new Uint8Array(memory.buffer);
/** Counts the growths: a view made under another generation is detached. */
export let generation = 0;

let top = Math.ceil(firstFreeByte / ALIGNMENT) * ALIGNMENT;
let inUse = 0;
const free = new Map<number, number[]>();
const collected = new FinalizationRegistry<{ pointer: number; bytes: number }>(({ pointer, bytes }) => {
  const list = free.get(bytes);
  if (list) list.push(pointer);
  else free.set(bytes, [pointer]);
  inUse -= bytes;
});

/** A persistent run of bytes, zeroed when it is handed out; alive as long as this object is reachable. */
export class Block {
  readonly pointer: number;
  readonly bytes: number;

  constructor(bytes: number) {
    this.bytes = sizeClass(bytes);
    this.pointer = free.get(this.bytes)?.pop() ?? extend(this.bytes);
    uint8.fill(0, this.pointer, this.pointer + this.bytes);
    inUse += this.bytes;
    collected.register(this, { pointer: this.pointer, bytes: this.bytes });
  }
}

/** Sizes are rounded up to eight steps per power of two, so that a freed block fits a later one of about its size. */
function sizeClass(bytes: number): number {
  if (bytes <= 8 * ALIGNMENT) return Math.max(1, Math.ceil(bytes / ALIGNMENT)) * ALIGNMENT;
  let step = ALIGNMENT;
  while (step * 16 < bytes) step *= 2;
  return Math.ceil(bytes / step) * step;
}

function extend(bytes: number): number {
  const pointer = top;
  try {
    if (ensureBytes(pointer + bytes)) {
      float32 = new Float32Array(memory.buffer);
      float64 = new Float64Array(memory.buffer);
      int32 = new Int32Array(memory.buffer);
      uint8 = new Uint8Array(memory.buffer);
      generation++;
    }
  } catch (cause) {
    throw new RunError(
      `out of memory: ${bytes} bytes more than the ${inUse} in use are not to be had (the limit is 4 GiB); use smaller batches, buffers or networks, and put eager loops into step()`,
      { cause },
    );
  }
  top += bytes;
  return pointer;
}

/** Blocks that a plan being recorded refers to, so that it keeps them alive; undefined while none is recorded. */
let referred: Set<Block> | undefined;

/** Runs `fn` and collects every persistent block whose address was taken meanwhile. */
export function collectBlocks<R>(fn: () => R): { result: R; blocks: Set<Block> } {
  const blocks = new Set<Block>();
  referred = blocks;
  try {
    return { result: fn(), blocks };
  } finally {
    referred = undefined;
  }
}

/** Is a plan being recorded? Then nothing is computed, and values must not be read. */
export function isRecording(): boolean {
  return referred !== undefined;
}

/** Notes that the address of a block was taken. */
export function refer(block: Block): void {
  referred?.add(block);
}

/** Bytes held by persistent blocks (arenas included), and bytes the linear memory has. */
export function memoryUse(): { used: number; reserved: number } {
  return { used: inUse, reserved: memory.buffer.byteLength };
}

/** A place for everything that lives until the end of a step. */
export class Arena {
  /** Which life of the arena this is: a tensor of an earlier one is stale. */
  epoch = 0;
  readonly #blocks: Block[] = [];
  #current = 0;
  #offset = 0;

  allocate(bytes: number): number {
    const rounded = Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    for (;;) {
      const block = this.#blocks[this.#current];
      if (block === undefined) {
        const size = Math.max(rounded, Math.min(1 << 26, 1 << (16 + this.#blocks.length)));
        this.#blocks.push(new Block(size));
      } else if (this.#offset + rounded <= block.bytes) {
        const pointer = block.pointer + this.#offset;
        this.#offset += rounded;
        return pointer;
      } else {
        this.#current++;
        this.#offset = 0;
      }
    }
  }

  /** Takes everything back; the blocks stay for the next step. */
  reset(): void {
    this.#current = 0;
    this.#offset = 0;
    this.epoch++;
  }
}
