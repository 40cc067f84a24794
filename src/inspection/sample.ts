import type { SampleRecord, TermMeans } from "./records.ts";
import type { ErrorName } from "./value-errors.ts";

/** One sample of one step, as the microscope keeps it until the end of an iteration. */
export interface Sample extends Omit<SampleRecord, "record" | "step"> {
  /** Of its critic's term under each measure of errors, in the one step of an iteration where these are measured. */
  readonly errors?: Readonly<Record<ErrorName, TermMeans>>;
}
