/**
 * Who owns which bytes of the linear memory. Two kinds of places:
 *
 * - *persistent* blocks (parameters, optimiser state, buffers, plans) belong to a `Block` and go back to the free lists
 *   when the garbage collector finds it unreachable: nobody writes `dispose`;
 * - an `Arena` hands out bytes by moving a pointer and takes them all back at once, at the end of a step.
 */
import { ConfigError, MemoryError } from "../errors.ts";
import { ensureBytes, firstFreeByte, memory } from "../kernels/index.ts";

const ALIGNMENT = 64;

/**
 * Views over the whole memory; replaced whenever it grows, so read them anew after every allocation. They are properties because
 * loaders that only imitate modules (jiti) hand out the first value of an exported variable forever.
 */
export const views = viewsOf(memory.buffer, 0);

/** `generation` counts the growths: a view made under another one is detached. */
function viewsOf(buffer: ArrayBuffer, generation: number) {
  return {
    generation,
    float32: new Float32Array(buffer),
    float64: new Float64Array(buffer),
    int32: new Int32Array(buffer),
    uint8: new Uint8Array(buffer),
  };
}

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
    views.uint8.fill(0, this.pointer, this.pointer + this.bytes);
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
    if (ensureBytes(pointer + bytes)) Object.assign(views, viewsOf(memory.buffer, views.generation + 1));
  } catch (cause) {
    throw new MemoryError(
      `out of memory: ${bytes} bytes more than the ${inUse} in use are not to be had (the limit is 4 GiB); use smaller batches, buffers or networks, put eager loops into step(), and await something between runs: memory is given back when the event loop turns`,
      { cause },
    );
  }
  top += bytes;
  return pointer;
}

/** What the plan being recorded keeps alive: every block and lasting arena whose address it wrote down. */
let referred: Set<Block | Arena> | undefined;

/** The blocks of that plan's inputs. */
let unwritten: ReadonlySet<Block | Arena> = new Set();

/**
 * Runs `fn` and collects everything whose address was taken meanwhile; recordings do not nest.
 * @param inputs what is written only before the recording is run
 */
export function collectReferences<R>(
  fn: () => R,
  inputs: ReadonlySet<Block | Arena> = new Set(),
): { result: R; references: Set<Block | Arena> } {
  if (referred !== undefined) throw new ConfigError("a plan cannot be recorded inside another plan");
  const references = new Set<Block | Arena>();
  referred = references;
  unwritten = inputs;
  try {
    return { result: fn(), references };
  } finally {
    referred = undefined;
    unwritten = new Set();
  }
}

/** Does the plan being recorded have an input here? Then its values are not there yet. */
export function isUnwritten(place: Block | Arena): boolean {
  return unwritten.has(place);
}

/** Is a plan being recorded? Then nothing is computed, and values must not be read. */
export function isRecording(): boolean {
  return referred !== undefined;
}

/** Notes that the address of a block, or one in an arena, was taken. */
export function refer(place: Block | Arena): void {
  referred?.add(place);
}

/** Bytes held by persistent blocks (arenas included), and bytes the linear memory has. */
export function memoryUse(): { used: number; reserved: number } {
  return { used: inUse, reserved: memory.buffer.byteLength };
}

/** A place for everything that lives until the end of a step, or as long as a plan. */
export class Arena {
  /** Which life of the arena this is: a tensor of an earlier one is stale. */
  epoch = 0;
  /** Never reset, so that a plan may rely on its addresses. */
  readonly lasting: boolean;
  readonly #blocks: Block[] = [];
  #current = 0;
  #offset = 0;

  constructor(lasting: boolean) {
    this.lasting = lasting;
  }

  allocate(bytes: number): number {
    const rounded = Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    for (;;) {
      const block = this.#blocks[this.#current];
      if (block === undefined) {
        const size = Math.max(rounded, 1 << Math.min(26, 16 + this.#blocks.length));
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
