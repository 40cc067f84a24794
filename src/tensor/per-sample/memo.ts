import type { Tensor } from "../tensor.ts";

/**
 * Results by what was computed and from where: the same numbers are asked for through different views, for weight and bias, by
 * every network on one observation and, where one memo serves several losses of one forward pass, for each of them.
 */
export class Memo {
  // Operands are kept too: were they collected, others could come to lie in their place.
  readonly #known = new Map<string, { readonly operands: readonly Tensor[]; readonly result: Tensor }>();

  /** The result, made if it is asked for the first time. */
  of(name: string, operands: readonly Tensor[], make: () => Tensor): Tensor {
    const key = `${name} ${operands.map(({ pointer, shape }) => `${pointer}:${shape}`).join(" ")}`;
    const found = this.#known.get(key) ?? { operands, result: make() };
    this.#known.set(key, found);
    return found.result;
  }
}
