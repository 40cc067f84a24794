/**
 * The compiled kernels and the one linear memory they work on. Nothing here knows about tensors.
 *
 * Instantiation is synchronous: the module is small (far below the limit that browsers put on synchronous compilation in
 * the main thread) and nothing on the CPU path may be asynchronous.
 */
import { wasmBase64 } from "./wasm.generated.ts";

interface Exports {
  run(start: number, end: number): void;
  setScratch(address: number): void;
  heapBase(): number;
  scratchBytes(): number;
}

const PAGE = 65536;
const MAX_PAGES = 65536;

/** Linear memory: 16 MiB to begin with, at most 4 GiB. (A type of its own: Node's types know no WebAssembly.) */
export const memory: { readonly buffer: ArrayBuffer; grow(pages: number): number } = new WebAssembly.Memory({
  initial: 256,
  maximum: MAX_PAGES,
});

/** A plain loop: `Uint8Array.from` over the string makes a string per byte: 30 ms at start instead of 3. */
function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

const exports = new WebAssembly.Instance(new WebAssembly.Module(decodeBase64(wasmBase64)), { env: { memory } })
  .exports as unknown as Exports;

/** Runs the program of instructions between two addresses (see `Op` for their layout). */
export const run = exports.run;

/** First byte that may be allocated: after the kernels' own constants and their scratch. */
export const firstFreeByte = (() => {
  const scratch = Math.ceil(exports.heapBase() / 4096) * 4096;
  exports.setScratch(scratch);
  return scratch + exports.scratchBytes();
})();

/**
 * Grows the memory so that `end` bytes exist (at least doubling, so that it happens rarely). Old views are detached.
 * @returns whether it had to grow
 * @throws RangeError where the engine has no such memory; nothing has changed then
 */
export function ensureBytes(end: number): boolean {
  const have = memory.buffer.byteLength;
  if (end <= have) return false;
  const pages = Math.ceil(end / PAGE);
  // Not left to grow(): limited to the maximum, it would succeed, and the caller would write beyond the end.
  if (!(pages <= MAX_PAGES)) throw new RangeError(`a memory of ${MAX_PAGES} pages has no byte ${end}`);
  const wanted = Math.min(MAX_PAGES, Math.max(pages, (2 * have) / PAGE));
  try {
    memory.grow(wanted - have / PAGE);
  } catch {
    memory.grow(pages - have / PAGE);
  }
  return true;
}
