// `npm run study:ppo`: PPO with its presets on every classic-control task, five seeds each, through the command line as a user
// would; the table goes to docs/studies/ppo.md and the raw figures to docs/studies/ppo.json.
// Options: --seeds 1,2,3,4,5  --envs CartPole-v1,…  --jobs N (runs at the same time, default: all cores)
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";

const TARGETS = {
  "CartPole-v1": 500,
  "Acrobot-v1": -90,
  "MountainCar-v0": -120,
  "Pendulum-v1": -200,
  "MountainCarContinuous-v0": 85,
};
const EPISODES = 20;

const root = fileURLToPath(new URL("..", import.meta.url));
const main = join(root, "dist/cli/main.js");
const { values: options } = parseArgs({
  options: {
    seeds: { type: "string", default: "1,2,3,4,5" },
    envs: { type: "string", default: Object.keys(TARGETS).join(",") },
    jobs: { type: "string", default: String(availableParallelism()) },
  },
});
const seeds = options.seeds.split(",").map(Number);
const envs = options.envs.split(",");
const folder = mkdtempSync(join(tmpdir(), "limpid-study-"));

const run = promisify(execFile);
async function limpid(...args) {
  const { stdout } = await run(process.execPath, [main, ...args, "--json"], { maxBuffer: 1 << 26 });
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

async function study(env, seed) {
  const out = join(folder, `${env}-${seed}`);
  const trained = await limpid("train", "ppo", env, "--seed", String(seed), "--out", out);
  // Episodes that training never saw, and of another seed than the training's own evaluation.
  const evaluated = await limpid("evaluate", out, "--episodes", String(EPISODES), "--seed", String(10_000 + seed));
  const result = {
    env,
    seed,
    steps: trained.steps,
    seconds: trained.seconds,
    median: median(evaluated.returns),
    mean: evaluated.mean,
    std: evaluated.std,
    parametersSha256: trained.parametersSha256,
  };
  process.stderr.write(`${env} seed ${seed}: median ${result.median.toFixed(1)} after ${result.steps} steps\n`);
  return result;
}

const jobs = envs.flatMap((env) => seeds.map((seed) => ({ env, seed })));
const results = [];
await Promise.all(
  Array.from({ length: Number(options.jobs) }, async () => {
    for (let job = jobs.shift(); job; job = jobs.shift()) results.push(await study(job.env, job.seed));
  }),
);
rmSync(folder, { recursive: true, force: true });
results.sort((a, b) => envs.indexOf(a.env) - envs.indexOf(b.env) || a.seed - b.seed);

const rows = envs.map((env) => {
  const own = results.filter((r) => r.env === env);
  const medians = own.map((r) => r.median);
  const reached = medians.filter((m) => m >= TARGETS[env]).length;
  const cells = [env, own[0].steps.toLocaleString("en"), TARGETS[env], median(medians).toFixed(1)];
  return [
    ...cells,
    medians.map((m) => m.toFixed(1)).join(", "),
    Math.min(...medians).toFixed(1),
    `${reached} of ${own.length}`,
  ];
});
const table = [
  [
    "environment",
    "steps",
    "target",
    "median over seeds",
    `medians of ${EPISODES} episodes by seed`,
    "worst seed",
    "reached",
  ],
  Array(7).fill("---"),
  ...rows,
].map((cells) => `| ${cells.join(" | ")} |`);
const text = `# PPO on classic control

Command: \`npm run study:ppo\` (seeds ${seeds.join(", ")}; presets as \`limpid list algorithms\` shows them).
Date: ${new Date().toISOString().slice(0, 10)}. Node ${process.version}, ${cpus()[0].model.trim()}.

Each figure is the median return of ${EPISODES} deterministic evaluation episodes (raw rewards) after training, one per seed. The same
seed gives the same figures on any machine; \`ppo.json\` beside this file has them all, with the hash of the parameters.

${table.join("\n")}
`;
mkdirSync(join(root, "docs/studies"), { recursive: true });
writeFileSync(join(root, "docs/studies/ppo.md"), text);
writeFileSync(join(root, "docs/studies/ppo.json"), `${JSON.stringify(results, null, 2)}\n`);
console.log(table.join("\n"));
