/** The figures of a run: what `limpid inspect` draws. */
import type { GroupRecord, InspectionRecord, LayerRecord, UpdateRecord } from "../records.ts";
import { type GroupSummary, type Interval, type Summary, termsOf } from "../summary.ts";
import { errorNames } from "../value-errors.ts";
import { barChart, lineChart, type Point, type Series } from "./svg.ts";

/** SVG text by file name, without its ending. @param records of one run, for what is drawn over its steps */
export function figures(records: readonly InspectionRecord[], summary: Summary): Readonly<Record<string, string>> {
  const drawn: Record<string, string> = {};
  const names = [...new Set(summary.groups.map(({ name }) => name))];
  for (const name of names) {
    const prefix = names.length > 1 ? `${name}-` : "";
    const own = (by: GroupSummary["by"]) =>
      summary.groups.filter((row) => row.name === name && row.by === by && row.period === "all");
    for (const by of ["choice", "draw", "probability", "distance", "novelty"] as const) {
      if (own(by).length > 0) Object.assign(drawn, byGroup(`${prefix}${by}`, own(by)));
    }
    const choices = own("choice").filter(({ errors }) => errors !== null);
    if (choices.length > 0) drawn[`${prefix}errors`] = byError(choices);
    const over = records.filter((r): r is GroupRecord => r.record === "group" && r.name === name && r.by === "choice");
    if (over.length > 0) Object.assign(drawn, overTime(prefix, over));
    const updates = records.filter((r): r is UpdateRecord => r.record === "update" && r.name === name);
    if (updates.length > 0) Object.assign(drawn, ofUpdates(prefix, updates));
    const layers = records.filter((r): r is LayerRecord => r.record === "layer" && r.name === name);
    if (layers.length > 0) Object.assign(drawn, ofLayers(prefix, layers));
  }
  return drawn;
}

const at = ({ mean: y, low, high }: Interval, x: number): Point => ({ x, y, low, high });
const STEPS = "environment steps";

function byGroup(name: string, rows: readonly GroupSummary[]): Record<string, string> {
  const categories = rows.map(({ group }) => group);
  const normOf = (term: string): Series => ({ name: term, points: rows.map((row, i) => at(row.terms[term]!, i)) });
  return {
    [`${name}-norms`]: barChart(
      { title: "Gradient norm of a sample", x: "", y: "‖g‖, mean and 95 % interval" },
      categories,
      [{ name: "loss", points: rows.map((row, i) => at(row.norm, i)) }, ...termsOf(rows).map(normOf)],
    ),
    [`${name}-shares`]: barChart(
      { title: "Share of the samples, of the gradient and of Δθ", x: "", y: "share, mean and 95 % interval" },
      categories,
      [
        { name: "of the samples", points: rows.map((row, i) => at(row.fraction, i)) },
        { name: "of the gradient", points: rows.map((row, i) => at(row.share, i)) },
        { name: "of Δθ", points: rows.map((row, i) => at(row.moved, i)) },
      ],
    ),
  };
}

function byError(rows: readonly GroupSummary[]): string {
  const text = {
    title: "The critic's gradient under three measures of its errors",
    x: "",
    y: "‖g‖, mean and 95 % interval",
  };
  const series = rows.map(({ group, errors }) => ({
    name: group,
    points: errorNames.map((name, i) => at(errors![name].norm, i)),
  }));
  return barChart(text, ["squared (MSE)", "absolute (L1)", "Huber"], series);
}

function overTime(prefix: string, records: readonly GroupRecord[]): Record<string, string> {
  const series = (of: (record: GroupRecord) => number): Series[] =>
    ["exploratory", "greedy"].map((group) => ({
      name: group,
      points: records.filter((r) => r.group === group).map((r) => ({ x: r.step, y: of(r) })),
    }));
  const drawable = (all: Series[]) => all.filter(({ points }) => points.length > 0);
  return {
    [`${prefix}norms-over-time`]: lineChart(
      { title: "Gradient norm of a sample over training", x: STEPS, y: "‖g‖" },
      drawable(series(({ norm }) => norm)),
    ),
    [`${prefix}pull-over-time`]: lineChart(
      { title: "Share of Δθ over share of the samples: above 1 pulls more than its part", x: STEPS, y: "ratio" },
      drawable(series(({ moved, fraction }) => moved / fraction)),
    ),
  };
}

function ofUpdates(prefix: string, records: readonly UpdateRecord[]): Record<string, string> {
  const series = (name: string, of: (record: UpdateRecord) => number | null): Series => ({
    name,
    points: averaged(records, of),
  });
  const chart = (title: string, y: string, all: Series[], scale?: "free") =>
    lineChart(
      { title, x: STEPS, y },
      all.filter(({ points }) => points.length > 0),
      scale,
    );
  return {
    [`${prefix}parts-over-time`]: chart("What Δθ is due to", "share of Δθ", [
      series("exploratory samples", ({ parts }) => parts.exploratory.share),
      series("greedy samples", ({ parts }) => parts.greedy.share),
      series("the optimiser's memory", ({ parts }) => parts.memory.share),
    ]),
    [`${prefix}cosines-over-time`]: chart("Cosine of the gradient", "cosine", [
      series("to the one looked at before", ({ cosineToPrevious }) => cosineToPrevious),
      series("to the mean of the iteration's others", ({ cosineToOthers }) => cosineToOthers),
    ]),
    [`${prefix}noise-over-time`]: chart("Gradient noise scale, against the size of a minibatch", "samples", [
      series("noise scale", ({ noiseScale }) => noiseScale),
      series("minibatch", ({ samples }) => samples),
    ]),
  };
}

/** The mean of each iteration's updates. */
function averaged(records: readonly UpdateRecord[], of: (record: UpdateRecord) => number | null): Point[] {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const record of records) {
    const value = of(record);
    if (value === null) continue;
    const entry = sums.get(record.step) ?? { sum: 0, count: 0 };
    sums.set(record.step, { sum: entry.sum + value, count: entry.count + 1 });
  }
  return [...sums].map(([x, { sum, count }]) => ({ x, y: sum / count }));
}

function ofLayers(prefix: string, records: readonly LayerRecord[]): Record<string, string> {
  const names = [...new Set(records.map(({ layer }) => layer))];
  const series = (of: (record: LayerRecord) => number | null): Series[] =>
    names
      .map((name) => ({
        name: name.replace(/\.weight$/, ""),
        points: records.flatMap((record) => {
          const y = record.layer === name ? of(record) : null;
          return y === null ? [] : [{ x: record.step, y }];
        }),
      }))
      .filter(({ points }) => points.length > 0);
  const ranks = series(({ effectiveRank }) => effectiveRank);
  return {
    [`${prefix}dormant-over-time`]: lineChart(
      { title: "Dormant neurons", x: STEPS, y: "share of the layer" },
      series(({ dormant, neurons }) => dormant / neurons),
    ),
    ...(ranks.length > 0 && {
      [`${prefix}rank-over-time`]: lineChart({ title: "Effective rank of the features", x: STEPS, y: "srank" }, ranks),
    }),
  };
}
