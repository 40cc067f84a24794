// What studies over several seeds share: runs through the command line as a user would start them, and what is said of them.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { bootstrapInterval, interquartileMean } from "limpid/estimators";
import { Key } from "limpid/random";

const root = fileURLToPath(new URL("..", import.meta.url));
const main = join(root, "dist/cli/main.js");
const runFile = promisify(execFile);

/** Options of every study: --first-seed 1  --seeds N (how many from it on)  --only a2c/CartPole-v1,…  --merge  --workers N (default: all cores) */
export const { values: options } = parseArgs({
  options: {
    "first-seed": { type: "string", default: "1" },
    seeds: { type: "string", default: "5" },
    only: { type: "string" },
    merge: { type: "boolean", default: false },
    workers: { type: "string", default: String(availableParallelism()) },
  },
});
export const firstSeed = Number(options["first-seed"]);
const only = options.only?.split(",");
export const wanted = ({ algorithm, env }) => only === undefined || only.includes(`${algorithm}/${env}`);

export const folder = mkdtempSync(join(tmpdir(), "limpid-study-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const preload = new URL("cpu-seconds.mjs", import.meta.url).href;

/** What a command reports as JSON, and the seconds that it computed. */
export async function timed(...args) {
  const command = ["--import", preload, main, ...args, "--json"];
  const { stdout, stderr } = await runFile(process.execPath, command, { maxBuffer: 1 << 26 });
  const cpuSeconds = Number(/cpu seconds (\S+)\n$/.exec(stderr)[1]);
  return { report: JSON.parse(stdout.trim().split("\n").at(-1)), cpuSeconds };
}

/** What a command reports as JSON. */
export const limpid = async (...args) => (await timed(...args)).report;

let runs = 0;
/** The runs of all seeds, as the command reports them. */
export async function train({ algorithm, env, steps, set = [], seeds = options.seeds, first = firstSeed, more = [] }) {
  const out = join(folder, `${algorithm}-${env}-${runs++}`);
  const args = [
    "train",
    algorithm,
    env,
    "--seed",
    String(first),
    "--seeds",
    String(seeds),
    "--workers",
    options.workers,
    ...more,
  ];
  if (steps !== undefined) args.push("--steps", String(steps));
  for (const assignment of set) args.push("--set", assignment);
  const { results, failures } = await limpid(...args, "--out", out);
  if (failures.length > 0) throw new Error(`${algorithm} on ${env}: ${failures[0].error}`);
  return results;
}

export function summary(values) {
  const random = Key.fromSeed(0).split("interval over seeds").stream();
  return { iqm: interquartileMean(values), interval: bootstrapInterval(values, interquartileMean, random) };
}

/** A row with what its runs reached: `measure` makes a number of each (or the promise of one); `reach` is the least of their mean, a control stays below `below`. */
export async function measured(row, measure = ({ evaluation }) => evaluation.mean, runs = train) {
  const results = await runs(row);
  const means = await Promise.all(results.map(measure));
  const { iqm, interval } = summary(means);
  const isMet = row.reach === undefined ? iqm < row.below : iqm >= row.reach;
  process.stderr.write(
    `${row.algorithm} on ${row.env}: ${short(iqm)} (${between(interval)})${isMet ? "" : ", not met"}\n`,
  );
  return { ...row, steps: results[0].steps, means, iqm, interval, isMet, results };
}

export const short = (x) => x.toFixed(Math.abs(x) >= 10 ? 1 : 3).replace(/^-(0\.0+)$/, "$1");
export const between = ([low, high]) => `${short(low)} to ${short(high)}`;
export const thousands = (x) => x.toLocaleString("en");
const target = ({ reach, below }) => {
  if (reach !== undefined) return `≥ ${reach}`;
  return below === undefined ? "compared" : `control: < ${below}`;
};
export const yes = (isMet) => (isMet ? "yes" : "**no**");
const reached = (row) => (row.reach === undefined && row.below === undefined ? "" : yes(row.isMet));

/** A table in Markdown. */
export function table(head, rows) {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** A table of measured rows. */
export function tableOfMeans(rows) {
  return table(
    ["algorithm", "environment", "steps", "target", "interquartile mean", "interval", "by seed", "reached"],
    rows.map((row) => [
      ...[row.algorithm, row.env, thousands(row.steps), target(row)],
      ...[short(row.iqm), between(row.interval), row.means.map(short).join(", "), reached(row)],
    ]),
  );
}

/** Where and when: what a study says of itself. */
export function provenance(name, file) {
  return `Command: \`npm run study:${name}\` (seeds from ${firstSeed} on; presets as \`limpid list <algorithm>\` shows them, unless said otherwise below).
Date: ${new Date().toISOString().slice(0, 10)}. Node ${process.version}, ${cpus()[0].model.trim()}. The same seed gives the same figures on any machine;
\`${file}\` beside this file has them all, with the hashes of the parameters.`;
}

/** Lists of rows by name; with --merge the rows that were not run now are those that are stored. */
export function withStored(name, lists) {
  if (!options.merge) return lists;
  const file = join(root, `docs/studies/${name}.json`);
  const stored = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const id = ({ algorithm, env, set }) => JSON.stringify([algorithm, env, set]);
  return Object.fromEntries(
    Object.entries(lists).map(([list, rows]) => {
      const known = stored[list] ?? [];
      const isNew = (row) => known.every((other) => id(other) !== id(row));
      return [list, [...known.map((row) => rows.find((other) => id(other) === id(row)) ?? row), ...rows.filter(isNew)]];
    }),
  );
}

/** Writes `docs/studies/<name>.md` and `.json` where every row is known, and prints the text. */
export function publish(name, text, data) {
  if (only === undefined || options.merge) store(name, text, data);
  console.log(text);
}

/** Writes them as they are so far, where rows may be added one by one: a long study that is cut short loses one row at most. */
export function keep(name, text, data) {
  if (options.merge) store(name, text, data);
}

function store(name, text, data) {
  mkdirSync(join(root, "docs/studies"), { recursive: true });
  writeFileSync(join(root, `docs/studies/${name}.md`), text);
  // Where a run lay for the while says nothing to anyone else.
  const kept = JSON.stringify(data, (key, value) => (key === "run" ? undefined : value), 2);
  writeFileSync(join(root, `docs/studies/${name}.json`), `${kept}\n`);
}
