/** Figures as files: SVG, and PNG beside it where there is what draws it. */
import { join } from "node:path";
import { loadPngWriter, PNG_NEEDS } from "../node/animation/png.ts";
import { atomicWrite } from "../node/atomic-write.ts";
import { RunDirectory } from "../node/run-directory.ts";
import type { Output } from "./output.ts";

const LIBRARY = `a library that is not installed: npm install ${PNG_NEEDS}`;

/**
 * Their paths.
 * @param figures SVG text by name
 */
export async function writeFigures(
  place: string,
  figures: Readonly<Record<string, string>>,
  output: Output,
): Promise<string[]> {
  RunDirectory.make(place);
  const png = await loadPngWriter();
  const paths: string[] = [];
  const write = (name: string, content: string | Uint8Array) => {
    paths.push(join(place, name));
    atomicWrite(paths.at(-1)!, content);
  };
  for (const [name, svg] of Object.entries(figures)) {
    write(`${name}.svg`, svg);
    if (png?.hasFonts) write(`${name}.png`, await png.write(svg));
  }
  const count = `\n${Object.keys(figures).length} figures are in ${place}`;
  if (png?.hasFonts) output.say(`${count}, each as SVG and as PNG.`);
  else
    output.say(`${count}. They are SVG; as PNG too they need ${png ? "a font, and this machine has none." : LIBRARY}`);
  return paths;
}
