import { ConfigError, ShapeError } from "../errors.ts";
import { maskFill, type Tensor } from "../tensor/index.ts";
import { isRecording } from "../tensor/memory.ts";

/** Finite, so that 0 times its log-probability is 0 and not NaN; exp of it is exactly 0 beside any logit a network gives. */
const FORBIDDEN = -1e8;

/** Logits with those of forbidden actions (mask 0) so low that they get probability 0 and no gradient. */
export function maskLogits(logits: Tensor, mask: Tensor | undefined): Tensor {
  if (mask === undefined) return logits;
  if (mask.shape.join() !== logits.shape.join()) {
    throw new ShapeError({ field: "action mask", value: mask.shape, allowed: `of shape [${logits.shape}]` });
  }
  return maskFill(logits, mask, FORBIDDEN);
}

/**
 * Throws ConfigError unless every choice of every row has an allowed action.
 * @param mask `[N, Σ sizes]`, 1 where allowed
 * @param sizes number of actions of each choice
 */
export function requireAllowedAction(mask: ArrayLike<number>, sizes: readonly number[]): void {
  const width = sizes.reduce((sum, n) => sum + n, 0);
  for (let start = 0, row = 0; start < mask.length; start += width, row++) {
    let from = start;
    for (const [choice, n] of sizes.entries()) {
      let allowed = 0;
      for (let i = from; i < from + n; i++) allowed += mask[i];
      if (allowed === 0) {
        const where = sizes.length === 1 ? `row ${row}` : `choice ${choice} of row ${row}`;
        throw new ConfigError({
          field: "action mask",
          value: Array.from({ length: n }, (_, i) => mask[from + i]),
          allowed: `1 for at least one action in ${where}`,
        });
      }
      from += n;
    }
  }
}

/** The same before sampling, where values can be looked at: while a plan is recorded there are none yet. */
export function checkBeforeSampling(mask: Tensor | undefined, sizes: readonly number[]): void {
  if (mask !== undefined && !isRecording()) requireAllowedAction(mask.data, sizes);
}
