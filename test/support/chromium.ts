/**
 * A Chromium that npm has brought along (@sparticuz/chromium): unpacked once per version, shared by parallel test workers, and
 * with the libraries it needs where the system has none, so that tests need no system package.
 */

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";

const cache = fileURLToPath(new URL("../../node_modules/.cache/limpid/", import.meta.url));

/** Starts the browser; the caller closes it. */
export async function launchChromium(): Promise<Browser> {
  const home = unpacked();
  const executablePath = join(home, "chromium");
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value;
  if (execFileSync("ldd", [executablePath], { encoding: "utf8" }).includes("not found")) {
    env.LD_LIBRARY_PATH = join(home, "al2023", "lib");
  }
  if (!existsSync("/etc/fonts")) env.FONTCONFIG_PATH = join(home, "fonts");
  // No sandbox: containers seldom allow one. The pages are our own.
  const args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"];
  return await chromium.launch({ executablePath, env, args, headless: true });
}

/** The fonts that the browser's package has brought along: Open Sans. */
export function fontsFolder(): string {
  return join(unpacked(), "fonts", "fonts", "Open_Sans");
}

/** The folder with the browser, which appears whole (by a rename) or not at all. */
function unpacked(): string {
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const { version } = JSON.parse(readFileSync(join(dirname(entry), "..", "..", "package.json"), "utf8"));
  const home = join(cache, `chromium-${version}`);
  if (existsSync(home)) return home;
  mkdirSync(cache, { recursive: true });
  const temporary = mkdtempSync(join(cache, "unpacking-"));
  try {
    // The package unpacks into the temporary folder, and its libraries (al2023) only where it believes to run on Lambda.
    const script = 'import chromium from "@sparticuz/chromium"; await chromium.executablePath();';
    execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: dirname(entry),
      env: { ...process.env, TMPDIR: temporary, AWS_LAMBDA_JS_RUNTIME: "nodejs20.x" },
    });
    renameSync(temporary, home);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    // Another worker may have been faster; a folder that is not empty cannot be replaced by a rename.
    if (!existsSync(home)) throw error;
  }
  return home;
}
