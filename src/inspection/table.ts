/** The summary as lines for a terminal. */
import { type GroupSummary, type Interval, periods, type Summary, termsOf } from "./summary.ts";
import { errorNames } from "./value-errors.ts";

const TITLES: Readonly<Record<GroupSummary["by"], string>> = {
  choice: "Exploratory against greedy samples",
  draw: "Actions that ε-greedy drew at random, the best ones by chance included",
  probability: "By the probability of the action",
  distance: "By the distance of the action from the mean",
  novelty: "By novelty of the state",
};

/** The whole table; every number is a mean with its 95 % interval. */
export function renderSummary({ groups, runs, iterations, over }: Summary): string {
  const lines = [
    `${iterations} iterations of ${runs} ${runs === 1 ? "run" : "runs"}; means, with 95 % intervals over ${over}.`,
    "share: of the gradient, along its direction; share of Δθ: of what the weights really did. Compare both with the share of the samples.",
  ];
  for (const name of new Set(groups.map((row) => row.name))) {
    for (const by of Object.keys(TITLES) as GroupSummary["by"][]) {
      const rows = groups.filter((row) => row.name === name && row.by === by);
      const whole = rows.filter(({ period }) => period === "all");
      if (whole.length === 0) continue;
      const where = name === "update" ? "" : ` (step of the ${name})`;
      lines.push("", `${TITLES[by]}${where}`, ...grid(whole, ({ group }) => group));
      if (by !== "choice") continue;
      const later = periods.slice(1).flatMap((period) => rows.filter((row) => row.period === period));
      lines.push("", `The same over training time${where}`, ...grid(later, (row) => `${row.period}, ${row.group}`));
      if (whole.some(({ errors }) => errors !== null)) {
        lines.push("", `The critic's loss under each measure of its errors${where}`, ...errorGrid(whole));
      }
    }
  }
  return lines.join("\n");
}

function grid(rows: readonly GroupSummary[], label: (row: GroupSummary) => string): string[] {
  const terms = termsOf(rows);
  const head = ["", "samples", "gradient norm", ...terms.map((t) => `norm of ${t}`), "loss", "share", "share of Δθ"];
  const cells = rows.map((row) => [
    label(row),
    percent(row.fraction.mean),
    showInterval(row.norm),
    ...terms.map((term) => showInterval(row.terms[term]!)),
    showInterval(row.loss),
    share(row.share),
    share(row.moved),
  ]);
  return aligned([head, ...cells]);
}

function errorGrid(rows: readonly GroupSummary[]): string[] {
  const head = ["", ...errorNames.flatMap((name) => [`${name}: norm`, "share"])];
  const cells = rows.map(({ group, errors }) => [
    group,
    ...errorNames.flatMap((name) => (errors ? [showInterval(errors[name].norm), share(errors[name].share)] : ["", ""])),
  ]);
  return aligned([head, ...cells]);
}

/** `1.23 [1.1, 1.4]` */
export function showInterval({ mean, low, high }: Interval): string {
  return `${showNumber(mean)} [${showNumber(low)}, ${showNumber(high)}]`;
}

/** Three digits. */
export function showNumber(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e5)) return String(Number(value.toPrecision(3)));
  return value.toExponential(1);
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

function share({ mean, low, high }: Interval): string {
  return `${percent(mean)} [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`;
}

/** Rows as lines; the first column to the left, all others to the right. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join("  ");
  return rows.map((row) => `  ${line(row)}`.trimEnd());
}
