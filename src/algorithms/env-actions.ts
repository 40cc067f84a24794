import { Box, type Space } from "../spaces/index.ts";

/**
 * Sampled actions `[N, A]` as `BatchEnv.step` takes them, into `out`: those of a Box are limited to its bounds. Only the
 * environment sees the limit; what is learned from keeps the action as it was drawn, since its probability belongs to that.
 */
export function toEnvActions(space: Space<unknown>, actions: ArrayLike<number>, out: Float32Array): void {
  if (!(space instanceof Box)) {
    out.set(actions);
    return;
  }
  const { low, high, actionSize } = space;
  for (let i = 0; i < actions.length; i++) {
    const k = i % actionSize;
    out[i] = Math.min(Math.max(actions[i]!, low[k]!), high[k]!);
  }
}
