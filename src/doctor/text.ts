/** An examination as lines for a terminal. */
import { showNumber } from "../inspection/table.ts";
import type { Diagnosis } from "./diagnosis.ts";
import type { Examination } from "./doctor.ts";

/** @param command how words behind `limpid` are shown as a command */
export function renderExamination(
  { diagnoses, examined }: Examination,
  command: (words: readonly string[]) => string,
): string {
  return [
    "Examined:",
    ...examined.map((line) => `  ${line}`),
    "",
    ...(diagnoses.length === 0
      ? [
          "Nothing is out of its range. If it does not learn nevertheless: more steps, more exploration, or a tuned preset.",
        ]
      : diagnoses.flatMap((diagnosis, i) => [...lines(diagnosis, i + 1, command), ""]).slice(0, -1)),
  ].join("\n");
}

function lines(
  { part, certainty, finding, evidence, remedy, confirm }: Diagnosis,
  number: number,
  command: (words: readonly string[]) => string,
): string[] {
  return [
    `${number}. ${finding}. (${part}, ${certainty})`,
    ...evidence.map(({ what, measured, expected }) => `     ${what}: ${shown(measured)}; expected ${expected}`),
    `   Remedy: ${remedy}`,
    `   Confirm: ${command(confirm)}`,
  ];
}

function shown(measured: number | string): string {
  return typeof measured === "number" ? showNumber(measured) : measured;
}
