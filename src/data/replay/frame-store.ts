import { EnvironmentError, FormatError } from "../../errors.ts";
import type { SafetensorsTensor } from "../../nn/index.ts";
import { cast, persistent, type Tensor } from "../../tensor/index.ts";
import type { ObservationForm, ObservationStore } from "./observation-store.ts";
import type { ReplayInputs, StepOutcome } from "./transitions.ts";

type Frames = Uint8Array | Float32Array;

/**
 * Keeps stacks of k frames as single frames: a row takes one, its newest, and finds the others in the rows before it, no farther
 * back than its episode began, where the first frame stands in for what would be before. The final observation of an episode,
 * which no row begins with, costs one frame more.
 *
 * Frames lie in a ring that is k steps longer than that of the rows, so that the oldest row still has its whole stack, and the
 * newest row the frame after it. Stacks are put together outside of the plan, into tensors that belong to its inputs.
 */
export class FrameStore implements ObservationStore {
  readonly #steps: number;
  readonly #envs: number;
  /** k */
  readonly #depth: number;
  /** Entries of one frame. */
  readonly #width: number;
  readonly #type: "float32" | "uint8";
  /** `[(T + k)·N, width]`: the newest frame of s, step after step. */
  readonly #frames: Frames;
  /** `[(T + k)·N]` how many frames before it belong to its episode; k − 1 says that or more. */
  readonly #ages: Uint8Array;
  /** The newest frame of s′ by row, where an episode ended. */
  readonly #finals = new Map<number, Frames>();
  readonly #stacks = new WeakMap<Tensor, { observations: Tensor; nextObservations: Tensor }>();
  #added = 0;
  /** Whether the next observation begins episodes in all environments. */
  #isFresh = true;

  /** @throws EnvironmentError where observations do not consist of so many frames */
  constructor(steps: number, envs: number, form: ObservationForm) {
    const { observationSize, observationType = "float32", stackedFrames = 1 } = form;
    if (!(Number.isInteger(observationSize / stackedFrames) && stackedFrames > 0 && stackedFrames <= 256)) {
      const allowed = `from 1 to 256, and a divisor of the ${observationSize} entries of an observation`;
      throw new EnvironmentError({ field: "stackedFrames", value: stackedFrames, allowed });
    }
    this.#steps = steps;
    this.#envs = envs;
    this.#depth = stackedFrames;
    this.#width = observationSize / stackedFrames;
    this.#type = observationType;
    const slots = (steps + stackedFrames) * envs;
    this.#frames = this.#allocate(slots);
    this.#ages = new Uint8Array(slots);
  }

  get bytes(): number {
    const finals = this.#finals.size * this.#width * this.#frames.BYTES_PER_ELEMENT;
    return this.#frames.byteLength + this.#ages.byteLength + finals;
  }

