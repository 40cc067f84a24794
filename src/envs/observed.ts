import { FormatError } from "../errors.ts";
import type { Dynamics, DynamicsWithGoals, DynamicsWithIndices, DynamicsWithNumbers } from "./dynamics.ts";
import type { BatchEnv, Json } from "./env.ts";
import { OneHotRows } from "./one-hot-rows.ts";
import { packArray, unpackArray } from "./packing.ts";

type Arrays = "observations" | "finalObservations" | "observationIndices" | "finalObservationIndices";

/** What N environments observe, now and at the ends of their episodes: the part of a batch that differs between kinds of spaces. */
export interface Observed extends Pick<BatchEnv, Arrays> {
  /** Writes what environments `from` … `to − 1` observe. */
  write(states: Float64Array, from: number, to: number): void;
  /** Keeps what environment n observes as its final observation. */
  keep(n: number): void;
  save(): { [key: string]: Json };
  /** @throws FormatError where `record` is not what `save` gave */
  restore(field: string, record: { [key: string]: Json }, states: Float64Array): void;
}

export function observed(dynamics: Dynamics<unknown>, count: number): Observed {
  return "observeIndices" in dynamics ? new ObservedIndices(dynamics, count) : new ObservedNumbers(dynamics, count);
}

type Numbers = DynamicsWithNumbers<unknown> | DynamicsWithGoals<unknown>;

class ObservedNumbers implements Observed {
  readonly observations: Float32Array;
  readonly finalObservations: Float32Array;
  readonly #dynamics: Numbers;
  readonly #width: number;

  constructor(dynamics: Numbers, count: number) {
    this.#dynamics = dynamics;
    this.#width = dynamics.observationSpace.flatSize;
    this.observations = new Float32Array(count * this.#width);
    this.finalObservations = new Float32Array(count * this.#width);
  }

  write(states: Float64Array, from: number, to: number): void {
    this.#dynamics.observe(states, this.observations, from, to);
  }

  keep(n: number): void {
    const end = (n + 1) * this.#width;
    for (let i = n * this.#width; i < end; i++) this.finalObservations[i] = this.observations[i];
  }

  save() {
    return { observations: packArray(this.observations), finalObservations: packArray(this.finalObservations) };
  }

  restore(field: string, record: { [key: string]: Json }): void {
    unpackArray(`${field}.observations`, record.observations, this.observations);
    unpackArray(`${field}.finalObservations`, record.finalObservations, this.finalObservations);
  }
}

class ObservedIndices implements Observed {
  readonly observationIndices: Int32Array;
  readonly finalObservationIndices: Int32Array;
  readonly #dynamics: DynamicsWithIndices<unknown>;
  readonly #now: OneHotRows;
  readonly #final: OneHotRows;

  constructor(dynamics: DynamicsWithIndices<unknown>, count: number) {
    this.#dynamics = dynamics;
    this.#now = new OneHotRows(count, dynamics.observationSpace.n);
    this.#final = new OneHotRows(count, dynamics.observationSpace.n);
    this.observationIndices = this.#now.indices;
    this.finalObservationIndices = this.#final.indices;
  }

  get observations(): Float32Array {
    return this.#now.rows;
  }

  get finalObservations(): Float32Array {
    return this.#final.rows;
  }

  write(states: Float64Array, from: number, to: number): void {
    this.#dynamics.observeIndices(states, this.observationIndices, from, to);
    this.#now.follow(from, to);
  }

  keep(n: number): void {
    this.finalObservationIndices[n] = this.observationIndices[n];
    this.#final.follow(n, n + 1);
  }

  /** What is observed now follows from the states. */
  save() {
    return { finalObservationIndices: packArray(this.finalObservationIndices) };
  }

  restore(field: string, record: { [key: string]: Json }, states: Float64Array): void {
    const count = this.finalObservationIndices.length;
    const [now, final] = [new Int32Array(count), new Int32Array(count)];
    unpackArray(`${field}.finalObservationIndices`, record.finalObservationIndices, final);
    this.#dynamics.observeIndices(states, now, 0, count);
    const largest = this.#dynamics.observationSpace.n - 1;
    for (const [part, indices, what] of [
      ["states", now, "states"],
      ["finalObservationIndices", final, "indices"],
    ] as const) {
      if (indices.every((index) => index >= 0 && index <= largest)) continue;
      throw new FormatError({ field: `${field}.${part}`, value: indices, allowed: `${what} from 0 to ${largest}` });
    }
    this.finalObservationIndices.set(final);
    this.#final.follow(0, count);
    this.write(states, 0, count);
  }
}
