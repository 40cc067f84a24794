import { makeSchedule, type Schedule, type ScheduleSpec } from "../nn/index.ts";
import { persistent } from "../tensor/index.ts";

/** A hyperparameter that follows a schedule, kept in the engine's memory: recorded plans read its present value. */
export class ScheduledValue {
  /** `[1]` */
  readonly tensor = persistent([1], "float32");
  readonly #schedule: Schedule;

  constructor(spec: ScheduleSpec) {
    this.#schedule = makeSchedule(spec);
  }

  /** Moves to where `progressRemaining` (1 at the start of the run, 0 at its end) says, and returns the value there. */
  moveTo(progressRemaining: number): number {
    const value = this.#schedule(progressRemaining);
    this.tensor.set([value]);
    return value;
  }
}
