// Learning from data alone, as a part of a study: CartPole's expert is cloned, and from data of which half is random, conservative
// Q-learning is compared with cloning and with Q-learning that is not conservative. Alone: `node studies/offline.mjs [seeds]`.
import { argv } from "node:process";
import { pathToFileURL } from "node:url";
import { evaluate, recordDataset, train } from "limpid";
import { joinDatasets } from "limpid/data";
import { bootstrapInterval, interquartileMean } from "limpid/estimators";
import { Key } from "limpid/random";

const ENV = "CartPole-v1";
const VALUES = { algorithm: "cql", steps: 4000, learningRate: 1e-3, targetUpdateInterval: 1, tau: 0.01 };

/** What is learned from, by which method, and what it must reach. */
const ARMS = [
  {
    name: "behaviour cloning, expert",
    data: "expert",
    config: { algorithm: "behaviour-cloning", steps: 2000 },
    reach: 475,
  },
  { name: "behaviour cloning, half random", data: "half", config: { algorithm: "behaviour-cloning", steps: 2000 } },
  { name: "CQL, half random", data: "half", config: { ...VALUES, alpha: 1 } },
  { name: "Q-learning (α = 0), half random", data: "half", config: { ...VALUES, alpha: 0 } },
];

/** @returns a row for every arm: mean returns by seed, their interquartile mean and its 95 % interval, whether the target is met */
export function offlineStudy({ seeds = [1, 2, 3, 4, 5], say = () => {} } = {}) {
  const expert = train({ algorithm: "ppo", env: ENV, steps: 40_000, seed: 1 });
  for (const { step } of expert) if (step >= 26_000) break;
  const played = (steps, seed) => recordDataset(expert.policy, { env: ENV, steps, seed });
  const recorded = {
    expert: (seed) => played(3000, seed),
    half: (seed) => joinDatasets([played(1500, seed), recordDataset(undefined, { env: ENV, steps: 1500, seed })]),
  };
  return ARMS.map(({ name, data, config, reach }) => {
    const means = seeds.map((seed) => {
      const run = train({ env: ENV, seed, ...config }, { dataset: recorded[data](seed) });
      for (const _ of run);
      const { mean } = evaluate(run.policy, { env: ENV, episodes: 20, seed: 10_000 + seed });
      say(`${name}, seed ${seed}: ${mean.toFixed(1)}`);
      return mean;
    });
    const interval = bootstrapInterval(means, interquartileMean, Key.fromSeed(0).split("interval over seeds").stream());
    const iqm = interquartileMean(means);
    return { algorithm: name, env: ENV, steps: config.steps, reach, means, iqm, interval, isMet: !(iqm < reach) };
  });
}

if (import.meta.url === pathToFileURL(argv[1] ?? "").href) {
  const seeds = Array.from({ length: Number(argv[2] ?? 5) }, (_, i) => i + 1);
  console.log(JSON.stringify(offlineStudy({ seeds, say: (line) => process.stderr.write(`${line}\n`) }), null, 2));
}
