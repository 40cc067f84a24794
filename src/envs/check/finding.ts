/** What the checker has to say about one thing. */
export interface Finding {
  /** error: training would fail or learn from wrong data; warning: it may not learn well; info: worth knowing. */
  readonly severity: "error" | "warning" | "info";
  /** The part of the contract: `observationSpace`, `step`, `reward`, `state`, … */
  readonly field: string;
  /** What was found, in one sentence. */
  readonly message: string;
  /** What to do about it, in one sentence. */
  readonly fix: string;
  /** What the environment threw, where it did. */
  readonly cause?: unknown;
}

/** So many findings that differ in nothing but the value and the entry are kept. */
const ALIKE = 4;

/** Collects findings; what comes up in every step with another value is told once for each entry, and for a few entries. */
export class Findings {
  readonly list: Finding[] = [];

  add(severity: Finding["severity"], field: string, message: string, fix: string, cause?: unknown): void {
    const same = this.list.some(
      (known) => known.field === field && withoutValue(known.message) === withoutValue(message),
    );
    const alike = this.list.filter((known) => withoutEntry(known.message) === withoutEntry(message)).length;
    if (!same && alike < ALIKE)
      this.list.push({ severity, field, message, fix, ...(cause !== undefined && { cause }) });
  }
}

function withoutValue(message: string): string {
  return message.replace(/; got .*$/s, "");
}

function withoutEntry(message: string): string {
  return withoutValue(message).replace(/\[\d+\]/g, "[]");
}
