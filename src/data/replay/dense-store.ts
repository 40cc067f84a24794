import { FormatError } from "../../errors.ts";
import type { SafetensorsTensor } from "../../nn/index.ts";
import { cast, gatherRows, persistent, type Tensor } from "../../tensor/index.ts";
import type { ObservationForm, ObservationStore } from "./observation-store.ts";
import type { ReplayInputs, StepOutcome } from "./transitions.ts";

/** Keeps s and s′ of every row as they are, in the engine's memory: float32, or bytes where they are bytes. */
export class DenseStore implements ObservationStore {
  /** `[T·N, F]`, float32 or uint8. */
  readonly observations: Tensor;
  readonly nextObservations: Tensor;
  readonly #steps: number;
  readonly #envs: number;
  readonly #width: number;

  constructor(steps: number, envs: number, { observationSize, observationType = "float32" }: ObservationForm) {
    this.#steps = steps;
    this.#envs = envs;
    this.#width = observationSize;
    this.observations = persistent([steps * envs, observationSize], observationType);
    this.nextObservations = persistent([steps * envs, observationSize], observationType);
  }

  get bytes(): number {
    return this.observations.data.byteLength + this.nextObservations.data.byteLength;
  }

  observe(step: number, observations: Float32Array): void {
    this.observations.data.set(observations, this.#row(step) * this.#width);
  }

  record(step: number, { observations, finalObservations, terminated, truncated }: StepOutcome): void {
    const first = this.#row(step);
    const width = this.#width;
    const { data } = this.nextObservations;
    data.set(observations, first * width);
    for (let n = 0; n < this.#envs; n++) {
      if (!terminated[n] && !truncated[n]) continue;
      data.set(finalObservations.subarray(n * width, (n + 1) * width), (first + n) * width);
    }
  }

  cut(): void {}

  prepare(): void {}

  gather({ rows, lastRows }: ReplayInputs) {
    return {
      observations: cast(gatherRows(this.observations, rows), "float32"),
      nextObservations: cast(gatherRows(this.nextObservations, lastRows), "float32"),
    };
  }

  read(which: "observations" | "nextObservations", row: number, out: Float32Array): void {
    out.set(this[which].data.subarray(row * this.#width, (row + 1) * this.#width));
  }

  save(steps: number): Record<string, SafetensorsTensor> {
    const rows = Math.min(steps, this.#steps) * this.#envs;
    const array = ({ data, dtype }: Tensor): SafetensorsTensor => ({
      dtype: dtype === "uint8" ? "U8" : "F32",
      shape: [rows, this.#width],
      data: (data as Float32Array).slice(0, rows * this.#width),
    });
    return { observations: array(this.observations), nextObservations: array(this.nextObservations) };
  }

  load(steps: number, arrays: Readonly<Record<string, SafetensorsTensor>>): void {
    const rows = Math.min(steps, this.#steps) * this.#envs;
    for (const which of ["observations", "nextObservations"] as const) {
      const saved = arrays[which]?.data;
      if (saved?.length !== rows * this.#width) {
        throw new FormatError(`replay/${which} has not ${rows} rows of ${this.#width}`);
      }
      this[which].data.set(saved as Float32Array);
    }
  }

  #row(step: number): number {
    return (step % this.#steps) * this.#envs;
  }
}
