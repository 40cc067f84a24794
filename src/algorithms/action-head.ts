import { Categorical, DiagonalGaussian, type Distribution } from "../distributions/index.ts";
import { ConfigError } from "../errors.ts";
import { Box, Discrete, type Space } from "../spaces/index.ts";
import type { Tensor } from "../tensor/index.ts";

/** What lies between a network's output and an environment's actions, for one action space. */
export interface ActionHead {
  /** Outputs that the network must have. */
  readonly size: number;
  /** Has it a log σ for each output, independent of the state? */
  readonly hasLogStd: boolean;
  /** Shape of one action as the distribution gives it: `[]` for a single choice, else `[K]`. */
  readonly actionShape: readonly number[];
  readonly actionType: "int32" | "float32";
  build(output: Tensor, options: { logStd?: Tensor | undefined; mask?: Tensor | undefined }): Distribution;
  /** N sampled actions as `BatchEnv.step` takes them, into `out`; continuous ones are limited to the space's bounds. */
  toEnv(actions: ArrayLike<number>, out: Float32Array): void;
}

export function actionHead(space: Space<unknown>): ActionHead {
  if (space instanceof Discrete) {
    return {
      size: space.n,
      hasLogStd: false,
      actionShape: [],
      actionType: "int32",
      build: (output, { mask }) => new Categorical(output, mask),
      toEnv: (actions, out) => out.set(actions),
    };
  }
  if (space instanceof Box) {
    const { low, high, actionSize } = space;
    return {
      size: actionSize,
      hasLogStd: true,
      actionShape: [actionSize],
      actionType: "float32",
      build: (output, { logStd }) => new DiagonalGaussian(output, logStd!),
      toEnv(actions, out) {
        for (let i = 0; i < actions.length; i++) {
          const k = i % actionSize;
          out[i] = Math.min(Math.max(actions[i]!, low[k]!), high[k]!);
        }
      },
    };
  }
  throw new ConfigError({
    field: "action space",
    value: space.kind,
    allowed: "discrete, multi-discrete, multi-binary or box",
  });
}
