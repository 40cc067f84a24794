// `npm run bench`: limpid on this Node and on Node 24, and the same work in jax-js and TensorFlow.js, each in a process of
// its own on one pinned core, one after the other; a table with ratios, and with --json one flat object on the last line.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const main = join(here, "../dist/cli/main.js");
const json = process.argv.includes("--json");
const say = (text) => process.stderr.write(`${text}\n`);

if (!existsSync(main)) execFileSync("npm", ["run", "build"], { cwd: join(here, ".."), stdio: ["ignore", 2, 2] });
if (!existsSync(join(here, "node_modules"))) {
  say("installing what limpid is measured against (bench/package-lock.json) …");
  execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: here, stdio: ["ignore", 2, 2] });
}

const pin = spawnSync("taskset", ["-c", "1", "true"]).status === 0 ? ["taskset", "-c", "1"] : [];
if (pin.length === 0) say("taskset is not to be had: not pinned to a core, expect noise");
const nodes = { node20: [process.execPath], node24: ["npx", "-y", "node@24"] };

function figures(node, args) {
  const [command, ...rest] = [...pin, ...node, ...args];
  const { status, stdout, stderr } = spawnSync(command, rest, { encoding: "utf8", maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

const versionOf = (node) => spawnSync(node[0], [...node.slice(1), "--version"], { encoding: "utf8" }).stdout.trim();
const results = {};
for (const [name, node] of Object.entries(nodes)) {
  say(`limpid on ${versionOf(node)} …`);
  results[name] = figures(node, [main, "bench", "--json"]);
  for (const contender of ["jax", "tfjs"]) {
    say(`${contender} on ${versionOf(node)} …`);
    results[`${name}.${contender}`] = figures(node, [join(here, "contenders", `${contender}.mjs`)]);
  }
}
say("limpid in headless Chromium …");
const chromium = figures(nodes.node20, [join(here, "browser.mjs")]);

const flat = {};
for (const [name, values] of Object.entries(results)) {
  for (const [figure, value] of Object.entries(values)) flat[`${name}.${figure}`] = value;
}
for (const [figure, value] of Object.entries(chromium)) flat[`chromium.${figure}`] = value;
const digits = (x) => (x === undefined ? "" : x >= 1000 ? Math.round(x).toLocaleString("en") : x.toPrecision(3));
const ratio = (own, other, figure) =>
  other === undefined ? "" : ` (${(figure.endsWith("Microseconds") ? other / own : own / other).toFixed(1)}×)`;
const head = ["figure", ...Object.keys(nodes).flatMap((n) => [`limpid ${n}`, `jax-js ${n}`, `TF.js ${n}`])];
const rows = Object.keys(results.node20).map((figure) => [
  figure,
  ...Object.keys(nodes).flatMap((n) => {
    const own = results[n][figure];
    const others = ["jax", "tfjs"].map((contender) => results[`${n}.${contender}`][figure]);
    return [digits(own), ...others.map((other) => digits(other) + ratio(own, other, figure))];
  }),
]);
const line = (cells) => `| ${cells.join(" | ")} |`;
const table = [
  ...[line(head), line(head.map(() => "---")), ...rows.map(line)],
  ...["", line(["in headless Chromium", ""]), line(["---", "---"])],
  ...Object.entries(chromium).map(([figure, value]) => line([figure, digits(value)])),
].join("\n");
if (json) say(table);
console.log(json ? JSON.stringify(flat) : table);
