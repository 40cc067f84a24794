/**
 * Runs the code blocks of a document in an empty folder of their own, as a reader would who has limpid installed there. The
 * rules are in docs/guide/README.md.
 */

import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { bundle, withPage } from "./browser.ts";
import { builtCommand } from "./command.ts";
import { type Block, isPrinted } from "./markdown.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Marks what `console.log(…); // this` printed, and in which line. */
const [SAID, LINE_END, SAID_END] = ["\u0001", "\u0002", "\u0003"];
const PRELUDE = `import { format as limpidFormat } from "node:util";
const limpidSay = (line, ...values) => console.log("${SAID}" + line + "${LINE_END}" + limpidFormat(...values) + "${SAID_END}");
`;

/** A folder with limpid in its `node_modules`, built from the present sources. */
export function readersFolder(folder: string): void {
  const command = builtCommand();
  chmodSync(command, 0o755);
  mkdirSync(join(folder, "node_modules", ".bin"), { recursive: true });
  symlinkSync(join(dirname(command), "..", ".."), join(folder, "node_modules", "limpid"));
  symlinkSync(command, join(folder, "node_modules", ".bin", "limpid"));
  writeFileSync(join(folder, "package.json"), '{ "name": "reader", "private": true, "type": "module" }');
}

/** Runs a block, and gives back what it printed; undefined where nothing was to be run. */
export async function runBlock(block: Block, folder: string): Promise<string | undefined> {
  const { language, info, text, line, notRun } = block;
  if (notRun !== undefined) return undefined;
  if (language === "sh") return runShell(text, folder);
  if (language === "text") throw new Error("a text block must follow what prints it");
  if (language !== "ts") throw new Error(`there is no rule for a block of "${language}"`);
  if (info === "browser") return await runInBrowser(text, folder, line);
  const name = info === "" ? `block-${line}.ts` : info;
  writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, name.replace(/\.ts$/, ".js")), PRELUDE + translate(text));
  return info === "" ? runNode(name, text, folder) : undefined;
}

/** JavaScript with the lines of the TypeScript, and `console.log` marked where a comment says what it prints. */
function translate(text: string): string {
  const marked = text
    .split("\n")
    .map((line, i) => (/\); \/\/ \S/.test(line) ? line.replace(/\bconsole\.log\(/, `limpidSay(${i}, `) : line))
    .join("\n");
  const { outputText } = ts.transpileModule(marked, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  });
  return outputText;
}

function runNode(name: string, text: string, folder: string): string {
  const printed = runShell(`node ${name}`, folder);
  const lines = text.split("\n");
  for (const [, line, said] of printed.matchAll(new RegExp(`${SAID}(\\d+)${LINE_END}([^${SAID_END}]*)`, "g"))) {
    const claim = lines[Number(line)]!.replace(/^.*\); \/\/ /, "");
    const flat = said!.replace(/\s+/g, " ");
    if (!isPrinted(claim, flat)) throw new Error(`line ${Number(line) + 1} says ${claim}, and prints ${flat}`);
  }
  return printed.replace(new RegExp(`${SAID}\\d+${LINE_END}|${SAID_END}`, "g"), "");
}

/** Each line as a command; one that ends in `# exits with N` must do so, every other one with 0. */
function runShell(text: string, folder: string): string {
  let printed = "";
  for (const command of text.replaceAll("\\\n", "").split("\n")) {
    const [, words, status = "0"] = /^(.*?)\s*(?:# exits with (\d+))?$/.exec(command)!;
    if (words === "" || words!.startsWith("#")) continue;
    const [program, ...rest] = words!.split(/\s+/);
    if (program === "npm") requireScript(rest);
    if (program === "npm" || (program === "npx" && rest[0] !== "limpid")) continue;
    if (!["npx", "limpid", "node", "ls", "cat"].includes(program!)) throw new Error(`there is no rule for: ${words}`);
    const line = words!.replace(/^npx /, "").replace(/^node (\S+)\.ts/, "node $1.js");
    const path = [join(folder, "node_modules", ".bin"), dirname(process.execPath), process.env.PATH].join(":");
    const npx = program === "npx" ? { npm_command: "exec" } : { npm_command: undefined };
    const env = { ...process.env, ...npx, PATH: path };
    // One stream, so that errors stand where a terminal would show them.
    const result = spawnSync("sh", ["-c", `${line} 2>&1`], { cwd: folder, env, encoding: "utf8" });
    if (String(result.status) !== status) throw new Error(`${words}\nexits with ${result.status}:\n${result.stdout}`);
    printed += result.stdout;
  }
  return printed;
}

/** Npm itself is not run, but what it is told to run must exist. */
function requireScript([command, name]: readonly string[]): void {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const script = command === "run" ? name! : command!;
  if (["ci", "install"].includes(script) || Object.hasOwn(scripts, script)) return;
  throw new Error(`package.json has no script "${script}"`);
}

/** Bundles the block, opens it in a page that can fetch the folder's files, and waits until it sets `document.title`. */
async function runInBrowser(text: string, folder: string, line: number): Promise<string> {
  const [entry, script] = [join(folder, `block-${line}.ts`), join(folder, `block-${line}.bundle.js`)];
  writeFileSync(entry, text);
  writeFileSync(script, await bundle(entry));
  const tag = `<script>onerror = onunhandledrejection = () => { document.title = "failed"; };</script>
    <script type="module" src="./block-${line}.bundle.js"></script>`;
  writeFileSync(join(folder, "index.html"), `<!doctype html><link rel="icon" href="data:,"><body>${tag}`);
  try {
    return await withPage(folder, async (page) => {
      await page.waitForFunction("document.title !== ''", null, { timeout: 60_000 });
      return await page.title();
    });
  } finally {
    rmSync(join(folder, "index.html"));
  }
}

/** What a strict compiler says about all TypeScript files of these folders, with limpid's own sources as its types. */
export function typeErrors(folders: readonly string[]): string[] {
  const files = folders.flatMap((folder) =>
    readdirSync(folder).flatMap((name) => (name.endsWith(".ts") ? [join(folder, name)] : [])),
  );
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    module: ts.ModuleKind.NodeNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    allowImportingTsExtensions: true,
    types: ["node"],
    typeRoots: [join(root, "node_modules", "@types")],
    paths: { limpid: [join(root, "src/index.ts")], "limpid/*": [join(root, "src/*/index.ts")] },
  });
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const at = file ? `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1}: ` : "";
    return at + ts.flattenDiagnosticMessageText(messageText, " ");
  });
}
