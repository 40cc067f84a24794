// `npm run study:pong`: Pong from numbers and from pixels, by points won or lost alone, and by playing against oneself; several seeds
// each, through the command line as a user would. Tables go to docs/studies/pong.md, curves to docs/studies/pong-*.svg, the raw
// figures to docs/studies/pong.json.
// Options: --seeds 5 (of Pong-v0; of pixels and of self-play at most 3)  --only ppo/Pong-v0,…  --merge
// Seconds are those that a run's threads computed, start and evaluation included, so that a busy machine does not count.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadPolicy, makeBatch, train as start } from "limpid";
import { eloRatings } from "limpid/estimators";
import { Key } from "limpid/random";
import { chart } from "./chart.mjs";
import {
  firstSeed,
  folder,
  keep,
  limpid,
  measured,
  options,
  provenance,
  publish,
  short,
  table,
  thousands,
  timed,
  wanted,
  withStored,
  yes,
} from "./support.mjs";

const few = { seeds: Math.min(3, Number(options.seeds)) };
/** `reach`: the least mean score of 100 games against the built-in opponent, of every seed; `within`: seconds of training. */
const ROWS = [
  { algorithm: "ppo", env: "Pong-v0", reach: 18, within: 60, name: "PPO, numbers" },
  { algorithm: "dqn", env: "Pong-v0", reach: 18, name: "DQN, numbers" },
  { algorithm: "self-play-ppo", env: "Pong-v0", reach: 15, name: "self-play, numbers", ...few },
  { algorithm: "reinforce", env: "PongDifference-v0", reach: 0.01, within: 1800, name: "REINFORCE, pixels", ...few },
  { algorithm: "ppo", env: "PongFrames-v0", reach: 18, within: 900, name: "PPO, pixels", ...few },
];
const place = ({ algorithm, env }) => ROWS.findIndex((row) => row.algorithm === algorithm && row.env === env);

/** A run for each seed, one at a time. */
async function runs({ algorithm, env, seeds = Number(options.seeds) }) {
  const results = [];
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const run = join(folder, `${algorithm}-${env}-${seed}`);
    const { report, cpuSeconds } = await timed("train", algorithm, env, "--seed", String(seed), "--out", run);
    results.push({ ...report, run, seed, cpuSeconds });
    process.stderr.write(`${algorithm} ${env} seed ${seed}: ${cpuSeconds.toFixed(0)} s\n`);
  }
  return results;
}

/** Mean score of 100 games, and the curve of training: seconds, steps, mean score of the last 100 games, Elo. */
async function play(result) {
  const { mean } = await limpid("evaluate", result.run, "--episodes", "100", "--seed", "1000");
  const lines = readFileSync(join(result.run, "metrics.jsonl"), "utf8").trim().split("\n");
  const points = lines
    .map((line) => JSON.parse(line))
    .filter((row) => row["episode/return"] !== undefined && row["time/seconds"] !== undefined)
    .map((row) => [
      (row.step / result.steps) * result.cpuSeconds,
      row.step,
      row["episode/return"],
      row["selfPlay/elo"],
    ]);
  const every = Math.ceil(points.length / 80);
  result.curve = points.filter((_, i) => i % every === every - 1 || i === points.length - 1);
  return mean;
}

const seconds = (row) => row.results.map(({ cpuSeconds }) => cpuSeconds);
function judged(row) {
  const isTimely = row.within === undefined || Math.max(...seconds(row)) <= row.within;
  return { ...row, isMet: Math.min(...row.means) >= row.reach && isTimely };
}

/** Games of eight stages of one run against each other, and their ratings, the first of which is 0. */
function tournament({ seed, games = 6, stages = 8 }) {
  const run = start({ algorithm: "self-play-ppo", env: "Pong-v0", seed });
  const kept = [{ step: 0, policy: loadPolicy(run.checkpoint()) }];
  for (const { step } of run) {
    if (step >= (kept.length * run.config.steps) / (stages - 1)) {
      kept.push({ step, policy: loadPolicy(run.checkpoint()) });
    }
  }
  const scores = kept.map(() => kept.map(() => 0));
  for (let i = 0; i < kept.length; i++) {
    for (let j = 0; j < i; j++) {
      for (let game = 0; game < games; game++) {
        const won = winner(
          kept[i].policy,
          kept[j].policy,
          Key.fromSeed(seed).split("game", games * (stages * i + j) + game),
        );
        scores[i][j] += won;
        scores[j][i] += 1 - won;
      }
    }
  }
  return { seed, games, steps: kept.map(({ step }) => step), scores, ratings: eloRatings(scores) };
}

/** 1 where the first player wins a game, who plays on the right. */
function winner(right, left, key) {
  const env = makeBatch("Pong-v0", 1);
  right.reseed(key.split("right"));
  left.reseed(key.split("left"));
  env.opponentSeat.opponent = (observations, actions) => {
    actions[0] = left.act(observations.slice());
  };
  env.reset(key);
  let score = 0;
  do {
    env.step(Float32Array.of(right.act(env.observations.slice())));
    score += env.rewards[0];
  } while (!env.terminated[0] && !env.truncated[0]);
  return score > 0 ? 1 : score < 0 ? 0 : 0.5;
}

