/** The command `limpid` as a user starts it, built from the present sources. */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Puts the command into a few files, as the package has it: it starts in half the time, and tests start it hundreds of times. */
const bundler = join(root, "scripts", "bundle-command.mjs");

/** Of this process; the sources do not change while it runs. */
let built: string | undefined;

/**
 * The path of an up-to-date `dist/cli/main.js`. It is built beside node_modules under a name made from the sources, by
 * translating each file alone (types are checked elsewhere), so that it is made once per state of the sources and tests
 * that run side by side do not disturb each other.
 */
export function builtCommand(): string {
  built ??= build();
  return built;
}

function build(): string {
  const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter(
      (path) => path.endsWith(".ts") && !path.endsWith(".test.ts") && !path.startsWith(join("kernels", "assembly")),
    )
    .sort();
  const texts = sources.map((path) => readFileSync(join(root, "src", path), "utf8"));
  const name = createHash("sha256")
    .update(JSON.stringify([sources, texts, readFileSync(bundler, "utf8")]))
    .digest("hex")
    .slice(0, 16);
  const builds = join(root, "node_modules", ".cache", "limpid-command");
  const build = join(builds, name);
  if (!existsSync(build)) {
    const unfinished = `${build}.${process.pid}`;
    for (const [i, path] of sources.entries()) {
      const target = join(unfinished, "dist", path.replace(/\.ts$/, ".js"));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, translate(texts[i], path));
    }
    copyFileSync(join(root, "package.json"), join(unfinished, "package.json"));
    const bundle = `(await import(${JSON.stringify(pathToFileURL(bundler).href)})).bundleCommand()`;
    execFileSync(process.execPath, ["--input-type=module", "--eval", `await ${bundle};`], { cwd: unfinished });
    removeOld(builds);
    try {
      renameSync(unfinished, build);
    } catch {
      rmSync(unfinished, { recursive: true }); // another test was faster
    }
  }
  return join(build, "dist", "cli", "main.js");
}

/** Builds of earlier sources; those of the last hour may still be in use. */
function removeOld(builds: string): void {
  for (const name of readdirSync(builds)) {
    const path = join(builds, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > 3_600_000) rmSync(path, { recursive: true, force: true });
  }
}

function translate(text: string, fileName: string): string {
  const { outputText } = ts.transpileModule(text, {
    fileName,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  });
  return outputText;
}

export interface Outcome {
  /** Exit status, null where a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The JSON value on the last line of stdout. */
  json(): Record<string, unknown>;
}

export interface StartOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A shell line to run before the command, such as `ulimit -f 100`. */
  readonly before?: string;
}

/** Starts the command; `outcome` settles when it has ended. */
export function start(
  args: readonly string[],
  options: StartOptions,
): { child: ChildProcess; outcome: Promise<Outcome> } {
  const command = [process.execPath, builtCommand(), ...args];
  const [file, ...rest] = options.before ? ["sh", "-c", `${options.before} && exec "$@"`, "sh", ...command] : command;
  const child = spawn(file, rest, { cwd: options.cwd, env: { ...process.env, ...options.env } });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve({ code, signal, ...output, json: () => JSON.parse(output.stdout.trimEnd().split("\n").at(-1) ?? "") });
    });
  });
  return { child, outcome };
}

/** Runs the command to its end. */
export function limpid(args: readonly string[], options: StartOptions): Promise<Outcome> {
  return start(args, options).outcome;
}
