/** Where in the user's own file something went wrong. */

import { fileURLToPath } from "node:url";

/** This package's sources, or what was built from them, as a URL and as a path. */
const OWN = new URL("..", import.meta.url).href;
const OWN_PATH = fileURLToPath(OWN);

/** `/home/me/my-env.ts:12`: the innermost place in an error's stack outside Node, packages and limpid itself, if there is one. */
export function placeOf(error: unknown): string | undefined {
  const frames = error instanceof Error ? (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line)) : [];
  const own = frames.filter((line) => !/node:|node_modules|[\\/]jiti[\\/]/.test(line) && !isOurs(line));
  return /\(?(?:file:\/\/)?([^\s()]+:\d+):\d+\)?$/m.exec(own.join("\n"))?.[1];
}

function isOurs(frame: string): boolean {
  return frame.includes(OWN) || frame.includes(OWN_PATH);
}
