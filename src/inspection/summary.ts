/**
 * What differs inside the network between exploring and exploiting, as a table: gradient norm, loss, share of the gradient and
 * share of Δθ of exploratory against greedy samples, by the action's probability, by novelty, under three measures of the
 * critic's errors, over training time. It is computed from the records alone.
 */
import { bootstrapInterval } from "../estimators/index.ts";
import { Key, type Random } from "../random/index.ts";
import { groupOrder } from "./groups.ts";
import { meanOf } from "./mean-of.ts";
import type { GroupRecord, InspectionRecord, TermMeans } from "./records.ts";
import { type ErrorName, errorNames } from "./value-errors.ts";

/** A mean and its 95 % bootstrap interval. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export const periods = ["all", "early", "middle", "late"] as const;
/** All of a run, or a third of its steps. */
export type Period = (typeof periods)[number];

export interface ErrorSummary {
  readonly norm: Interval;
  readonly share: Interval;
}

/** One row of the table. */
export interface GroupSummary extends Pick<GroupRecord, "name" | "by" | "group"> {
  readonly period: Period;
  readonly samples: number;
  /** Of all samples; `share` and `moved` are to be compared with it. */
  readonly fraction: Interval;
  readonly norm: Interval;
  readonly loss: Interval;
  readonly share: Interval;
  readonly moved: Interval;
  /** Norms of the terms of the loss alone. */
  readonly terms: Readonly<Record<string, Interval>>;
  readonly errors: Readonly<Record<ErrorName, ErrorSummary>> | null;
}

export interface Summary {
  readonly runs: number;
  /** Iterations that were looked at, of all runs together. */
  readonly iterations: number;
  /** What intervals are over: iterations of one run, which are not independent, or runs, which are. */
  readonly over: "iterations" | "runs";
  readonly groups: readonly GroupSummary[];
}

/** Names of the terms that say something: one alone is the loss, and one that weighs nothing is 0. */
export function termsOf(rows: readonly GroupSummary[]): string[] {
  const all = Object.keys(rows[0]?.terms ?? {});
  return all.filter((term) => all.length > 1 && rows.some((row) => row.terms[term]!.mean !== 0));
}

/** @param runs the records of one run, or of several that differ in nothing but the seed */
export function summarise(runs: readonly (readonly InspectionRecord[])[]): Summary {
  const groups = runs.map((records) => records.filter((r): r is GroupRecord => r.record === "group"));
  const random = Key.fromSeed(0).split("intervals").stream();
  const names = [...new Set(groups.flat().map(({ name }) => name))];
  const rows: GroupSummary[] = [];
  for (const name of names) {
    for (const by of Object.keys(groupOrder) as GroupRecord["by"][]) {
      for (const period of by === "choice" ? periods : (["all"] as const)) {
        for (const group of groupOrder[by]) {
          const found = groups.map((own) => {
            const last = own.reduce((most, { step }) => Math.max(most, step), 0);
            const isIn = (record: GroupRecord) =>
              record.name === name &&
              record.by === by &&
              record.group === group &&
              isWithin(record.step / last, period);
            return own.filter(isIn);
          });
          const samples = found.flat().reduce((sum, record) => sum + record.samples, 0);
          if (samples > 0) rows.push({ name, by, group, period, samples, ...measures(found, random) });
        }
      }
    }
  }
  return {
    runs: runs.length,
    iterations: groups.reduce((sum, own) => sum + new Set(own.map(({ step }) => step)).size, 0),
    over: runs.length > 1 ? "runs" : "iterations",
    groups: rows,
  };
}

/** Whether what was seen after this share of a run's steps belongs to a period. */
export function isWithin(progress: number, period: Period): boolean {
  if (period === "all") return true;
  return periods[Math.max(1, Math.ceil(3 * progress))] === period;
}

function measures(
  runs: readonly GroupRecord[][],
  random: Random,
): Omit<GroupSummary, "name" | "by" | "group" | "period" | "samples"> {
  const of = (value: (record: GroupRecord) => number | undefined) => intervalOf(runs, value, random);
  const [first] = runs.flat() as [GroupRecord];
  const hasErrors = runs.flat().some(({ errors }) => errors !== null);
  const error = (name: ErrorName, field: keyof TermMeans) => of(({ errors }) => errors?.[name][field]);
  return {
    fraction: of(({ fraction }) => fraction),
    norm: of(({ norm }) => norm),
    loss: of(({ loss }) => loss),
    share: of(({ share }) => share),
    moved: of(({ moved }) => moved),
    terms: Object.fromEntries(Object.keys(first.terms).map((term) => [term, of(({ terms }) => terms[term]?.norm)])),
    errors: hasErrors
      ? (Object.fromEntries(
          errorNames.map((name) => [name, { norm: error(name, "norm"), share: error(name, "share") }]),
        ) as Record<ErrorName, ErrorSummary>)
      : null,
  };
}

/** Over the means of runs where there are several, else over iterations. */
function intervalOf(
  runs: readonly GroupRecord[][],
  value: (record: GroupRecord) => number | undefined,
  random: Random,
): Interval {
  const byRun = runs.map((own) => own.map(value).filter((x) => x !== undefined)).filter((own) => own.length > 0);
  const values = runs.length > 1 ? byRun.map(meanOf) : byRun.flat();
  if (values.length === 0) return { mean: 0, low: 0, high: 0 };
  const [low, high] = bootstrapInterval(values, meanOf, random, { resamples: 500 });
  return { mean: meanOf(values), low, high };
}
