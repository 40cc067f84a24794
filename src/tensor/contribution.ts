import type { Tensor } from "./tensor.ts";

/**
 * What the samples of a batch add to the gradient of one operand that they share, as the operation knows it: factored,
 * because the per-sample gradients themselves are N times as large as the parameter. N is the number of samples and every
 * first axis holds them in order, k rows each.
 *
 * | form | gradient of sample i |
 * |---|---|
 * | `product` | Σ_t δ_it ⊗ x_it over the rows t of the sample; `x` `[N·k, …, in]`, `delta` `[N·k, …, out]` |
 * | `columns` | the same with the last two axes exchanged: `x` `[N·k, in, T]`, `delta` `[N·k, out, T]` |
 * | `lookup` | δ_it added to row index_it; `index` int32 `[N·k, …]`, `delta` `[N·k, …, D]` |
 * | `broadcast` | the rows of sample i in `delta` (the shape that the operand was broadcast to), summed to the operand's shape |
 */
export type Contribution =
  | { readonly form: "product"; readonly x: Tensor; readonly delta: Tensor }
  | { readonly form: "columns"; readonly x: Tensor; readonly delta: Tensor }
  | { readonly form: "lookup"; readonly index: Tensor; readonly delta: Tensor }
  | { readonly form: "broadcast"; readonly delta: Tensor };

/** From the gradient of the result to what each sample adds to the gradient of the operand. */
export type PerSampleRule = (dy: Tensor) => Contribution;
