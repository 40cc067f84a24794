/**
 * Scalar metrics as a TensorBoard event file: TFRecord framing around `Event` protocol buffers, written by hand because the
 * four messages needed have six fields between them.
 *
 * Format: TensorFlow's `core/lib/io/record_writer.cc` (framing), `core/util/event.proto` and `core/framework/summary.proto`
 * (the field numbers below).
 */

import { closeSync, openSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { maskedCrc32c } from "./crc32c.ts";
import { systemCode, systemFailure } from "./system-failure.ts";

/** Wire types of the protocol buffer encoding. */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

export interface TensorBoardOptions {
  /**
   * The checkpoint's step from which a resumed run goes on: TensorBoard then drops what earlier files in the same directory
   * say about later steps.
   */
  readonly resumedAt?: number;
  /** Seconds since 1970; a test gives its own clock. */
  readonly now?: () => number;
}

/** Appends metrics to one event file in a directory; `tensorboard --logdir` on it or on any parent shows them. */
export class TensorBoardWriter {
  /** The event file. */
  readonly path: string;
  private readonly file: number;
  private readonly now: () => number;

  /** @throws RunError if the file cannot be created. */
  constructor(directory: string, options: TensorBoardOptions = {}) {
    this.now = options.now ?? (() => Date.now() / 1000);
    // TensorBoard knows its files by "tfevents" and reads those of a directory in the order of their names.
    const seconds = String(Math.floor(this.now())).padStart(10, "0");
    const name = join(directory, `events.out.tfevents.${seconds}.${hostname()}.${process.pid}`);
    [this.path, this.file] = createNext(name);
    this.append(0, bytesField(3, utf8("brain.Event:2")));
    if (options.resumedAt !== undefined) {
      // Event.session_log = 7 holding SessionLog.status = 1 with the value START = 1 drops this step and all after it.
      this.append(options.resumedAt + 1, bytesField(7, varintField(1, 1)));
    }
  }

  /**
   * Writes one scalar per metric at `step`; NaN and infinities are written as such, and TensorBoard marks them.
   * @throws RunError if the disk refuses.
   */
  write(step: number, metrics: Readonly<Record<string, number>>): void {
    // Summary.value = 1, and in it tag = 1 and simple_value = 2.
    const values = Object.entries(metrics).map(([tag, value]) =>
      bytesField(1, [...bytesField(1, utf8(tag)), ...floatField(2, value)]),
    );
    if (values.length > 0) this.append(step, bytesField(5, values.flat()));
  }

  /** Closes the file; it is complete after every write anyway. */
  close(): void {
    closeSync(this.file);
  }

  /** One record with Event.wall_time = 1, Event.step = 2 and one more field. */
  private append(step: number, field: number[]): void {
    const event = [...doubleField(1, this.now()), ...varintField(2, step), ...field];
    try {
      writeSync(this.file, tfRecord(Uint8Array.from(event)));
    } catch (error) {
      throw systemFailure(this.path, "written", error);
    }
  }
}

/** Length (u64) and its checksum, then the data and its checksum, all little-endian. */
function tfRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(12 + data.length + 4);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return record;
}

/** A natural number in base 128, lowest digits first; divisions, since steps may exceed 32 bits. */
function varint(value: number): number[] {
  const digits: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) digits.push((value % 128) + 128);
  digits.push(value);
  return digits;
}

function varintField(field: number, value: number): number[] {
  return [...varint(field * 8 + VARINT), ...varint(value)];
}

function bytesField(field: number, bytes: readonly number[]): number[] {
  return [...varint(field * 8 + BYTES), ...varint(bytes.length), ...bytes];
}

function doubleField(field: number, value: number): number[] {
  return [...varint(field * 8 + FIXED64), ...new Uint8Array(new Float64Array([value]).buffer)];
}

function floatField(field: number, value: number): number[] {
  return [...varint(field * 8 + FIXED32), ...new Uint8Array(new Float32Array([value]).buffer)];
}

function utf8(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}

/** Creates `name.0`, or `name.1` where that exists, and so on: several files may be begun within a second, and by several threads. */
function createNext(name: string): [path: string, file: number] {
  for (let n = 0; ; n++) {
    const path = `${name}.${n}`;
    try {
      return [path, openSync(path, "wx")];
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw systemFailure(path, "created", error);
    }
  }
}
