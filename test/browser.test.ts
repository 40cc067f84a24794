import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callInBrowser, serveFolder, withPage } from "./support/browser.ts";

describe("the browser that tests use", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "limpid-browser-test-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const entry = (code: string) => {
    writeFileSync(join(folder, "entry.ts"), code);
    return join(folder, "entry.ts");
  };

  it("calls a TypeScript module in the page", async () => {
    const code =
      "export default async (x: number) => ({ twice: 2 * x, here: typeof document, agent: navigator.userAgent });";
    const result = await callInBrowser<{ twice: number; here: string; agent: string }>(entry(code), 21);
    expect(result).toMatchObject({ twice: 42, here: "object" });
    expect(result.agent).toMatch(/Chrome/);
  });

  it("passes on what goes wrong in the page", async () => {
    await expect(callInBrowser(entry('export default () => { throw new Error("oh"); };'), 0)).rejects.toThrow(/oh/);
    const needsNode = 'import { readFileSync } from "node:fs"; export default () => readFileSync("/etc/hosts");';
    await expect(callInBrowser(entry(needsNode), 0)).rejects.toThrow();
    const page =
      "<link rel=icon href=data:,><script>onerror = () => { document.title = 'failed'; }; nothing();</script>";
    writeFileSync(join(folder, "index.html"), page);
    const noticed = withPage(folder, async (page) => await page.waitForFunction("document.title === 'failed'"));
    await expect(noticed).rejects.toThrow(/nothing is not defined/);
  });

  it("serves nothing outside the folder", async () => {
    const server = await serveFolder(folder);
    try {
      writeFileSync(join(folder, "a.json"), "{}");
      const get = async (path: string) => (await fetch(server.url + path)).status;
      expect([await get("a.json"), await get("none"), await get("..%2f..%2fetc%2fhosts")]).toEqual([200, 404, 404]);
    } finally {
      await server.close();
    }
  });
});
