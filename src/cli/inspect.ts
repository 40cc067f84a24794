/** `limpid inspect`: the table and the figures of what the microscope saw in one run, or in several. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../errors.ts";
import { figures, type InspectionRecord, renderSummary, summarise } from "../inspection/index.ts";
import { RunDirectory } from "../node/run-directory.ts";
import { writeFigures } from "./figure-files.ts";
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
  requireAlike(runs);
  const records = runs.map(recordsOf);
  const summary = summarise(records);
  output.say(renderSummary(summary));
  const place = options.out ?? join(paths[0]!, "figures");
  const drawn = await writeFigures(place, figures(records[0]!, summary), output);
  output.result({ ...summary, figures: drawn });
  return 0;
}

/** The runs of a group of seeds, or the one run. */
function runsIn(path: string): string[] {
  if (!isGroup(path)) return [path];
  const places = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = places.map(({ name }) => name).sort();
  const runs = names.map((name) => join(path, name)).filter(hasRun);
  if (runs.length > 0) return runs;
  throw new ConfigError({ field: "run", value: path, allowed: "one of which at least one seed has begun" });
}

function hasRun(path: string): boolean {
  return readdirSync(path).includes("config.json");
}

/** @throws ConfigError where means over the runs would mix what cannot be compared */
function requireAlike(paths: readonly string[]): void {
  const configs = paths.map((path) => RunDirectory.open(path).config() as Record<string, unknown>);
  const [first] = configs as [Record<string, unknown>];
  const fields = new Set(configs.flatMap(Object.keys));
  fields.delete("seed");
  configs.forEach((config, i) => {
    const other = [...fields].find((field) => JSON.stringify(config[field]) !== JSON.stringify(first[field]));
    if (other === undefined) return;
    const allowed = `several that differ in nothing but the seed; ${other} is not that of ${paths[0]}`;
    throw new ConfigError({ field: "runs", value: paths[i], allowed });
  });
}

/** @throws ConfigError where nobody looked at the run */
function recordsOf(path: string): InspectionRecord[] {
  // Whatever has a step may stand in the file; a record of an unknown kind is passed over.
  const records = RunDirectory.open(path).inspection.rows() as unknown as InspectionRecord[];
  if (records.length > 0) return records;
  const fix = `Train with --inspect, or go on with it: ${commandLine("train", "--resume", path, "--inspect", "--steps", "…")}`;
  throw new ConfigError({ field: "run", value: path, allowed: "one that was trained with --inspect", fix });
}
