/** What `limpid train --inspect` sees, kept until the run's directory takes it. */

import { type InspectionRecord, Microscope } from "../inspection/index.ts";
import { count } from "./format.ts";
import { readInteger } from "./options.ts";

/** How often a run is looked at where nobody says. */
const LOOKS = 50;

export interface InspectionOptions {
  readonly inspect?: boolean;
  /** Environment steps from one look to the next. */
  readonly inspectEvery?: string;
}

export class InspectionLog {
  readonly microscope: Microscope;
  readonly every: number;
  #records: InspectionRecord[] = [];

  private constructor(every: number) {
    this.every = every;
    this.microscope = new Microscope({ every, record: (record) => this.#records.push(record) });
  }

  /** One for a run of so many steps, where the options ask for it. @throws ConfigError unless they hold a positive integer */
  static for(steps: number, { inspect, inspectEvery }: InspectionOptions): InspectionLog | undefined {
    if (inspectEvery !== undefined) return new InspectionLog(readInteger("inspectEvery", inspectEvery, 1));
    return inspect ? new InspectionLog(Math.max(1, Math.floor(steps / LOOKS))) : undefined;
  }

  /** The records since the last call, with six digits of each number: that is what a line has room for. */
  take(): InspectionRecord[] {
    const taken = this.#records;
    this.#records = [];
    return taken.map((record) => JSON.parse(JSON.stringify(record, (_, value) => rounded(value))));
  }

  /** A line for the user. */
  describe(): string {
    return `Looking at an iteration every ${count(this.every)} steps; the result is the same with it and without.`;
  }
}

function rounded(value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
}
