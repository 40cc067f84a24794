import {
  add,
  affine,
  argMax,
  broadcastTo,
  clip,
  gatherRows,
  mul,
  persistent,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from "../../tensor/index.ts";

/** Random numbers of a search, one tensor for each of its iterations, `[B, M, A]` or `[1, M, A]` for the same in all rows. */
export interface SearchDraws {
  /** Uniform on −1 … 1: the first actions. */
  readonly first: Tensor;
  /** Standard normal. */
  readonly later: readonly Tensor[];
}

/**
 * The cross-entropy method (Rubinstein 1999) as a search for the best of all actions between −1 and 1, for B observations side by
 * side (QT-Opt: Kalashnikov et al. 2018, section 4.2): of M actions the E best give mean and deviation of a normal distribution,
 * from which come the next M. The best action of the last round: `[B, A]`. No gradient.
 *
 * @param rows B
 * @param values Q `[B·M]` of `actions` `[B·M, A]`, those of one observation together
 * @param elites E, at most M
 */
export function crossEntropyMaximum(
  rows: number,
  values: (actions: Tensor) => Tensor,
  { first, later }: SearchDraws,
  elites: number,
): Tensor {
  const [, samples, size] = first.shape as [number, number, number];
  const identity = oneHotRows(samples);
  const judge = (actions: Tensor) => reshape(values(reshape(actions, [rows * samples, size])), [rows, samples]);
  let actions = broadcastTo(first, [rows, samples, size]);
  for (const draws of later) {
    const chosen = reshape(markBest(judge(actions), elites, identity), [rows, samples, 1]);
    const average = (x: Tensor) => affine(sum(mul(x, chosen), 1, true), 1 / elites, 0);
    const centre = average(actions);
    const deviation = sqrt(average(square(sub(actions, centre))));
    actions = clip(add(mul(draws, deviation), centre), -1, 1);
  }
  const best = reshape(markBest(judge(actions), 1, identity), [rows, samples, 1]);
  return sum(mul(actions, best), 1);
}

/** Below every value there is. */
const FAR = -1e9;

/**
 * 1 for the `count` greatest of each row, else 0: `[B, M]`. One after the other, since equal values are common where actions
 * stand at their bounds, and a threshold would let all of them in.
 */
function markBest(values: Tensor, count: number, identity: Tensor): Tensor {
  let marked = gatherRows(identity, argMax(values));
  for (let k = 1; k < count; k++) {
    const left = add(values, affine(marked, FAR, 0));
    marked = add(marked, gatherRows(identity, argMax(left)));
  }
  return marked;
}

function oneHotRows(size: number): Tensor {
  const rows = persistent([size, size], "float32");
  for (let i = 0; i < size; i++) rows.data[i * size + i] = 1;
  return rows;
}
