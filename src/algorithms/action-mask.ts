import { requireAllowedAction } from "../distributions/index.ts";
import { ShapeError } from "../errors.ts";
import { MultiDiscrete, type Space } from "../spaces/index.ts";

/**
 * The mask that `Policy.act` was given, once it is known to leave something to choose.
 * @throws ShapeError for a mask of another length, ConfigError for one that allows nothing
 */
export function checkActionMask(mask: Uint8Array, actionSpace: Space<unknown>): Uint8Array {
  const { maskSize } = actionSpace;
  if (mask.length !== maskSize) {
    throw new ShapeError({ field: "action mask", value: mask, allowed: `of ${maskSize} entries, 1 where allowed` });
  }
  requireAllowedAction(mask, actionSpace instanceof MultiDiscrete ? actionSpace.nvec : [maskSize]);
  return mask;
}
