import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { count, duration, reward, seconds } from "./format.ts";
import { Sparkline } from "./sparkline.ts";
import { Status, statusLine } from "./status.ts";

function streamOf(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  return {
    written,
    stream: { isTTY, columns, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream,
  };
}

function spark(...values: number[]): Sparkline {
  const line = new Sparkline();
  for (const value of values) line.add(value);
  return line;
}

describe("Sparkline", () => {
  it("draws from the lowest to the highest", () => {
    expect(spark(0, 1, 2, 3, 4, 5, 6, 7).text()).toBe("▁▂▃▄▅▆▇█");
    expect(spark(-200, -200, -100).text()).toBe("▁▁█");
    expect(spark(5, 5).text()).toBe("▁▁");
    expect(spark().text()).toBe("");
  });

  it("never grows beyond 16 bars, and keeps the shape", () => {
    for (let n = 1; n < 2000; n += 7) {
      const bars = [...spark(...Array.from({ length: n }, (_, i) => i)).text()];
      expect(bars.length).toBeLessThanOrEqual(16);
      expect([...bars].sort()).toEqual(bars);
    }
  });
});

describe("statusLine", () => {
  const progress = { step: 51_200, speed: 16_600, return: 391.23 };
  const returns = spark(20, 100, 391);

  it("shows steps, return, speed and time left", () => {
    const full = "51,200/100,000 steps · return 391.2 ▁▃█ · 16,600 steps/s · 3 s left";
    expect(statusLine(progress, 100_000, returns, 100)).toBe(full);
    expect(statusLine(progress, 100_000, returns, full.length)).toBe(full);
  });

  it("fits into any width", () => {
    for (let width = 0; width < 100; width++) {
      expect(statusLine(progress, 100_000, returns, width).length).toBeLessThanOrEqual(width);
    }
    expect(statusLine(progress, 100_000, returns, 40)).toBe("51,200/100,000 steps · return 391.2");
  });

  it("leaves out what there is not yet, or no more", () => {
    expect(statusLine({ ...progress, return: undefined }, 100_000, spark(), 100)).toBe(
      "51,200/100,000 steps · 16,600 steps/s · 3 s left",
    );
    expect(statusLine({ ...progress, step: 100_096 }, 100_000, returns, 100)).not.toContain("left");
    expect(statusLine({ ...progress, speed: 0 }, 100_000, returns, 100)).not.toContain("left");
    expect(statusLine({ ...progress, done: true }, 100_000, returns, 100)).not.toContain("left");
  });
});

describe("Status", () => {
  beforeEach(() => void vi.stubEnv("TERM", "xterm"));
  afterEach(() => void vi.unstubAllEnvs());

  /** Updates every 10 ms for 3 seconds. */
  function run(isTTY: boolean, columns?: number) {
    let now = 0;
    const { written, stream } = streamOf(isTTY, columns);
    const status = new Status(stream, 3000, () => now);
    for (let step = 10; step <= 3000; step += 10) {
      now = step / 1000;
      status.update({ step, speed: 1000, return: step });
    }
    status.finish();
    status.finish();
    return written;
  }

  it("rewrites one line of a terminal about ten times per second, and ends it once", () => {
    const written = run(true);
    expect(written.length).toBeGreaterThan(25);
    expect(written.length).toBeLessThanOrEqual(33);
    const lines = written.slice(0, -1);
    for (const line of lines) {
      expect(line.slice(0, 5)).toBe("\r\u001b[2K");
      expect(line.slice(5)).toMatch(/^[^\r\n]{1,79}$/);
    }
    expect(lines.at(-1)).toContain("3,000/3,000 steps");
    expect(written.at(-1)).toBe("\n");
  });

  it("writes a plain line every two seconds elsewhere, and the last state", () => {
    const written = run(false);
    expect(written).toHaveLength(2);
    expect(written[0]).toMatch(/^2,000\/3,000 steps · return 2000 [▁-█]+ · 1,000 steps\/s · 1 s left\n$/);
    expect(written[1]).toMatch(/^3,000\/3,000 steps/);
    expect(written.join("")).not.toContain("\r");
    expect(written.join("")).not.toContain("\u001b");
  });

  it("takes a terminal that does not know its size for one of 80 columns", () => {
    expect(run(true, 0)).toEqual(run(true, 80));
  });

  it("writes plain lines to a terminal that cannot go back", () => {
    vi.stubEnv("TERM", "dumb");
    expect(run(true)).toEqual(run(false));
  });

  it("says nothing where nothing happened", () => {
    const { written, stream } = streamOf(true);
    new Status(stream, 10).finish();
    expect(written).toEqual([]);
  });
});

describe("numbers for people", () => {
  it("are short", () => {
    expect([0, 999, 1234567.8].map(count)).toEqual(["0", "999", "1,234,568"]);
    expect([0, 0.0123, -1.25, 391.23, -1234.5].map(reward)).toEqual(["0.0", "0.012", "-1.3", "391.2", "-1235"]);
    expect([0.5, 12.34, 90].map(seconds)).toEqual(["0.50 s", "12.3 s", "1:30"]);
    expect([0.2, 59, 60, 125, 3725].map(duration)).toEqual(["1 s", "59 s", "1:00", "2:05", "1:02:05"]);
  });
});