  observe(step: number, observations: Float32Array): void {
    if (!this.#isFresh) return; // kept already, as what came of the step before
    this.#isFresh = false;
    for (let n = 0; n < this.#envs; n++) this.#write(step, n, observations, 0);
  }

  record(step: number, { observations, finalObservations, terminated, truncated }: StepOutcome): void {
    for (let n = 0; n < this.#envs; n++) {
      const row = this.#row(step, n);
      const ended = terminated[n] || truncated[n];
      if (ended) this.#finals.set(row, this.#newest(finalObservations, n).slice());
      else this.#finals.delete(row);
      const age = ended ? 0 : Math.min(this.#depth - 1, this.#ages[this.#slot(step, n)]! + 1);
      this.#write(step + 1, n, observations, age);
    }
    this.#added = step + 1;
  }

  cut(step: number): void {
    for (let n = 0; n < this.#envs; n++) {
      const row = this.#row(step, n);
      if (!this.#finals.has(row)) this.#finals.set(row, this.#frame(step + 1, n).slice());
    }
    this.#isFresh = true;
  }

  prepare({ rows, lastRows }: ReplayInputs): void {
    const stacks = this.#stacks.get(rows);
    if (!stacks) return;
    const { depth, width } = { depth: this.#depth, width: this.#width };
    const [now, next] = [stacks.observations.data as Frames, stacks.nextObservations.data as Frames];
    for (let i = 0; i < rows.size; i++) {
      this.#stack(rows.data[i]!, now, i * depth * width);
      this.#nextStack(lastRows.data[i]!, next, i * depth * width);
    }
  }

  gather({ rows }: ReplayInputs) {
    const shape = [rows.size, this.#depth * this.#width];
    const stacks = {
      observations: persistent(shape, this.#type),
      nextObservations: persistent(shape, this.#type),
    };
    this.#stacks.set(rows, stacks);
    return {
      observations: cast(stacks.observations, "float32"),
      nextObservations: cast(stacks.nextObservations, "float32"),
    };
  }

  read(which: "observations" | "nextObservations", row: number, out: Float32Array): void {
    if (which === "observations") this.#stack(row, out, 0);
    else this.#nextStack(row, out, 0);
  }

  save(steps: number): Record<string, SafetensorsTensor> {
    const slots = this.#filledSlots(steps);
    const finals = this.#allocate(this.#finals.size);
    for (const [i, frame] of [...this.#finals.values()].entries()) finals.set(frame, i * this.#width);
    const dtype = this.#type === "uint8" ? "U8" : "F32";
    const finalRows = Int32Array.from(this.#finals.keys());
    return {
      frames: { dtype, shape: [slots, this.#width], data: this.#frames.slice(0, slots * this.#width) },
      ages: { dtype: "U8", shape: [slots], data: this.#ages.slice(0, slots) },
      finalRows: { dtype: "I32", shape: [finalRows.length], data: finalRows },
      finalFrames: { dtype, shape: [finalRows.length, this.#width], data: finals },
    };
  }

  load(steps: number, { frames, ages, finalRows, finalFrames }: Readonly<Record<string, SafetensorsTensor>>): void {
    const slots = this.#filledSlots(steps);
    const rows = Math.min(steps, this.#steps) * this.#envs;
    const finals = finalRows?.data as Int32Array | undefined;
    const isWhole = frames?.data.length === slots * this.#width && ages?.data.length === slots;
    if (!isWhole || finalFrames?.data.length !== (finals?.length ?? 0) * this.#width) {
      throw new FormatError(
        `replay/frames, ages and finalFrames are not ${slots} frames of ${this.#width} and their ends`,
      );
    }
    // A frame farther back than there are any would be read from elsewhere.
    const newest = steps - 1;
    const isAge = (age: number, slot: number) => age < this.#depth && age <= newest - this.#stepsBack(slot, newest) + 1;
    if (!(ages.data as Uint8Array).every(isAge) || !finals?.every((row) => row >= 0 && row < rows)) {
      throw new FormatError("replay/ages or finalRows point to frames that are not there");
    }
    this.#frames.set(frames.data as Frames);
    this.#ages.set(ages.data as Uint8Array);
    this.#finals.clear();
    finals.forEach((row, i) => {
      this.#finals.set(row, (finalFrames.data as Frames).slice(i * this.#width, (i + 1) * this.#width));
    });
    this.#added = steps;
    this.#isFresh = steps === 0;
  }

  #filledSlots(steps: number): number {
    return (steps === 0 ? 0 : Math.min(steps + 1, this.#steps + this.#depth)) * this.#envs;
  }

  /** How many steps before the one after `newest` a slot was written. */
  #stepsBack(slot: number, newest: number): number {
    const ring = this.#steps + this.#depth;
    return (newest + 1 + ring - Math.floor(slot / this.#envs)) % ring;
  }

  #allocate(count: number): Frames {
    return this.#type === "uint8" ? new Uint8Array(count * this.#width) : new Float32Array(count * this.#width);
  }

  #row(step: number, n: number): number {
    return (step % this.#steps) * this.#envs + n;
  }

  #slot(step: number, n: number): number {
    return (step % (this.#steps + this.#depth)) * this.#envs + n;
  }

  #frame(step: number, n: number): Frames {
    const slot = this.#slot(step, n);
    return this.#frames.subarray(slot * this.#width, (slot + 1) * this.#width);
  }

  /** The newest frame in observation n of `[N, F]`, in the form that frames are kept. */
  #newest(observations: Float32Array, n: number): Frames {
    const end = (n + 1) * this.#depth * this.#width;
    const frame = observations.subarray(end - this.#width, end);
    return this.#type === "uint8" ? Uint8Array.from(frame) : frame;
  }

  #write(step: number, n: number, observations: Float32Array, age: number): void {
    const slot = this.#slot(step, n);
    const end = (n + 1) * this.#depth * this.#width;
    this.#frames.set(observations.subarray(end - this.#width, end), slot * this.#width);
    this.#ages[slot] = age;
  }

  /** Which step a row holds: the last one of its place in the ring. */
  #stepOf(row: number): number {
    const newest = this.#added - 1;
    const place = Math.floor(row / this.#envs);
    return newest - ((((newest - place) % this.#steps) + this.#steps) % this.#steps);
  }

  #stack(row: number, out: Frames, at: number): void {
    const [step, n] = [this.#stepOf(row), row % this.#envs];
    const age = this.#ages[this.#slot(step, n)]!;
    for (let back = 0; back < this.#depth; back++) {
      out.set(this.#frame(step - Math.min(back, age), n), at + (this.#depth - 1 - back) * this.#width);
    }
  }

  #nextStack(row: number, out: Frames, at: number): void {
    const [step, n] = [this.#stepOf(row), row % this.#envs];
    const age = this.#ages[this.#slot(step, n)]!;
    out.set(this.#finals.get(row) ?? this.#frame(step + 1, n), at + (this.#depth - 1) * this.#width);
    for (let back = 1; back < this.#depth; back++) {
      out.set(this.#frame(step - Math.min(back - 1, age), n), at + (this.#depth - 1 - back) * this.#width);
    }
  }
}
