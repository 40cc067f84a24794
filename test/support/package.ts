/** The package as a user installs it: built and packed by npm from a copy of the sources, and installed into a new project. */

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const SOURCES = [
  "package.json",
  "tsconfig.json",
  "tsconfig.build.json",
  "README.md",
  "CHANGELOG.md",
  "LICENSE",
  "scripts",
  "src",
];

/**
 * Runs `npm pack`, and with it the build, in a copy: tests beside this one may be using `dist/`.
 * @returns the path of the `.tgz`
 */
export function packPackage(folder: string): string {
  const copy = join(folder, "sources");
  mkdirSync(copy, { recursive: true });
  for (const name of SOURCES.filter((name) => existsSync(join(root, name)))) {
    // With their times, so that kernels that are up to date are not compiled again.
    cpSync(join(root, name), join(copy, name), { recursive: true, preserveTimestamps: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  npm(copy, ["pack", "--pack-destination", folder]);
  return join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz"))!);
}

/** A new ES-module project with the package installed, and nothing else but what that brings along. */
export function installPackage(folder: string, tgz: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  npm(folder, ["install", "--prefer-offline", tgz]);
}

function npm(cwd: string, args: readonly string[]): void {
  try {
    execFileSync("npm", args, { cwd, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`npm ${args.join(" ")} failed: ${stdout}${stderr}`);
  }
}
