/** This very package under the names by which a user's file imports it. */

import { readFileSync } from "node:fs";

/**
 * `limpid` and its subpaths as loaded modules. A user's environment must get these, not a second copy from its own
 * `node_modules` (two copies know nothing of each other), and must find them even where nothing is installed beside it.
 */
export async function ownModules(): Promise<Record<string, unknown>> {
  const { exports } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  // The same layout in the sources and in the package, where only the extension differs.
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const modules: Record<string, unknown> = {};
  for (const [subpath, target] of Object.entries<string>(exports)) {
    if (!target.endsWith(".js")) continue;
    const url = new URL(target.replace(/^\.\/dist\//, "../").replace(/\.js$/, extension), import.meta.url);
    modules[`limpid${subpath.slice(1)}`] = await import(url.href);
  }
  return modules;
}
