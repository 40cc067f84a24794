/** `metrics.jsonl`: one JSON object per line and iteration, appended while the run goes on. */

import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { FormatError } from "../errors.ts";
import { atomicWrite } from "./atomic-write.ts";
import { systemCode, systemFailure } from "./system-failure.ts";

/** One line: the environment steps so far, and whatever was measured. JSON has no NaN or infinity; they become null. */
export type MetricsRow = { readonly step: number; readonly [name: string]: unknown };

/** A file of rows in the order of their steps. Reading never needs the lock: lines are only ever appended. */
export class MetricsLog {
  readonly path: string;
  private file: number | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Appends one row.
   * @throws RunError if the disk refuses; the file then ends with the row before.
   */
  append(row: MetricsRow): void {
    const line = Buffer.from(`${JSON.stringify(row)}\n`);
    try {
      this.file ??= openSync(this.path, "a");
      const size = fstatSync(this.file).size;
      try {
        let written = 0;
        while (written < line.length) written += writeSync(this.file, line, written);
      } catch (error) {
        // Half a line would run into the next one.
        ftruncateSync(this.file, size);
        throw error;
      }
    } catch (error) {
      throw systemFailure(this.path, "written", error);
    }
  }

  /** Makes what was appended survive a power cut: called before a checkpoint that counts on it. */
  flush(): void {
    try {
      if (this.file !== undefined) fsyncSync(this.file);
    } catch (error) {
      throw systemFailure(this.path, "made durable", error);
    }
  }

  /**
   * All rows. A last line that a crash has torn is left out; a file that does not exist yet has no rows.
   * @throws FormatError if any other line is not an object with a `step`.
   */
  rows(): MetricsRow[] {
    return this.read().entries.map(({ row }) => row);
  }

  /** Drops the rows after `step` and a torn last line, so that a run resumed there writes each row once. */
  truncate(step: number): void {
    this.close();
    const { entries, torn } = this.read();
    const kept = entries.filter(({ row }) => row.step <= step);
    if (torn || kept.length < entries.length) atomicWrite(this.path, kept.map(({ line }) => `${line}\n`).join(""));
  }

  /** Closes the file; a later `append` opens it again. */
  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  private read(): { entries: { line: string; row: MetricsRow }[]; torn: boolean } {
    const lines = this.text().split("\n");
    // What follows the last line break is torn, and not trusted even where it parses.
    let torn = lines.pop() !== "";
    const entries: { line: string; row: MetricsRow }[] = [];
    lines.forEach((line, index) => {
      const row = parseRow(line);
      if (row) entries.push({ line, row });
      else if (index === lines.length - 1) torn = true;
      else {
        const allowed = 'a JSON object with a number "step"';
        const fix = "Take that line away to go on; nothing is learned from this file.";
        throw new FormatError({ field: `${this.path} line ${index + 1}`, value: line, allowed, fix });
      }
    });
    return { entries, torn };
  }

  private text(): string {
    try {
      return readFileSync(this.path, "utf8");
    } catch (error) {
      if (systemCode(error) === "ENOENT") return "";
      throw systemFailure(this.path, "read", error);
    }
  }
}

function parseRow(line: string): MetricsRow | undefined {
  try {
    const row: unknown = JSON.parse(line);
    return typeof row === "object" && row !== null && "step" in row && typeof row.step === "number"
      ? (row as MetricsRow)
      : undefined;
  } catch {
    return undefined;
  }
}
