import { describe, expect, it } from "vitest";
import { reward, rewards } from "./format.ts";

describe("rewards", () => {
  it.each([
    [[0.978, 0.0204, 0.94, 1], "0.978 ± 0.020 (lowest 0.940, highest 1.000)"],
    [[500, 0, 500, 500], "500.0 ± 0.0 (lowest 500.0, highest 500.0)"],
    [[0.002, 150, -200, 200], "0.0 ± 150.0 (lowest -200.0, highest 200.0)"],
    [[-1234.5, 0.25, -1300, -0.5], "-1235 ± 0 (lowest -1300, highest -1)"],
    [[0, 0, 0, 0], "0.0 ± 0.0 (lowest 0.0, highest 0.0)"],
  ])("%j have one number of decimals", ([mean, std, min, max], text) => {
    expect(rewards({ mean, std, min, max })).toBe(text);
  });

  it("alone have their own", () => {
    expect([0, 0.978, 1, -391.24, 2000.6].map(reward)).toEqual(["0.0", "0.978", "1.0", "-391.2", "2001"]);
  });
});
