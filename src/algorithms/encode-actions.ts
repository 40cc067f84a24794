import { Discrete, MultiDiscrete, type Space } from "../spaces/index.ts";
import { cast, concat, type FloatType, gatherRows, persistent, reshape, slice, type Tensor } from "../tensor/index.ts";

/**
 * Makes what turns actions `[N, …]` into numbers a network can read, `[N, flatSize]`: each choice becomes a one-hot row,
 * switches and continuous actions stay as they are.
 */
export function actionEncoder(space: Space<unknown>, dtype: FloatType = "float32"): (actions: Tensor) => Tensor {
  if (space instanceof Discrete) {
    const rows = identity(space.n, dtype);
    return (actions) => gatherRows(rows, actions);
  }
  if (space instanceof MultiDiscrete) {
    const choices = space.nvec.map((n) => identity(n, dtype));
    return (actions) => {
      const choice = (i: number) => reshape(slice(actions, 1, i, i + 1), [actions.shape[0]!]);
      return concat(
        choices.map((rows, i) => gatherRows(rows, choice(i))),
        1,
      );
    };
  }
  return (actions) => cast(actions, dtype);
}

function identity(size: number, dtype: FloatType): Tensor {
  const rows = persistent([size, size], dtype);
  for (let i = 0; i < size; i++) rows.data[i * size + i] = 1;
  return rows;
}
