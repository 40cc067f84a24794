import { Op } from "../../kernels/index.ts";
import { type Tensor, zeros } from "../../tensor/index.ts";
import { product } from "../../tensor/operations/gemm.ts";
import { emit } from "../../tensor/program.ts";
import { allocate } from "../../tensor/scope.ts";
import { differentiableTogether } from "../../tensor/tape.ts";
import { recurrentTerm } from "./recurrent-term.ts";
import { addToStep, joinSteps, multiplyInto, readStep, scaleRows } from "./steps.ts";

/**
 * Gated recurrent units over whole sequences, and backpropagation through them (Cho et al. 2014, in PyTorch's variant: the reset gate
 * scales the whole recurrent term).
 *
 * | symbol | shape | meaning |
 * |---|---|---|
 * | input | `[N, T, 3H]` | W·x + b for r, z, n |
 * | weight, bias | `[3H, H]`, `[3H]` | the recurrent part |
 * | h0 | `[N, H]` | state before the first step |
 * | keep | `[N, T]` | the state before step t is multiplied by it: 0 starts anew |
 * | output | `[N, T, H]` | h after each step |
 */
export function gruSequence(
  input: Tensor,
  weight: Tensor,
  bias: Tensor,
  h0: Tensor,
  keep?: Tensor,
): { output: Tensor; h: Tensor } {
  const [rows, steps] = input.shape;
  const shape = h0.shape;
  const isWide = input.dtype === "float64";
  let h = h0;
  const before: Tensor[] = [];
  const terms: Tensor[] = [];
  const outputs: Tensor[] = [];
  const saved: Tensor[] = [];
  for (let t = 0; t < steps; t++) {
    if (keep) h = scaleRows(h, keep, t);
    const term = product(h, weight, { transposeB: true }, bias);
    const activated = allocate(term.shape, term.dtype);
    const h1 = allocate(shape, h0.dtype);
    const read = [readStep(input, t).pointer, term.pointer, h.pointer];
    emit(Op.GruCell, isWide, ...read, activated.pointer, h1.pointer, rows, shape[1]);
    before.push(h);
    terms.push(term);
    saved.push(activated);
    outputs.push(h1);
    h = h1;
  }
  const term = recurrentTerm(joinSteps(terms), joinSteps(before), weight, bias);
  const output = joinSteps(outputs);

  const inputPart = (packed: Tensor) => packed.view(input.shape);
  const termPart = (packed: Tensor) => packed.view(input.shape, input.size);
  const hPart = (packed: Tensor) => packed.view(shape, 2 * input.size);
  const joint = ([dOutput, dhLast]: readonly (Tensor | undefined)[]) => {
    const packed = allocate([2 * input.size + h0.size], input.dtype);
    const dInputs = new Array<Tensor>(steps);
    const dTerms = new Array<Tensor>(steps);
    let dh = dhLast;
    for (let t = steps - 1; t >= 0; t--) {
      if (dOutput) dh = dh ? addToStep(dOutput, t, dh) : readStep(dOutput, t);
      dh ??= zeros(shape, h0.dtype);
      dInputs[t] = allocate(terms[t].shape, input.dtype);
      dTerms[t] = allocate(terms[t].shape, input.dtype);
      const dhBefore = t === 0 ? hPart(packed) : allocate(shape, h0.dtype);
      const read = [dh.pointer, saved[t].pointer, terms[t].pointer, before[t].pointer];
      const write = [dInputs[t].pointer, dTerms[t].pointer, dhBefore.pointer];
      emit(Op.GruCellGrad, isWide, ...read, ...write, rows, shape[1]);
      dh = multiplyInto(dTerms[t], weight, dhBefore, true);
      if (keep) dh = scaleRows(dh, keep, t, dh);
    }
    joinSteps(dInputs, inputPart(packed));
    joinSteps(dTerms, termPart(packed));
    return packed;
  };
  differentiableTogether([output, h], joint, [
    [input, inputPart],
    [term, termPart],
    [h0, hPart],
  ]);
  return { output, h };
}
