/** `limpid inspect`: the table and the figures of what the microscope saw in one run, or in several. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../errors.ts";
import { figures, type InspectionRecord, renderSummary, summarise } from "../inspection/index.ts";
import { atomicWrite } from "../node/atomic-write.ts";
import { RunDirectory } from "../node/run-directory.ts";
import { isGroup } from "./group-file.ts";
import { commandLine } from "./options.ts";
import { Output } from "./output.ts";

export interface InspectCommandOptions {
  readonly out?: string;
  readonly json?: boolean;
}

export async function inspectCommand(paths: readonly string[], options: InspectCommandOptions): Promise<number> {
  const output = new Output(options.json);
  const runs = paths.flatMap(runsIn);
  const records = runs.map(recordsOf);
  const summary = summarise(records);
  output.say(renderSummary(summary));
  const place = options.out ?? join(paths[0]!, "figures");
  RunDirectory.make(place);
  const drawn = Object.entries(figures(records[0]!, summary)).map(([name, svg]) => {
    const path = join(place, `${name}.svg`);
    atomicWrite(path, svg);
    return path;
  });
  output.say(`\n${drawn.length} figures are in ${place}.`);
  output.result({ ...summary, figures: drawn });
  return 0;
}

/** The runs of a group of seeds, or the one run. */
function runsIn(path: string): string[] {
  if (!isGroup(path)) return [path];
  const places = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return places.map(({ name }) => join(path, name)).filter(hasRun);
}

function hasRun(path: string): boolean {
  return readdirSync(path).includes("config.json");
}

/** @throws ConfigError where nobody looked at the run */
function recordsOf(path: string): InspectionRecord[] {
  // Whatever has a step may stand in the file; a record of an unknown kind is passed over.
  const records = RunDirectory.open(path).inspection.rows() as unknown as InspectionRecord[];
  if (records.length > 0) return records;
  const fix = `Train with --inspect, or go on with it: ${commandLine("train", "--resume", path, "--inspect", "--steps", "…")}`;
  throw new ConfigError({ field: "run", value: path, allowed: "one that was trained with --inspect", fix });
}
