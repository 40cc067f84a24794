import { add, affine, concat, exp, mul, slice, square, sub, sum, type Tensor, zeros } from "../../tensor/index.ts";

/** Entries of a lower-triangular matrix of `size` rows. */
export function triangularSize(size: number): number {
  return (size * (size + 1)) / 2;
}

/**
 * A(s, a) = −½ (a − μ)ᵀ P (a − μ) with P = L Lᵀ (Gu et al. 2016, section 4), which is never above 0 and 0 only for a = μ: `[B]`.
 * L is lower-triangular with a positive main diagonal, so P is positive definite; (a − μ)ᵀ P (a − μ) is the squared length of
 * Lᵀ(a − μ).
 *
 * @param actions `[B, A]`
 * @param means `[B, A]` μ
 * @param entries `[B, A(A + 1)/2]` L by its diagonals, from the main one, of which these are the logarithms, to the corner below
 */
export function quadraticAdvantage(actions: Tensor, means: Tensor, entries: Tensor): Tensor {
  const [rows, size] = means.shape as [number, number];
  const away = sub(actions, means);
  let product = mul(exp(slice(entries, 1, 0, size)), away);
  let from = size;
  // Entry L[j + k, j] of diagonal k multiplies entry j + k of a − μ and adds to entry j of the product.
  for (let k = 1; k < size; k++) {
    const part = mul(slice(entries, 1, from, from + size - k), slice(away, 1, k, size));
    product = add(product, concat([part, zeros([rows, k], part.dtype)], 1));
    from += size - k;
  }
  return affine(sum(square(product), 1), -0.5, 0);
}
