/**
 * Pong, from losing every game to winning every one, in about half a minute of one core: `node examples/pong.ts` (Node 20:
 * `npx jiti examples/pong.ts`).
 * The recording needs two libraries more: `npm install @napi-rs/canvas@1.1.1 gifenc@1.0.3`.
 */
import { evaluate, train } from "limpid";
import { openRecording } from "limpid/node";

const run = train({
  algorithm: "ppo",
  env: "Pong-v0",
  seed: 1,
  steps: 3_500_000,
  nEnvs: 32,
  nSteps: 128,
  batchSize: 1024,
  nEpochs: 4,
  learningRate: "lin_0.002",
  entCoef: 0.02, // explore: it is not enough to return the ball, it must get past the other player
  hidden: [64, 64],
  activation: "relu",
});

let next = 0;
for (const { step, metrics } of run) {
  const score = metrics["episode/return"]; // of the last games, from −21 to 21; none has ended at first
  if (score === undefined || step < next) continue;
  console.log(`${String(step).padStart(7)} ${"#".repeat(score + 21)} ${score.toFixed(1)}`);
  next = step + 100_000;
}

const recording = await openRecording({ env: "Pong-v0" });
const { mean, min } = evaluate(run.policy, { env: "Pong-v0", episodes: 20, seed: 7, watch: recording.watch });
recording.save("pong.gif");
console.log(
  `20 games: ${mean.toFixed(1)} of 21, the worst ${min}; pong.gif shows ${recording.seconds.toFixed(0)} s of them`,
);