const ofScores = (rows) =>
  table(
    ["algorithm", "environment", "steps", "seconds by seed", "score by seed", "target of every seed", "reached"],
    rows.map((row) => [
      ...[row.algorithm, row.env, thousands(row.steps)],
      ...[seconds(row).map((s) => s.toFixed(0)), row.means.map(short)].map((each) => each.join(", ")),
      `${row.reach < 1 ? "> 0" : `≥ ${row.reach}`}${row.within ? ` within ${row.within} s` : ""}`,
      yes(row.isMet),
    ]),
  );

const ofRatings = (matches) =>
  table(
    ["steps", ...matches.map(({ seed }) => `Elo, seed ${seed}`)],
    matches[0].steps.map((step, i) => [thousands(step), ...matches.map(({ ratings }) => ratings[i].toFixed(0))]),
  );

/** Whether ratings rise: how often the last one is the highest, and how often a stage is above the one before. */
function rise(matches) {
  const highest = matches.filter(({ ratings }) => ratings.at(-1) === Math.max(...ratings)).length;
  const steps = matches.flatMap(({ ratings }) => ratings.slice(1).map((rating, i) => rating > ratings[i]));
  return `The last stage has the highest rating on ${highest} of ${matches.length} seeds; a stage is above the one before it ${steps.filter(Boolean).length} times of ${steps.length}.`;
}

const RATINGS =
  "Stages of one run, six games for each pair of them: Elo ratings, of which 400 more are odds of ten to one for a game.";

/** Which rows are missing, or have fewer seeds than the study asks for; and what is to be known of stored ones. */
function remarks(scores) {
  const seedsOf = (row) => scores.find((other) => place(other) === place(row))?.results.length ?? 0;
  const wanting = ROWS.filter((row) => seedsOf(row) < (row.seeds ?? Number(options.seeds)));
  const names = wanting.map((row) => `${row.name} (${seedsOf(row)} of ${row.seeds ?? options.seeds} seeds)`);
  const notes = scores.flatMap(({ name, note }) => (note ? [`${name}: ${note}.`] : []));
  return [
    ...(names.length > 0 ? [`Not run yet with as many seeds as the study asks for: ${names.join("; ")}.`] : []),
    ...notes,
  ].join(" ");
}

const document = ({ scores, matches }) => `# Pong

${provenance("pong", "pong.json")}

## Scores

The mean score of 100 games against the built-in opponent, actions being the most likely ones: 21 is a game without a point lost, −21 one
without a point won. Seconds are those that the run computed, its start and the evaluation of 20 games included, whatever else the machine did. Every run learns from points alone, +1 and −1.

${ofScores(scores)}

Settings were chosen by seed 1. ${remarks(scores)}

The score of the last 100 games while learning (that of self-play is the score against itself and its past selves):

![Numbers: score against seconds](pong-numbers.svg)

![Pixels: score against seconds](pong-pixels.svg)

## Self-play

It never met the opponent it is measured against. ${matches.length > 0 ? RATINGS : "The tournament of its stages was not played yet."}

${matches.length > 0 ? `${ofRatings(matches)}\n\n${rise(matches)}` : ""}
`;

function draw({ scores }) {
  const named = (test) =>
    scores
      .filter(({ env }) => test(env))
      .map(({ name, results }) => ({
        name,
        runs: results.map(({ curve }) => curve.map(([time, , score]) => [time, score])),
      }));
  const studies = fileURLToPath(new URL("../docs/studies/", import.meta.url));
  for (const [file, series] of [
    ["numbers", named((env) => env === "Pong-v0")],
    ["pixels", named((env) => env !== "Pong-v0")],
  ]) {
    if (series.length === 0) continue;
    const title = `Pong from ${file}`;
    writeFileSync(join(studies, `pong-${file}.svg`), chart(series, { title, x: "seconds on one core", y: "score" }));
  }
}

const lists = { scores: [], matches: [] };
const inOrder = ({ scores, matches }) => ({ scores: scores.toSorted((a, b) => place(a) - place(b)), matches });
for (const row of ROWS.filter(wanted)) {
  lists.scores.push(judged(await measured(row, play, runs)));
  const known = inOrder(withStored("pong", lists));
  keep("pong", document(known), known);
}
if (wanted({ algorithm: "elo", env: "Pong-v0" })) {
  for (let seed = firstSeed; seed < firstSeed + few.seeds; seed++) {
    lists.matches.push({ algorithm: "elo", env: "Pong-v0", set: seed, ...tournament({ seed }) });
  }
}
const known = inOrder(withStored("pong", lists));
if (options.only === undefined || options.merge) draw(known);
publish("pong", document(known), known);
