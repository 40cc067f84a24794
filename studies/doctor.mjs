// `npm run study:doctor`: what the doctor says of seeded faults, and of runs that learn; the table goes to docs/studies/doctor.md and the
// raw figures to docs/studies/doctor.json. It runs the sources, since the faults are written there (test/support/doctor).
// Options: --first-seed 11 (as `npm run study:doctor` has it: thresholds were chosen with a look at 1 and 2)  --seeds 3
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createJiti } from "jiti";

const { values: options } = parseArgs({
  options: { "first-seed": { type: "string", default: "1" }, seeds: { type: "string", default: "3" } },
});
const root = fileURLToPath(new URL("..", import.meta.url));
const jiti = createJiti(import.meta.url);
const { loadEnv } = await jiti.import("../src/envs/index.ts");
const { train } = await jiti.import("../src/training/index.ts");
const { examine } = await jiti.import("../src/doctor/index.ts");
const { faults, moreFaults, healthy, moreHealthy, trainedHealthy } = await jiti.import(
  "../test/support/doctor/cases.ts",
);

const first = Number(options["first-seed"]);
const seeds = Array.from({ length: Number(options.seeds) }, (_, i) => first + i);
await loadEnv("LunarLander-v3");

function measured(subject) {
  const before = process.cpuUsage().user;
  const { diagnoses } = examine(subject);
  const seconds = (process.cpuUsage().user - before) / 1e6;
  return {
    diagnoses: diagnoses.map(({ part, hyperparameter, certainty, finding }) => ({
      part,
      hyperparameter,
      certainty,
      finding,
    })),
    seconds,
  };
}

const named = ({ part, hyperparameter }) => (hyperparameter === undefined ? part : `${part}: ${hyperparameter}`);
const isRight = ({ parts, hyperparameter }, [diagnosis]) =>
  diagnosis !== undefined &&
  parts.includes(diagnosis.part) &&
  (hyperparameter === undefined || diagnosis.hyperparameter === hyperparameter);

/** One after the other, with a turn of the event loop between them: memory of runs that are gone returns then. */
async function overSeeds(measure) {
  const results = [];
  for (const seed of seeds) {
    results.push({ seed, ...measure(seed) });
    await new Promise(setImmediate);
  }
  return results;
}

async function faultRow(fault) {
  const results = await overSeeds((seed) => measured(fault.subject(seed)));
  const right = results.filter(({ diagnoses }) => isRight(fault, diagnoses)).length;
  process.stderr.write(`${fault.fault}: ${right} of ${seeds.length}\n`);
  return { fault: fault.fault, right, results };
}

async function healthyRow(name, subject, isTrained) {
  const results = await overSeeds((seed) => {
    const one = subject(seed);
    const metrics = isTrained ? Array.from(train(one.run), ({ metrics }) => metrics) : undefined;
    return measured({ ...one, metrics });
  });
  const silent = results.filter(({ diagnoses }) => diagnoses.length === 0).length;
  process.stderr.write(`${name}: silent on ${silent} of ${seeds.length}\n`);
  return { name: isTrained ? `${name}, trained to its end` : name, silent, results };
}

const rows = { faults: [], moreFaults: [], healthy: [] };
for (const fault of faults) rows.faults.push(await faultRow(fault));
for (const fault of moreFaults) rows.moreFaults.push(await faultRow(fault));
const all = { ...healthy, ...moreHealthy };
for (const [name, subject] of Object.entries(all)) rows.healthy.push(await healthyRow(name, subject, false));
for (const name of trainedHealthy) rows.healthy.push(await healthyRow(name, all[name], true));

const table = (head, lines) =>
  [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const seconds = ({ results }) => (results.reduce((sum, { seconds }) => sum + seconds, 0) / results.length).toFixed(1);
const firsts = ({ results }) =>
  [...new Set(results.map(({ diagnoses }) => (diagnoses[0] ? named(diagnoses[0]) : "nothing")))].join("; ");
const after = ({ results }) =>
  [...new Set(results.flatMap(({ diagnoses }) => diagnoses.slice(1).map(named)))].join("; ") || "·";
const faultTable = (list) =>
  table(
    ["fault", "named first", "right", "named after it", "seconds"],
    list.map((row) => [row.fault, firsts(row), `${row.right} of ${seeds.length}`, after(row), seconds(row)]),
  );
const always = rows.faults.filter(({ right }) => right === seeds.length).length;
const silent = rows.healthy.filter(({ silent }) => silent === seeds.length).length;

const text = `# The doctor, shown faults and healthy runs

Command: \`npm run study:doctor\` (seeds ${seeds.join(", ")}: of the run, and of everything random).
Date: ${new Date().toISOString().slice(0, 10)}. Node ${process.version}. The same seed gives the same findings on any machine; seconds are those of one core, means over the seeds.
\`doctor.json\` beside this file has every finding.

The doctor knows none of the faults. Its thresholds were chosen with a look at seeds 1 and 2 of the runs in the first and the third table, before the seeds above were run.

## Ten faults

Each is in one place (\`test/support/doctor\`): in the environment, in a hyperparameter, or in the code of an actor-critic of one's own. The right part, and
hyperparameter where one is at fault, is named first on every seed for ${always} of ${rows.faults.length}.

${faultTable(rows.faults)}

## Further ones

${faultTable(rows.moreFaults)}

## Runs that learn

Nothing should be found. The doctor is silent on every seed for ${silent} of ${rows.healthy.length}. Of those that were trained to their end it read the metrics of the whole run,
of the others those of the beginning, which it trains itself.

${table(
  ["run", "silent", "found otherwise", "seconds"],
  rows.healthy.map((row) => [
    row.name,
    `${row.silent} of ${seeds.length}`,
    [...new Set(row.results.flatMap(({ diagnoses }) => diagnoses.map(named)))].join("; ") || "·",
    seconds(row),
  ]),
)}
`;
mkdirSync(join(root, "docs/studies"), { recursive: true });
writeFileSync(join(root, "docs/studies/doctor.md"), text);
writeFileSync(join(root, "docs/studies/doctor.json"), `${JSON.stringify({ seeds, ...rows }, null, 2)}\n`);
console.log(text);
