/** `limpid lab`: an experiment that answers a question, its figures, and the verdict that they allow. */

import { join } from "node:path";
import { draw, findLab, type LabResult, labPage, renderLab, runLab } from "../labs/index.ts";
import { atomicWrite } from "../node/atomic-write.ts";
import { RunDirectory } from "../node/run-directory.ts";
import { writeFigures } from "./figure-files.ts";
import { readInteger } from "./options.ts";
import { Output } from "./output.ts";

export interface LabCommandOptions {
  readonly thorough?: boolean;
  readonly seed?: string;
  readonly out?: string;
  readonly figures?: boolean;
  readonly json?: boolean;
}

/** A verdict against a claim is an answer too: the exit code is 0 whatever was found. */
export async function labCommand(name: string, options: LabCommandOptions): Promise<number> {
  const output = new Output(options.json);
  const lab = findLab(name);
  const seed = readInteger("--seed", options.seed ?? "1", 0);
  const place = options.out ?? "labs";
  RunDirectory.make(place);
  output.say(`${lab.question}\n\nWhat would count as an answer: ${lab.criterion}\n`);
  const result = runLab(lab, { seed, thorough: options.thorough === true });
  output.say(renderLab(result));
  const files = { page: join(place, `${lab.name}.html`), json: join(place, `${lab.name}.json`) };
  atomicWrite(files.page, labPage(result));
  atomicWrite(files.json, `${JSON.stringify(result)}\n`);
  output.say(`\nThe figures are in ${files.page}.`);
  const figures = options.figures && (await writeFigures(join(place, lab.name), figuresOf(result), output));
  output.result({ ...result, files: { ...files, ...(figures && { figures }) } });
  return 0;
}

/** SVG text by a name made of the title. */
function figuresOf({ charts }: LabResult): Record<string, string> {
  const names = charts.map(({ text }) => text.title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-"));
  return Object.fromEntries(
    charts.map((chart, i) => [`${i + 1}-${names[i]!.slice(0, 40).replace(/-$/, "")}`, draw(chart)]),
  );
}
