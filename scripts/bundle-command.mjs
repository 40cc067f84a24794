// The command in a few files instead of hundreds: finding and reading them was a fifth of the time to the first update.
// What others import from the package stays one file per module.
import { readFileSync, renameSync, rmSync } from "node:fs";
import { rolldown } from "rolldown";

const { dependencies, peerDependencies } = JSON.parse(readFileSync("package.json", "utf8"));

export async function bundleCommand() {
  const bundle = await rolldown({
    // The command, the threads that it starts by the names of their files, and the clock of bench/contenders.
    input: Object.fromEntries(
      ["main", "training-thread", "seed-worker", "bench/measure"].map((name) => [name, `dist/cli/${name}.js`]),
    ),
    external: Object.keys({ ...dependencies, ...peerDependencies }),
    platform: "node",
  });
  // All in the folder that they were made from, where they find each other and package.json by the same paths as before.
  await bundle.write({ dir: "dist/command", entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" });
  await bundle.close();
  rmSync("dist/cli", { recursive: true });
  renameSync("dist/command", "dist/cli");
}
