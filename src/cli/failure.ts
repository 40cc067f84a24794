/** How the command ends when something went wrong: one sentence on stderr, and the right exit code. */

import { CommanderError } from "commander";
import { EnvironmentError, LimpidError } from "../errors.ts";
import { systemFailure } from "../node/system-failure.ts";
import { placeOf } from "../node/user-place.ts";
import type { Failure } from "./messages.ts";

/** A failure that another thread has described. */
export class DescribedFailure extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.sentence);
    this.failure = failure;
  }
}

/**
 * Says what went wrong, with `--json` also as `{ "error": … }` on stdout.
 * @returns the exit code: 2 for what the user gave wrong, 1 for everything else
 */
export function reportFailure(error: unknown, json: boolean): number {
  // Help that was shown because no command was given says enough.
  if (error instanceof CommanderError && error.code === "commander.help") return 2;
  const { sentence, exitCode, trace } = describeFailure(error);
  process.stderr.write(`${sentence}\n`);
  if (process.env.LIMPID_DEBUG) process.stderr.write(trace);
  if (json) process.stdout.write(`${JSON.stringify({ error: sentence })}\n`);
  return exitCode;
}

/** What went wrong, in one sentence. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof DescribedFailure) return error.failure;
  let trace = "";
  for (let cause = error; cause instanceof Error; cause = cause.cause) trace += `${cause.stack}\n`;
  return { ...sentenceOf(error), trace };
}

function sentenceOf(error: unknown): { sentence: string; exitCode: 1 | 2 } {
  if (error instanceof LimpidError) {
    const place = error instanceof EnvironmentError ? placeOf(error.cause) : undefined;
    return { sentence: `limpid: ${error.message}${place ? ` (${place})` : ""}`, exitCode: error.exitCode };
  }
  if (error instanceof CommanderError) {
    const message = error.message
      .replace(/^error: /, "")
      .replace(/\s*\n\s*/g, " ")
      .replace(/\.$/, "");
    const isLoose = error.code === "commander.excessArguments" && process.argv.includes("--set");
    const fix = isLoose ? "Give each hyperparameter with a --set of its own" : "See limpid --help";
    return { sentence: `limpid: ${message}. ${fix}.`, exitCode: 2 };
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const firstLine = message.split("\n")[0];
  return { sentence: `limpid failed unexpectedly: ${firstLine} (LIMPID_DEBUG=1 shows where).`, exitCode: 1 };
}

/** Ends when the output cannot be written: without a word where nobody reads it, as in `limpid list | head -1` (128 + SIGPIPE). */
export function endWithReader(): void {
  process.stderr.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 141 : 1));
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(141);
    process.exit(reportFailure(systemFailure("the output", "written", error), false));
  });
}
