import { describe, expect, it } from "vitest";
import { isLong, pauseAfter } from "./save-pauses.ts";

describe("pauses between saves", () => {
  it.each([0.0001, 0.01, 0.1, 0.5, 2, 10, 100])("cost at most 4 %% where a save takes %f s", (took) => {
    expect(took / (took + pauseAfter(took))).toBeLessThan(0.04);
    // Iterations that are saved each: as long as the shortest that is.
    const iteration = [0.01, 0.5, 1, 1.7, 12.5, 50, 250, 2500].find((seconds) => isLong(seconds, took))!;
    expect(took / (took + iteration)).toBeLessThan(0.04);
  });

  it("lose no more than a second of a run that is small, and a minute of most", () => {
    expect([0.001, 0.01, 0.3, 1, 2.4].map(pauseAfter)).toEqual([1, 1, 30, 60, 60]);
    expect([isLong(0.9, 0.001), isLong(1, 0.001), isLong(1.7, 0.5), isLong(12.5, 0.5)]).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });
});
