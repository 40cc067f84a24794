/**
 * Makes docs/images/limpid.png: trains everything that it shows, in a headless browser, and takes a screenshot.
 * `node scripts/picture.mjs [file]`; it takes about a minute.
 */
import { cpSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const file = process.argv[2] ?? join(root, "docs", "images", "limpid.png");
/** What a README should not be made heavier by. */
const LARGEST = 300_000;

const jiti = createJiti(import.meta.url);
const { serveFolder } = await jiti.import("../test/support/browser.ts");
const { fontsFolder, launchChromium } = await jiti.import("../test/support/chromium.ts");

const folder = mkdtempSync(join(tmpdir(), "limpid-picture-"));
try {
  await build({
    root: join(root, "scripts", "picture"),
    configFile: false,
    logLevel: "error",
    resolve: {
      alias: [
        { find: /^limpid$/, replacement: join(root, "src", "index.ts") },
        { find: /^limpid\/(.*)$/, replacement: join(root, "src", "$1", "index.ts") },
      ],
    },
    build: { outDir: folder, emptyOutDir: true, target: "es2022" },
  });
  // The browser's own fonts, so that the picture looks the same wherever it is made.
  cpSync(fontsFolder(), join(folder, "fonts"), { recursive: true });
  const server = await serveFolder(folder);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1100, height: 700 }, deviceScaleFactor: 2 });
    const faults = [];
    page.on("pageerror", (error) => faults.push(error.stack));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    await page.goto(server.url);
    await page.waitForFunction("document.title === 'done' || document.title === 'failed'", null, { timeout: 600_000 });
    if (faults.length > 0) throw new Error(`in the page: ${faults.join("; ")}`);
    await page.locator("#picture").screenshot({ path: file });
  } finally {
    await browser.close();
    await server.close();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const { size } = statSync(file);
if (size > LARGEST) throw new Error(`${file} has ${size} bytes, more than ${LARGEST}`);
console.log(`${file}: ${size} bytes`);
