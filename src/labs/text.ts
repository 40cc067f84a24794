/** A lab's result as lines for a terminal. */
import { aligned, showInterval, showNumber } from "../inspection/table.ts";
import type { Outcome } from "./claims.ts";
import type { Cell, LabResult, LabTable } from "./lab.ts";

/** How an outcome is called, in the terminal and on the page. */
export const OUTCOMES: Readonly<Record<Outcome, string>> = {
  holds: "supported",
  fails: "not supported",
  open: "left open",
};

export function renderLab({ tables, claims, verdict, repetitions }: LabResult): string {
  return [
    ...tables.flatMap((table) => [table.title, ...tableLines(table), ""]),
    `Intervals are 95 % over ${repetitions} repetitions.`,
    "",
    ...claims.flatMap(({ claim, outcome, evidence }) => [`  [${OUTCOMES[outcome]}] ${claim}`, `      ${evidence}`]),
    "",
    `Verdict: ${OUTCOMES[verdict.outcome]}. ${verdict.text}`,
  ].join("\n");
}

function tableLines({ columns, rows }: LabTable): string[] {
  return aligned([["", ...columns], ...rows.map(({ name, cells }) => [name, ...cells.map(showCell)])]);
}

export function showCell(cell: Cell): string {
  if (typeof cell === "string") return cell;
  return typeof cell === "number" ? showNumber(cell) : showInterval(cell);
}
