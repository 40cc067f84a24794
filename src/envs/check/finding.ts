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
}

/** Collects findings; each message once per field, however often it comes up. */
export class Findings {
  readonly list: Finding[] = [];

  add(severity: Finding["severity"], field: string, message: string, fix: string): void {
    const known = this.list.some((finding) => finding.field === field && finding.message === message);
    if (!known) this.list.push({ severity, field, message, fix });
  }
}
