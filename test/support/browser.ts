/** Runs code in a headless browser: a folder served on 127.0.0.1, or a module bundled by Vite as a user's page would be. */

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, resolve, sep } from "node:path";
import type { Page } from "playwright-core";
import { build, type Rollup } from "vite";
import { launchChromium } from "./chromium.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/** Serves a folder on 127.0.0.1, on a port that the system chooses. */
export async function serveFolder(folder: string): Promise<{ url: string; close(): Promise<void> }> {
  const root = resolve(folder);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const path = join(root, decodeURIComponent(pathname.endsWith("/") ? `${pathname}index.html` : pathname));
    const found = path.startsWith(root + sep) && statSync(path, { throwIfNoEntry: false })?.isFile();
    response.writeHead(found ? 200 : 404, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" });
    response.end(found ? readFileSync(path) : "not found");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/**
 * Opens a folder's `index.html` in a fresh browser, hands the page to `use`, and closes everything.
 * An uncaught error in the page, or an error on its console, fails the call.
 */
export async function withPage<T>(folder: string, use: (page: Page) => Promise<T>): Promise<T> {
  const server = await serveFolder(folder);
  try {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(error.message));
      page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
      await page.goto(server.url);
      const result = await use(page).catch((error: unknown) => {
        throw faults.length > 0 ? new Error(`in the page: ${faults.join("; ")}`, { cause: error }) : error;
      });
      if (faults.length > 0) throw new Error(`in the page: ${faults.join("; ")}`);
      return result;
    } finally {
      await browser.close();
    }
  } finally {
    await server.close();
  }
}

/** Bundles a module (TypeScript too) and everything that it imports, now or later, into one ES module, as `vite build` would. */
export async function bundle(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "error",
    build: {
      ...{ write: false, minify: false, target: "es2022", lib: { entry, formats: ["es"], fileName: "bundle" } },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const [output] = result as Rollup.RollupOutput[];
  return output!.output[0].code;
}

/**
 * Calls a module's default export in the browser, with a JSON value, and gives back its JSON result.
 * @param entry path of the module
 * @param code the same, where it is a bundle already
 */
export async function callInBrowser<T>(entry: string, argument: unknown, code?: string): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "limpid-page-"));
  try {
    writeFileSync(join(folder, "bundle.js"), code ?? (await bundle(entry)));
    writeFileSync(join(folder, "index.html"), '<!doctype html><link rel="icon" href="data:,"><title>test</title>');
    // As text, since Vitest rewrites what an import() in a function calls.
    const call = `import("/bundle.js").then((module) => module.default(${JSON.stringify(argument)}))`;
    return await withPage(folder, (page) => page.evaluate<T>(call));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
