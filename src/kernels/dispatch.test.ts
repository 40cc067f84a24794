import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { Op } from "./opcodes.ts";

const source = readFileSync(new URL("./assembly/dispatch.ts", import.meta.url), "utf8");
const operations = Object.keys(Op).filter((name) => Number.isNaN(Number(name)) && name !== "Count");

it("the table of kernels has one row for each operation, in the order of the numbers", () => {
  const rows = [...source.matchAll(/^ {2}\/\* (\w+) \*\/ p => (\w+)<f32>\(p\), p => (\w+)<f64>\(p\),$/gm)];
  expect(rows.map((row) => row[1])).toEqual(operations);
  for (const [, name, single, double] of rows) {
    expect(single).toBe(double);
    const expected = name.charAt(0).toLowerCase() + name.slice(1);
    expect([expected, `${expected}Kernel`]).toContain(single);
  }
  expect(operations.length).toBe(Op.Count);
});
