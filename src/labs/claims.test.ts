import { describe, expect, it } from "vitest";
import { isBelow, isWithin, neverExceeds, together, verdictOf } from "./claims.ts";

const low = { name: "low", values: [1, 1.1, 0.9, 1.05] };
const high = { name: "high", values: [2, 2.2, 1.9, 2.1] };
const wide = { name: "wide", values: [-5, 5, -4, 7] };

describe("a claim", () => {
  it("of an order holds, fails or is open by the interval of the differences", () => {
    expect(isBelow("", low, high)).toMatchObject({ outcome: "holds" });
    expect(isBelow("", high, low)).toMatchObject({ outcome: "fails" });
    expect(isBelow("", low, wide)).toMatchObject({ outcome: "open" });
    // A pair moves together: neither interval alone could tell.
    const shifted = { name: "shifted", values: wide.values.map((value) => value + 0.1) };
    expect(isBelow("", wide, shifted)).toMatchObject({ outcome: "holds" });
    expect(isBelow("", wide, wide)).toMatchObject({ outcome: "open" });
    expect(isBelow("", low, high).evidence).toMatch(/^low 1\.01 \[.*\], high 2\.05 \[.*\]; difference -1\.04 \[.*\]$/);
  });

  it("of a range holds inside, fails outside, and is open across its edge", () => {
    expect(isWithin("", low, 0.5, 1.5).outcome).toBe("holds");
    expect(isWithin("", low, 1.5, 3).outcome).toBe("fails");
    expect(isWithin("", low, 1, 3).outcome).toBe("open");
  });

  it("of what is exact fails by one exception, and by what is not a number", () => {
    expect(neverExceeds("", [low, high], 2.2).outcome).toBe("holds");
    expect(neverExceeds("", [low, high], 2.1)).toMatchObject({
      outcome: "fails",
      evidence: expect.stringMatching(/2\.2 \(high\)/),
    });
    expect(neverExceeds("", [{ name: "bad", values: [0, Number.NaN, 0] }, high], 9)).toMatchObject({
      outcome: "fails",
      evidence: expect.stringMatching(/NaN \(bad\)/),
    });
  });
});

describe("a verdict", () => {
  const [yes, no, maybe] = [isBelow("a < b", low, high), isBelow("b < a", high, low), isBelow("a < c", low, wide)];

  it("is that of the claims, and names those that do not hold", () => {
    expect(verdictOf([yes, yes])).toEqual({ outcome: "holds", text: "2 of 2 claims hold." });
    expect(verdictOf([yes, maybe])).toMatchObject({
      outcome: "open",
      text: expect.stringMatching(/leave open: a < c\.$/),
    });
    expect(verdictOf([yes, no, maybe])).toEqual({
      outcome: "fails",
      text: "1 of 3 claims hold. The figures speak against: b < a. The figures leave open: a < c.",
    });
  });

  it("of several together shows what decided", () => {
    expect(together("all", [yes, no, maybe])).toEqual({
      claim: "all",
      outcome: "fails",
      evidence: `b < a: ${no.evidence}`,
    });
  });
});
