/** Text from the command line as values. */

import { existsSync } from "node:fs";
import { basename, relative } from "node:path";
import { ConfigError } from "../errors.ts";

/**
 * The hyperparameters of `--set name=value`, later ones before earlier ones. A value is JSON (`0.1`, `true`, `null`,
 * `{"schedule":"linear","from":1}`), a list without brackets (`64,64`), or else text.
 * @throws ConfigError for one without `=`
 */
export function readAssignments(assignments: readonly string[] = []): Record<string, unknown> {
  return Object.fromEntries(
    assignments.map((assignment) => {
      const [, name, value] = /^\s*([^=\s][^=]*)=(.*)$/s.exec(assignment) ?? [];
      if (name === undefined || value === undefined) {
        throw new ConfigError({ field: "--set", value: assignment, allowed: "name=value, as in learningRate=0.001" });
      }
      return [name.trim(), readValue(value)];
    }),
  );
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (/^[^{}[\]"]*,/.test(text)) return text.split(",").map(readValue);
    return readNumber(text);
  }
}

/** A number where the text is one, or the text, for a message that shows what was given. */
export function readNumber(text: string): number | string {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

/**
 * An option's integer.
 * @throws ConfigError that shows the text
 */
export function readInteger(field: string, text: string, atLeast: 0 | 1): number {
  const value = readNumber(text);
  if (Number.isSafeInteger(value) && (value as number) >= atLeast) return value as number;
  throw new ConfigError({ field, value: text, allowed: atLeast === 1 ? "a positive integer" : "an integer from 0 on" });
}

/** How to call the command once more: as it was called this time. */
export function commandLine(...args: readonly string[]): string {
  const script = process.argv[1] ?? "limpid";
  const isInstalled = basename(script) === "limpid" || !existsSync(script);
  const npx = process.env.npm_command === "exec" ? "npx limpid" : "limpid";
  return [isInstalled ? npx : `node ${quoted(relative(process.cwd(), script))}`, ...args.map(quoted)].join(" ");
}

function quoted(argument: string): string {
  return /^[\w@%+=:,./#-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
