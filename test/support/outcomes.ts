/** What tests of the command expect of it when something is wrong. */

import { expect } from "vitest";
import type { Outcome } from "./command.ts";

/** What the user gave wrong, or what failed: one sentence, on stderr alone, and never a stack trace. */
export function expectFailure(outcome: Outcome, code: 1 | 2, sentence: RegExp): void {
  expect(outcome.code, outcome.stderr).toBe(code);
  const lines = outcome.stderr.trimEnd().split("\n");
  expect(lines.at(-1)).toMatch(sentence);
  expect(lines.at(-1)).toMatch(/^limpid: /);
  expect(outcome.stderr).not.toMatch(/^\s+at /m);
}

/** What the user gave wrong: exit code 2, that sentence and nothing else. */
export function expectMistake(outcome: Outcome, sentence: RegExp): void {
  expectFailure(outcome, 2, sentence);
  expect(outcome.stderr.trimEnd()).not.toContain("\n");
  expect(outcome.stdout).toBe("");
}
