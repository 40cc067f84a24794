/** `limpid bench`: how fast this machine is at what limpid does. */

import { bench } from "./bench.ts";
import { Output } from "./output.ts";

export async function benchCommand(options: { readonly json?: boolean }): Promise<number> {
  const output = new Output(options.json);
  const figures = await bench((name, value) => output.say(`${name}: ${Number(value.toPrecision(4))}`));
  output.result(figures);
  return 0;
}
