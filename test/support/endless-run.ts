/** Writes a run as fast as it can until it is killed: `endless-run.ts <directory>`. Used by crash.test.ts. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { readSafetensors, writeSafetensors } from "../../src/nn/safetensors.ts";
import { RunDirectory } from "../../src/node/index.ts";

const path = process.argv[2]!;
const run = existsSync(join(path, "config.json")) ? RunDirectory.resume(path) : RunDirectory.create(path, { seed: 1 });
let step = run.latestCheckpoint(readSafetensors)?.step ?? 0;
run.rewind(step);
for (;;) {
  step += 1;
  run.metrics.append({ step, padding: "x".repeat(500) });
  const data = new Float64Array(20_000).fill(step);
  run.saveCheckpoint(step, writeSafetensors({ data: { dtype: "F64", shape: [data.length], data } }), 2);
  process.stdout.write(`${step}\n`);
}
