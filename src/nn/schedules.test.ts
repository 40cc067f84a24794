import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../errors.ts";
import { highestOf, lowestOf, makeSchedule, type ScheduleSpec, scheduleSchema } from "./schedules.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
const unit = fc.double({ noNaN: true, min: 0, max: 1 });

describe("makeSchedule", () => {
  it("keeps a number constant", () => {
    const schedule = makeSchedule(3e-4);
    expect([schedule(1), schedule(0.3), schedule(0)]).toEqual([3e-4, 3e-4, 3e-4]);
  });

  it("reads lin_0.001 as the zoo does: progress remaining times the value", () => {
    const schedule = makeSchedule("lin_0.001");
    expect([schedule(1), schedule(0.75), schedule(0)]).toEqual([0.001, 0.75 * 0.001, 0]);
    expect(makeSchedule("lin_2.5e-4")(1)).toBe(2.5e-4);
  });

  it("draws a straight line", () => {
    const schedule = makeSchedule({ schedule: "linear", from: 8, to: 2 });
    expect([1, 0.75, 0.5, 0].map(schedule)).toEqual([8, 6.5, 5, 2]);
  });

  it("draws half a cosine period", () => {
    const schedule = makeSchedule({ schedule: "cosine", from: 1, to: 0 });
    expect(schedule(1)).toBe(1);
    expect(schedule(0)).toBe(0);
    // (1 + cos(π/4)) / 2 and (1 + cos(π/2)) / 2
    expect(schedule(0.75)).toBeCloseTo(0.8535533905932737, 14);
    expect(schedule(0.5)).toBeCloseTo(0.5, 14);
  });

  it("joins points by straight lines, in progress from start to end", () => {
    const points: [number, number][] = [
      [0.25, 1],
      [0.5, 3],
      [1, 2],
    ];
    const schedule = makeSchedule({ schedule: "piecewise", points });
    const atProgress = (progress: number) => schedule(1 - progress);
    expect([0, 0.25, 0.375, 0.5, 0.75, 1].map(atProgress)).toEqual([1, 1, 2, 3, 2.5, 2]);
  });

  it("stays at its ends beyond them", () => {
    const specs: ScheduleSpec[] = [
      "lin_1",
      { schedule: "cosine", from: 5, to: 1 },
      {
        schedule: "piecewise",
        points: [
          [0, 4],
          [1, 7],
        ],
      },
    ];
    for (const spec of specs) {
      const schedule = makeSchedule(spec);
      expect(schedule(-0.01)).toBe(schedule(0));
      expect(schedule(1.01)).toBe(schedule(1));
    }
  });

  it("is exact at both ends and never leaves the values it runs between", () => {
    const shape = fc.constantFrom("linear" as const, "cosine" as const);
    fc.assert(
      fc.property(shape, finite, finite, unit, (schedule, from, to, remaining) => {
        const value = makeSchedule({ schedule, from, to });
        expect(value(1) === from && value(0) === to).toBe(true);
        const slack = 1e-9 * Math.max(Math.abs(from), Math.abs(to));
        expect(value(remaining)).toBeGreaterThanOrEqual(Math.min(from, to) - slack);
        expect(value(remaining)).toBeLessThanOrEqual(Math.max(from, to) + slack);
      }),
    );
  });
});

describe("lowestOf and highestOf", () => {
  it("are the smallest and the largest value that a schedule takes", () => {
    const shape = fc.constantFrom("linear" as const, "cosine" as const);
    fc.assert(
      fc.property(shape, finite, finite, unit, (schedule, from, to, remaining) => {
        const spec = { schedule, from, to };
        expect(lowestOf(spec)).toBe(Math.min(from, to));
        expect(highestOf(spec)).toBe(Math.max(from, to));
        const slack = 1e-9 * Math.max(Math.abs(from), Math.abs(to));
        expect(makeSchedule(spec)(remaining)).toBeGreaterThanOrEqual(lowestOf(spec) - slack);
        expect(makeSchedule(spec)(remaining)).toBeLessThanOrEqual(highestOf(spec) + slack);
      }),
    );
    const points: [number, number][] = [
      [0, 3],
      [0.5, -1],
      [1, 2],
    ];
    expect(lowestOf({ schedule: "piecewise", points })).toBe(-1);
    expect(highestOf({ schedule: "piecewise", points })).toBe(3);
    expect([lowestOf(0.2), lowestOf("lin_0.2"), lowestOf({ schedule: "cosine", from: 1 })]).toEqual([0.2, 0, 0]);
    expect([highestOf(0.2), highestOf("lin_0.2"), highestOf({ schedule: "cosine", from: -1 })]).toEqual([0.2, 0.2, 0]);
  });
});

describe("scheduleSchema", () => {
  it("survives JSON", () => {
    const specs: ScheduleSpec[] = [1, "lin_1e-3", { schedule: "linear", from: 1 }];
    for (const spec of specs) expect(scheduleSchema.parse(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
  });

  it.each([
    ["nothing", undefined],
    ["NaN", Number.NaN],
    ["infinity", Number.POSITIVE_INFINITY],
    ["a numeric string", "0.001"],
    ["lin without a number", "lin_"],
    ["lin of something else", "lin_fast"],
    ["lin of more than a number can be", "lin_1e999"],
    ["an unknown shape", { schedule: "exponential", from: 1 }],
    ["a line from nowhere", { schedule: "linear" }],
    ["a misspelt field", { schedule: "linear", from: 1, too: 0 }],
    ["no points", { schedule: "piecewise", points: [] }],
    ["a point that is no pair", { schedule: "piecewise", points: [[0]] }],
    [
      "points that go back",
      {
        schedule: "piecewise",
        points: [
          [0.5, 1],
          [0.25, 2],
        ],
      },
    ],
    [
      "two values at one point",
      {
        schedule: "piecewise",
        points: [
          [0.5, 1],
          [0.5, 2],
        ],
      },
    ],
    [
      "progress in percent",
      {
        schedule: "piecewise",
        points: [
          [0, 1],
          [50, 2],
        ],
      },
    ],
  ])("refuses %s with one message that shows every form", (_name, spec) => {
    const result = scheduleSchema.safeParse(spec);
    expect(result.success).toBe(false);
    expect(result.error!.issues).toHaveLength(1);
    expect(result.error!.issues[0]!.message).toMatch(/^must be a number, "lin_0.001", .*piecewise/);
    expect(() => makeSchedule(spec as ScheduleSpec)).toThrow(ConfigError);
    expect(() => makeSchedule(spec as ScheduleSpec)).toThrow(/^schedule must be a number, "lin_0.001"/);
  });
});
