import * as fs from "node:fs";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FormatError, RunError } from "../errors.ts";
import { MetricsLog } from "./metrics-log.ts";

vi.mock("node:fs", { spy: true });

describe("MetricsLog", () => {
  let folder: string;
  let log: MetricsLog;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "limpid-metrics-"));
    log = new MetricsLog(join(folder, "metrics.jsonl"));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    log.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("appends one line per row and reads them back", () => {
    expect(log.rows()).toEqual([]);
    log.append({ step: 1, "episode/return": 20 });
    log.append({ step: 2, "episode/return": Number.NaN });
    expect(readFileSync(log.path, "utf8")).toBe('{"step":1,"episode/return":20}\n{"step":2,"episode/return":null}\n');
    expect(log.rows()).toEqual([
      { step: 1, "episode/return": 20 },
      { step: 2, "episode/return": null },
    ]);
  });

  it.each(['{"step":3,"a', '{"step":3}', "\0\0\0", '{"step":3,"a":1\n'])("leaves out a torn last line: %j", (torn) => {
    log.append({ step: 1 });
    log.append({ step: 2 });
    appendFileSync(log.path, torn);
    expect(log.rows()).toEqual([{ step: 1 }, { step: 2 }]);
    log.truncate(Number.POSITIVE_INFINITY);
    log.append({ step: 3, again: true });
    expect(log.rows()).toEqual([{ step: 1 }, { step: 2 }, { step: 3, again: true }]);
  });

  it("refuses a damaged line in the middle and says which", () => {
    writeFileSync(log.path, '{"step":1}\n{"step":"2"}\n{"step":3}\n');
    expect(() => log.rows()).toThrow(FormatError);
    expect(() => log.rows()).toThrow(/metrics\.jsonl line 2 must be a JSON object with a number "step"/);
  });

  it("drops what comes after a step, and goes on from there", () => {
    for (const step of [10, 20, 30, 40]) log.append({ step });
    log.truncate(20);
    log.append({ step: 30, again: true });
    expect(log.rows()).toEqual([{ step: 10 }, { step: 20 }, { step: 30, again: true }]);
  });

  it("leaves whole lines behind when the disk is full, and goes on when there is room again", () => {
    log.append({ step: 1 });
    vi.mocked(fs.writeSync)
      .mockImplementationOnce((file) => {
        appendFileSync(file, '{"st');
        return 4;
      })
      .mockImplementationOnce(() => {
        throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
      });
    let caught: unknown;
    try {
      log.append({ step: 2 });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(RunError);
    expect((caught as RunError).message).toMatch(/metrics\.jsonl could not be written: no space is left on the device/);
    expect(readFileSync(log.path, "utf8")).toBe('{"step":1}\n');
    log.append({ step: 2 });
    expect(log.rows()).toEqual([{ step: 1 }, { step: 2 }]);
  });
});
