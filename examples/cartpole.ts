/** Train, watch, evaluate: `node examples/cartpole.ts` (Node 20: `npx jiti examples/cartpole.ts`). */
import { evaluate, train } from "limpid";

const run = train({ algorithm: "ppo", env: "CartPole-v1", steps: 100_000, seed: 1 });

for (const { step, metrics } of run) {
  if (step % 10_240 !== 0) continue;
  const mean = metrics["episode/return"];
  console.log(String(step).padStart(6), "#".repeat(mean / 10), mean.toFixed(1));
}

const { mean, std } = evaluate(run.policy, { env: "CartPole-v1", episodes: 20, seed: 7 });
console.log(`20 episodes: ${mean} ± ${std}`);
