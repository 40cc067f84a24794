import { describe, expect, it } from "vitest";
import { isBelow } from "./claims.ts";
import { type Lab, runLab } from "./lab.ts";
import { labPage } from "./page.ts";
import { labs } from "./registry.ts";
import { renderLab } from "./text.ts";

/** A lab of one comparison, whose numbers the test gives. */
function lab(smaller: readonly number[], larger: readonly number[]): Lab {
  const points = [{ x: 0, y: 1, low: 0.5, high: 1.5 }];
  return {
    name: "one & two",
    question: "Is 1 < 2?",
    criterion: "the difference",
    experiment: () => ({
      repetitions: smaller.length,
      tables: [
        { title: "T", columns: ["found"], rows: [{ name: "<one>", cells: [{ mean: 1, low: 0.5, high: 1.5 }] }] },
      ],
      charts: [
        { kind: "line", text: { title: "L", x: "x", y: "y" }, series: [{ name: "a", points }] },
        { kind: "rows", text: { title: "B", x: "x", y: "" }, names: ["c"], points },
      ],
      claims: [isBelow("one < two", { name: "one", values: smaller }, { name: "two", values: larger })],
    }),
  };
}

const settings = { seed: 1, thorough: false };

describe("the result of a lab", () => {
  it("is one page with its figures inside, and nothing to load", () => {
    const page = labPage(runLab(lab([1, 1.1], [2, 2.1]), settings));
    expect(page.match(/<svg /g)).toHaveLength(2);
    expect(page).toContain("<h1>Is 1 &lt; 2?</h1>");
    expect(page).toContain("<td>&lt;one&gt;</td><td>1 [0.5, 1.5]</td>");
    expect(page).toContain("limpid lab one &amp; two --seed 1");
    expect(page.replaceAll('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/<script|<link|src=|href=|https?:/);
  });

  it("says what the figures say, in text and on the page", () => {
    for (const [smaller, larger, words] of [
      [[1, 1.1], [2, 2.1], "supported"],
      [[2, 2.1], [1, 1.1], "not supported"],
      [[1, 3], [2, 2.1], "left open"],
    ] as const) {
      const result = runLab(lab(smaller, larger), settings);
      expect(renderLab(result)).toContain(`Verdict: ${words}. `);
      expect(labPage(result)).toContain(`<b>${words}</b><br>`);
    }
  });
});

describe("every lab", () => {
  it.each(Object.entries(labs))("%s asks, and says what would count as an answer", (name, { question, criterion }) => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(question).toMatch(/\?$/);
    expect(criterion).toMatch(/\.$/);
  });
});
