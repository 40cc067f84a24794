/** A bench for single kernels: its own instance and memory, buffers with guard bytes around them, one instruction per call. */
import type { Op } from "../../src/kernels/opcodes.ts";
import { wasmBase64 } from "../../src/kernels/wasm.generated.ts";

export type Dtype = "f32" | "f64";
export const dtypes: Dtype[] = ["f32", "f64"];

const GUARD = 0xa5;
const module = new WebAssembly.Module(Uint8Array.from(atob(wasmBase64), (c) => c.charCodeAt(0)));

export interface Buffer {
  at: number;
  length: number;
  type: Dtype | "i32" | "u8";
}

const width = { f32: 4, f64: 8, i32: 4, u8: 1 };

export class KernelBench {
  readonly memory = new WebAssembly.Memory({ initial: 512, maximum: 65536 });
  private readonly run: (start: number, end: number) => void;
  private readonly base: number;
  private readonly program: number;
  private next: number;
  private buffers: Buffer[] = [];

  constructor() {
    const instance = new WebAssembly.Instance(module, { env: { memory: this.memory } });
    const exports = instance.exports as Record<string, (...a: number[]) => number>;
    this.run = exports.run as (start: number, end: number) => void;
    const scratch = Math.ceil(exports.heapBase() / 4096) * 4096;
    exports.setScratch(scratch);
    this.program = scratch + exports.scratchBytes();
    this.base = this.program + 4096;
    this.next = this.base;
  }

  /** Forgets all buffers. */
  clear(): void {
    this.next = this.base;
    this.buffers = [];
  }

  /** A buffer whose address is a multiple of the element size and of nothing else. */
  buffer(type: Buffer["type"], values: ArrayLike<number> | number): Buffer {
    const length = typeof values === "number" ? values : values.length;
    const bytes = length * width[type];
    const at = this.next + 32 - (this.next % 16) + (this.buffers.length % 2) * Math.max(4, width[type]);
    if (at + bytes + 65536 > this.memory.buffer.byteLength) this.memory.grow(Math.ceil(bytes / 65536) + 16);
    new Uint8Array(this.memory.buffer).fill(GUARD, this.next, at + bytes + 32);
    this.next = at + bytes + 32;
    const buffer = { at, length, type };
    this.buffers.push(buffer);
    if (typeof values !== "number") this.write(buffer, values);
    return buffer;
  }

  write(buffer: Buffer, values: ArrayLike<number>): void {
    const view = new DataView(this.memory.buffer, buffer.at);
    for (let i = 0; i < values.length; i++) {
      if (buffer.type === "f32") view.setFloat32(i * 4, values[i], true);
      else if (buffer.type === "f64") view.setFloat64(i * 8, values[i], true);
      else if (buffer.type === "i32") view.setInt32(i * 4, values[i], true);
      else view.setUint8(i, values[i]);
    }
  }

  read(buffer: Buffer): number[] {
    const view = new DataView(this.memory.buffer, buffer.at);
    const out = new Array<number>(buffer.length);
    for (let i = 0; i < buffer.length; i++) {
      if (buffer.type === "f32") out[i] = view.getFloat32(i * 4, true);
      else if (buffer.type === "f64") out[i] = view.getFloat64(i * 8, true);
      else if (buffer.type === "i32") out[i] = view.getInt32(i * 4, true);
      else out[i] = view.getUint8(i);
    }
    return out;
  }

  /** Runs one instruction, then checks that nothing outside the buffers was written. */
  call(op: Op, dtype: Dtype, ...args: (Buffer | number)[]): void {
    const row = new Float64Array(this.memory.buffer, this.program, args.length + 2);
    row[0] = op * 2 + (dtype === "f64" ? 1 : 0);
    row[1] = row.length * 8;
    for (let i = 0; i < args.length; i++) {
      const a = args[i];
      row[i + 2] = typeof a === "number" ? a : a.at;
    }
    this.run(this.program, this.program + row.length * 8);
    this.checkGuards();
  }

  /** Runs the row of the last call n times more; for timing. */
  repeat(n: number): void {
    const end = this.program + new Float64Array(this.memory.buffer, this.program, 2)[1];
    for (let i = 0; i < n; i++) this.run(this.program, end);
  }

  private checkGuards(): void {
    const bytes = new Uint8Array(this.memory.buffer);
    let from = this.base;
    for (const b of this.buffers) {
      for (let i = from; i < b.at; i++) if (bytes[i] !== GUARD) throw new Error(`byte ${i - b.at} before a buffer`);
      from = b.at + b.length * width[b.type];
    }
    for (let i = from; i < this.next; i++)
      if (bytes[i] !== GUARD) throw new Error(`byte ${i - from} after the last buffer`);
  }
}

/** Rounds to the type, as a store would. */
export function round(dtype: Dtype, x: number): number {
  return dtype === "f32" ? Math.fround(x) : x;
}

const bits = new DataView(new ArrayBuffer(8));
/** Distance between neighbouring numbers of the type at x. */
export function unit(dtype: Dtype, x: number): number {
  const a = Math.abs(x);
  if (dtype === "f32") return 2 ** Math.max(-149, exponent(Math.max(a, 2 ** -149)) - 23);
  return 2 ** Math.max(-1074, exponent(a) - 52);
}
function exponent(a: number): number {
  bits.setFloat64(0, a);
  const e = (bits.getUint32(0) >>> 20) & 0x7ff;
  return e === 0 ? -1022 : e - 1023;
}

/** A small generator for test inputs (mulberry32): uniform in [0, 1). */
export function generator(seed: number): () => number {
  let s = seed | 0;
  return () => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** n numbers, roughly normal. */
export function normals(next: () => number, n: number, dtype: Dtype): number[] {
  return Array.from({ length: n }, () => round(dtype, (next() + next() + next() + next() - 2) * 1.7));
}
