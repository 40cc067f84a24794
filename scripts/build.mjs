// Builds everything: the kernels, the copy of planck, then the library (plain tsc output, one file per module) and the command.
import { execFileSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildKernels } from "./build-kernels.mjs";
import { buildPlanck } from "./build-planck.mjs";
import { bundleCommand } from "./bundle-command.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
await buildKernels();
await buildPlanck();
rmSync("dist", { recursive: true, force: true });
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], { stdio: "inherit" });
await bundleCommand();
chmodSync("dist/cli/main.js", 0o755);
