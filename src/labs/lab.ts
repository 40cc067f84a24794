/** What a lab is: a question of deep reinforcement learning that is answered by an experiment, and by nothing else. */
import type { ChartText, Point, Series } from "../inspection/figures/svg.ts";
import { type Claim, type Verdict, verdictOf } from "./claims.ts";
import type { Interval } from "./interval.ts";

export interface LabSettings {
  /** Everything random follows from it. */
  readonly seed: number;
  /** More seeds and longer runs. */
  readonly thorough: boolean;
}

/** A number, one with its interval, or words. */
export type Cell = Interval | number | string;

export interface LabTable {
  readonly title: string;
  /** Heads of the cells; the names of the rows have none. */
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly cells: readonly Cell[] }[];
}

/** A figure as data: the page draws it, and whoever reads the JSON can draw another. */
export type Chart = { readonly text: ChartText } & (
  | { readonly kind: "line"; readonly series: readonly Series[]; readonly scale?: "from 0" | "free" }
  | { readonly kind: "rows"; readonly names: readonly string[]; readonly points: readonly Point[] }
);

export interface Findings {
  /** How often the experiment was repeated with other random numbers: what the intervals are over. */
  readonly repetitions: number;
  readonly tables: readonly LabTable[];
  readonly charts: readonly Chart[];
  /** What was put to the test, each with what the figures say about it. */
  readonly claims: readonly Claim[];
}

/** One of several experiments of a lab. */
export type Part = Pick<Findings, "tables" | "charts" | "claims">;

export function combined(repetitions: number, parts: readonly Part[]): Findings {
  return {
    repetitions,
    tables: parts.flatMap(({ tables }) => tables),
    charts: parts.flatMap(({ charts }) => charts),
    claims: parts.flatMap(({ claims }) => claims),
  };
}

export interface Lab {
  readonly name: string;
  readonly question: string;
  /** What would count as an answer, said before anything is measured. */
  readonly criterion: string;
  readonly experiment: (settings: LabSettings) => Findings;
}

export interface LabResult extends Findings, LabSettings {
  readonly lab: string;
  readonly question: string;
  readonly criterion: string;
  readonly verdict: Verdict;
}

/** Runs the experiment and computes the verdict from its claims. Same settings, same result. */
export function runLab(lab: Lab, settings: LabSettings): LabResult {
  const { name, question, criterion, experiment } = lab;
  const findings = experiment(settings);
  return { lab: name, question, criterion, ...settings, ...findings, verdict: verdictOf(findings.claims) };
}
