import { existsSync } from "node:fs";
import { join } from "node:path";

/** What a group of seeds was begun with, so that it can be gone on with. */
export const GROUP_FILE = "seeds.json";

/** Whether a directory holds a group of seeds. */
export function isGroup(path: string): boolean {
  return existsSync(join(path, GROUP_FILE));
}
