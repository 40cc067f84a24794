import type { Distribution } from "../../distributions/index.ts";
import { type Gradients, mul, noGrad, pullBack, pushForward, type Tensor } from "../../tensor/index.ts";

/**
 * F·v, where F is the Fisher information of a policy in its network's parameters, averaged over the N observations of the
 * batch: exact, without second derivatives (Schulman et al. 2015, appendix C.1). With J the Jacobian of the distribution's
 * coordinates in the parameters and M the Fisher information in those coordinates, F·v = Jᵀ·(M·(J·v)) / N: one walk forward
 * over the recorded network, a product per row, one walk back.
 *
 * @param policy of N observations
 * @param v a direction for each parameter, of its shape
 * @returns F·v, read with `of(parameter)`
 */
export function fisherProduct(policy: Distribution, v: ReadonlyMap<Tensor, Tensor>): Gradients {
  const { coordinates } = policy;
  const [rows] = coordinates.shape as [number];
  const moved = pushForward(coordinates, v);
  const cotangent = noGrad(() => mul(policy.fisher(moved), 1 / rows));
  return pullBack(coordinates, cotangent);
}
