/** A lab's result as one HTML file that needs nothing else: no script, no style sheet, no network. */
import { escaped, lineChart, rowChart } from "../inspection/figures/svg.ts";
import type { Chart, LabResult, LabTable } from "./lab.ts";
import { OUTCOMES, showCell } from "./text.ts";

const STYLE = `
body { font: 16px/1.5 sans-serif; color: #222; max-width: 1140px; margin: 2em auto; padding: 0 1em; }
table { border-collapse: collapse; margin: 1em 0; font-size: 13px; display: block; overflow-x: auto; }
th, td { padding: 3px 8px; border-bottom: 1px solid #ddd; text-align: right; }
td { white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
.holds { color: #007a56; } .fails { color: #b34700; } .open { color: #666; }
.verdict { border-left: 4px solid; padding-left: 1em; }
.evidence { color: #555; font-size: 14px; }
svg { max-width: 100%; height: auto; }`;

/** Same result, same text. */
export function labPage(result: LabResult): string {
  const { lab, question, criterion, seed, thorough, repetitions, tables, charts, claims, verdict } = result;
  const command = `limpid lab ${lab} --seed ${seed}${thorough ? " --thorough" : ""}`;
  return [
    "<!doctype html>",
    '<html lang="en">',
    '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(question)}</title><style>${STYLE}</style></head>`,
    "<body>",
    `<h1>${escaped(question)}</h1>`,
    `<p>What would count as an answer: ${escaped(criterion)}</p>`,
    `<p class="verdict ${verdict.outcome}"><b>${OUTCOMES[verdict.outcome]}</b><br>${escaped(verdict.text)}</p>`,
    "<h2>Claims</h2>",
    "<ul>",
    ...claims.map(
      ({ claim, outcome, evidence }) =>
        `<li><b class="${outcome}">${OUTCOMES[outcome]}</b>: ${escaped(claim)}<br><span class="evidence">${escaped(evidence)}</span></li>`,
    ),
    "</ul>",
    "<h2>Figures</h2>",
    `<p>Means with 95 % intervals over ${repetitions} repetitions; made by <code>${escaped(command)}</code>.</p>`,
    ...charts.map((chart) => `<figure>${draw(chart)}</figure>`),
    ...tables.map(table),
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

/** SVG text. */
export function draw(chart: Chart): string {
  if (chart.kind === "rows") return rowChart(chart.text, chart.names, chart.points);
  return lineChart(chart.text, chart.series, chart.scale);
}

function table({ title, columns, rows }: LabTable): string {
  const head = ["", ...columns].map((column) => `<th>${escaped(column)}</th>`).join("");
  const body = rows.map(({ name, cells }) =>
    [name, ...cells.map(showCell)].map((cell) => `<td>${escaped(cell)}</td>`).join(""),
  );
  return [
    `<h3>${escaped(title)}</h3>`,
    `<table><tr>${head}</tr>`,
    ...body.map((cells) => `<tr>${cells}</tr>`),
    "</table>",
  ].join("\n");
}
