/** Samples put into groups, and what the groups have in common. */

import type { GroupRecord, TermMeans } from "./records.ts";
import type { Sample } from "./sample.ts";
import { type ErrorName, errorNames } from "./value-errors.ts";

interface Bin {
  readonly label: string;
  /** Lower end; the upper end is the next bin's. */
  readonly from: number;
}

const PROBABILITIES: readonly Bin[] = [
  { label: "0 to 0.05", from: 0 },
  { label: "0.05 to 0.2", from: 0.05 },
  { label: "0.2 to 0.5", from: 0.2 },
  { label: "0.5 to 0.8", from: 0.5 },
  { label: "0.8 to 1", from: 0.8 },
];
const DISTANCES: readonly Bin[] = [
  { label: "0 to 0.5 σ", from: 0 },
  { label: "0.5 to 1 σ", from: 0.5 },
  { label: "1 to 1.5 σ", from: 1 },
  { label: "1.5 to 2 σ", from: 1.5 },
  { label: "2 σ and more", from: 2 },
];
const VISITS: readonly Bin[] = [
  { label: "1 to 9 visits", from: 0 },
  { label: "10 to 99 visits", from: 10 },
  { label: "100 to 999 visits", from: 100 },
  { label: "1000 visits and more", from: 1000 },
];
const QUARTERS = ["nearest quarter", "second quarter", "third quarter", "farthest quarter"] as const;

/** Every label there can be, by grouping, in the order in which people want to read them. */
export const groupOrder: Readonly<Record<GroupRecord["by"], readonly string[]>> = {
  choice: ["exploratory", "greedy"],
  draw: ["drawn at random", "chosen by value"],
  probability: PROBABILITIES.map(({ label }) => label),
  distance: DISTANCES.map(({ label }) => label),
  novelty: [...VISITS.map(({ label }) => label), ...QUARTERS],
};

function binOf(bins: readonly Bin[], value: number): string {
  return bins.findLast(({ from }) => value >= from)?.label ?? bins[0]!.label;
}

type Labeller = (sample: Sample) => string | undefined;

function labellers(samples: readonly Sample[], novelty: "visits" | "distance"): Record<GroupRecord["by"], Labeller> {
  return {
    choice: ({ exploratory }) => (exploratory === null ? undefined : exploratory ? "exploratory" : "greedy"),
    draw: ({ drawn }) => (drawn === null ? undefined : drawn ? "drawn at random" : "chosen by value"),
    // Densities have no bins of their own.
    probability: ({ probability, distance }) =>
      probability === null || distance !== null ? undefined : binOf(PROBABILITIES, probability),
    distance: ({ distance }) => (distance === null ? undefined : binOf(DISTANCES, distance)),
    novelty: novelty === "visits" ? (sample) => binOf(VISITS, sample.novelty) : byQuarter(samples),
  };
}

/** Distances have no unit that all environments share: they are compared with those of the same iteration. */
function byQuarter(samples: readonly Sample[]): Labeller {
  const sorted = Float64Array.from(samples, ({ novelty }) => novelty).sort();
  const edges = [1, 2, 3].map((q) => sorted[Math.floor((q * sorted.length) / 4)]!);
  return ({ novelty }) => QUARTERS[edges.filter((edge) => novelty >= edge).length];
}

/**
 * The records of one iteration, for samples of one kind of step.
 * @param updates how many updates the samples are from: shares are means over them
 */
export function groupSamples(
  samples: readonly Sample[],
  where: { readonly step: number; readonly name: string; readonly updates: number },
  novelty: "visits" | "distance",
): GroupRecord[] {
  const records: GroupRecord[] = [];
  for (const [by, labelOf] of Object.entries(labellers(samples, novelty)) as [GroupRecord["by"], Labeller][]) {
    const members = new Map<string, Sample[]>();
    for (const sample of samples) {
      const label = labelOf(sample);
      if (label === undefined) continue;
      const found = members.get(label);
      if (found) found.push(sample);
      else members.set(label, [sample]);
    }
    for (const group of groupOrder[by]) {
      const own = members.get(group);
      if (own) records.push(summary(own, samples.length, { ...where, by, group }));
    }
  }
  return records;
}

interface Place extends Pick<GroupRecord, "step" | "name" | "by" | "group"> {
  readonly updates: number;
}

function summary(own: readonly Sample[], all: number, { updates, ...place }: Place): GroupRecord {
  const [first] = own as [Sample];
  const means = (of: (sample: Sample) => TermMeans | undefined): TermMeans => ({
    loss: mean(own, (s) => of(s)?.loss ?? 0),
    norm: mean(own, (s) => of(s)?.norm ?? 0),
    share: sum(own, (s) => of(s)?.share ?? 0) / updates,
  });
  const inErrors = own.filter(({ errors }) => errors !== undefined);
  const ofErrors = (name: ErrorName): TermMeans => ({
    loss: mean(inErrors, ({ errors }) => errors![name].loss),
    norm: mean(inErrors, ({ errors }) => errors![name].norm),
    // Measured in one update of the iteration.
    share: sum(inErrors, ({ errors }) => errors![name].share),
  });
  return {
    record: "group",
    ...place,
    samples: own.length,
    fraction: own.length / all,
    ...means((s) => s),
    moved: sum(own, ({ moved }) => moved) / updates,
    terms: Object.fromEntries(Object.keys(first.terms).map((name) => [name, means(({ terms }) => terms[name])])),
    errors:
      inErrors.length === 0
        ? null
        : (Object.fromEntries(errorNames.map((name) => [name, ofErrors(name)])) as Record<ErrorName, TermMeans>),
  };
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  let total = 0;
  for (const value of values) total += of(value);
  return total;
}

function mean<T>(values: readonly T[], of: (value: T) => number): number {
  return sum(values, of) / values.length;
}
