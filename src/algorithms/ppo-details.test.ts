import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const root = new URL("../../", import.meta.url);
const text = readFileSync(new URL("docs/ppo-details.md", root), "utf8");

interface Reference {
  readonly file: string;
  readonly name: string;
}

function referencesIn(markdown: string): Reference[] {
  return [...markdown.matchAll(/`([\w./-]+\.ts)#(\w+)`/g)].map(([, file, name]) => ({ file: file!, name: name! }));
}

/** Does the file declare something of this name: a function, class, constant, method or field? */
function declares({ file, name }: Reference): boolean {
  const path = new URL(file, root);
  if (!existsSync(path)) return false;
  const words = "(export |async |readonly |function |class |const |interface |type |get )*";
  return new RegExp(`^\\s*${words}#?${name}[<(:?]?\\b`, "m").test(readFileSync(path, "utf8"));
}

describe("docs/ppo-details.md", () => {
  const references = referencesIn(text);

  it("lists the 37 details and four more, section by section", () => {
    const sections = text.split(/^## /m).slice(1);
    const rows = sections.map((section) => [...section.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number)));
    expect(rows.map((numbers) => numbers.length)).toEqual([13, 9, 9, 5, 1, 4]);
    for (const numbers of rows) expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  });

  it("refers to what exists", () => {
    expect(references.length).toBeGreaterThan(30);
    expect(references.filter((reference) => !declares(reference))).toEqual([]);
    const files = [...text.matchAll(/`([\w./-]+\.ts)`/g)].map(([, file]) => file!);
    expect(files.filter((file) => !existsSync(new URL(file, root)))).toEqual([]);
  });

  it("would notice a name that is gone", () => {
    expect(declares({ file: "src/algorithms/ppo.ts", name: "ppoLoss" })).toBe(true);
    expect(declares({ file: "src/algorithms/ppo.ts", name: "ppoLos" })).toBe(false);
    expect(declares({ file: "src/algorithms/ppo.ts", name: "explainedVariance" })).toBe(false);
    expect(declares({ file: "src/algorithms/gone.ts", name: "ppo" })).toBe(false);
  });
});
