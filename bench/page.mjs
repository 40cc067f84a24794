// What bench/browser.mjs runs in a page and in Node: steps per second of a whole training, after a short one to warm up.
import { train } from "../dist/index.js";

export default function stepsPerSecond(config) {
  for (const _ of train({ ...config, steps: config.steps / 10 }));
  const run = train(config);
  const start = performance.now();
  for (const _ of run);
  return run.step / ((performance.now() - start) / 1000);
}
