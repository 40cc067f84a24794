import { describe, expect, it } from "vitest";
import { figures } from "./figures/index.ts";
import { groupSamples } from "./groups.ts";
import type { GroupRecord, InspectionRecord } from "./records.ts";
import type { Sample } from "./sample.ts";
import { type GroupSummary, summarise } from "./summary.ts";
import { renderSummary } from "./table.ts";

const means = (norm: number, share: number) => ({ loss: 2 * norm, norm, share });

function sample(exploratory: boolean, norm: number, share: number, novelty = 0): Sample {
  return {
    update: 1,
    name: "update",
    exploratory,
    drawn: null,
    probability: exploratory ? 0.1 : 0.9,
    distance: null,
    advantage: 0,
    ratio: 1,
    clipped: false,
    novelty,
    ...means(norm, share),
    moved: share / 2,
    terms: { policy: means(norm / 2, share) },
    errors: { mse: means(norm, share), l1: means(1, share), huber: means(norm / 3, share) },
  };
}

/** Two updates of four samples; each update's shares sum to 1. */
const samples = [
  sample(true, 4, 0.6, 1),
  sample(false, 1, 0.2, 2),
  sample(false, 2, 0.1, 3),
  sample(false, 3, 0.1, 4),
  sample(true, 6, 0.7, 5),
  sample(true, 2, 0.2, 6),
  sample(false, 1, 0.1, 7),
  sample(false, 5, 0, 8),
];

const records = (step: number, of = samples): GroupRecord[] =>
  groupSamples(of, { step, name: "update", updates: 2 }, "distance");

describe("groups of samples", () => {
  const found = records(100);
  const of = (by: string, group: string) => found.find((record) => record.by === by && record.group === group)!;

  it("average over samples, and shares over updates", () => {
    const [exploratory, greedy] = [of("choice", "exploratory"), of("choice", "greedy")];
    expect(exploratory).toMatchObject({ samples: 3, fraction: 3 / 8, norm: 4, loss: 8 });
    expect(exploratory.share).toBeCloseTo(0.75, 12);
    expect(exploratory.moved).toBeCloseTo(0.375, 12);
    expect(greedy.share).toBeCloseTo(0.25, 12);
    expect(exploratory.terms.policy!.norm).toBeCloseTo(2, 12);
    expect(exploratory.errors!.huber.norm).toBeCloseTo(4 / 3, 12);
  });

  it("are by probability in bins, by distance of the state in quarters", () => {
    expect(found.filter(({ by }) => by === "probability").map(({ group }) => group)).toEqual([
      "0.05 to 0.2",
      "0.8 to 1",
    ]);
    const quarters = found.filter(({ by }) => by === "novelty");
    expect(quarters.map((record) => record.samples)).toEqual([2, 2, 2, 2]);
    const visits = groupSamples(
      [1, 9, 10, 5000].map((novelty) => sample(true, 1, 0.1, novelty)),
      { step: 1, name: "update", updates: 1 },
      "visits",
    );
    expect(visits.filter(({ by }) => by === "novelty").map(({ group, samples }) => [group, samples])).toEqual([
      ["1 to 9 visits", 2],
      ["10 to 99 visits", 1],
      ["1000 visits and more", 1],
    ]);
  });
});

describe("the summary", () => {
  const louder = samples.map((s) => ({ ...s, norm: 2 * s.norm }));
  const one = [...records(100), ...records(200, louder), ...records(300)];
  const pick = (groups: readonly GroupSummary[], group: string, period = "all") =>
    groups.find((row) => row.by === "choice" && row.group === group && row.period === period)!;

  it("is over iterations of one run, with thirds of its time apart", () => {
    const { groups, iterations, over } = summarise([one]);
    expect({ iterations, over }).toEqual({ iterations: 3, over: "iterations" });
    const { mean, low, high } = pick(groups, "exploratory").norm;
    expect(mean).toBeCloseTo(16 / 3, 12);
    expect(low).toBe(4);
    expect(high).toBeGreaterThan(6);
    expect(high).toBeLessThanOrEqual(8);
    expect(["early", "middle", "late"].map((period) => pick(groups, "exploratory", period).norm.mean)).toEqual([
      4, 8, 4,
    ]);
    expect(pick(groups, "exploratory", "late").norm).toEqual({ mean: 4, low: 4, high: 4 });
  });

  it("is over runs where there are several, each counting once", () => {
    const { groups, over } = summarise([one, [...records(100, louder)]]);
    expect(over).toBe("runs");
    expect(pick(groups, "exploratory").norm.mean).toBeCloseTo((16 / 3 + 8) / 2, 12);
  });

  it("is the same each time", () => {
    expect(summarise([one])).toEqual(summarise([one]));
  });

  it("can be read as a table and drawn", () => {
    const summary = summarise([one]);
    const text = renderSummary(summary);
    expect(text).toMatch(/exploratory +37\.5 % +5\.33 \[4, \d/);
    expect(text).toMatch(/mse: norm +share +l1: norm/);
    const drawn = figures(one as InspectionRecord[], summary);
    expect(Object.keys(drawn)).toEqual([
      "choice-norms",
      "choice-shares",
      "probability-norms",
      "probability-shares",
      "novelty-norms",
      "novelty-shares",
      "errors",
      "norms-over-time",
      "pull-over-time",
    ]);
    for (const svg of Object.values(drawn)) {
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      expect(svg.match(/<text/g)!.length).toBeGreaterThan(5);
    }
  });
});
