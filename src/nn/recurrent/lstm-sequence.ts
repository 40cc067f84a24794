import { Op } from "../../kernels/index.ts";
import type { Tensor } from "../../tensor/index.ts";
import { product } from "../../tensor/operations/gemm.ts";
import { emit } from "../../tensor/program.ts";
import { allocate } from "../../tensor/scope.ts";
import { differentiableTogether } from "../../tensor/tape.ts";
import { recurrentTerm } from "./recurrent-term.ts";
import { addToStep, joinSteps, multiplyInto, readStep, scaleRows } from "./steps.ts";

/**
 * A long short-term memory over whole sequences, and backpropagation through them (Hochreiter & Schmidhuber 1997; Werbos 1990).
 *
 * | symbol | shape | meaning |
 * |---|---|---|
 * | input | `[N, T, 4H]` | W·x + b for the gates i, f, g, o |
 * | weight, bias | `[4H, H]`, `[4H]` | the recurrent part |
 * | h0, c0 | `[N, H]` | state before the first step |
 * | keep | `[N, T]` | the state before step t is multiplied by it: 0 starts anew |
 * | output | `[N, T, H]` | h after each step |
 */
export function lstmSequence(
  input: Tensor,
  weight: Tensor,
  bias: Tensor,
  h0: Tensor,
  c0: Tensor,
  keep?: Tensor,
): { output: Tensor; h: Tensor; c: Tensor } {
  const [rows, steps] = input.shape;
  const shape = h0.shape;
  const isWide = input.dtype === "float64";
  const make = () => allocate(shape, h0.dtype);
  let [h, c] = [h0, c0];
  const before: Tensor[] = [];
  const terms: Tensor[] = [];
  const outputs: Tensor[] = [];
  const saved: { gates: Tensor; c: Tensor; tanhC: Tensor }[] = [];
  for (let t = 0; t < steps; t++) {
    if (keep) [h, c] = [scaleRows(h, keep, t), scaleRows(c, keep, t)];
    const term = product(h, weight, { transposeB: true }, bias);
    const gates = addToStep(input, t, term);
    const activated = allocate(gates.shape, gates.dtype);
    const [h1, c1, tanhC] = [make(), make(), make()];
    const results = [activated.pointer, h1.pointer, c1.pointer, tanhC.pointer];
    emit(Op.LstmCell, isWide, gates.pointer, c.pointer, ...results, rows, shape[1]);
    before.push(h);
    terms.push(term);
    saved.push({ gates: activated, c, tanhC });
    outputs.push(h1);
    [h, c] = [h1, c1];
  }
  const term = recurrentTerm(joinSteps(terms), joinSteps(before), weight, bias);
  const output = joinSteps(outputs);

  const gatesPart = (packed: Tensor) => packed.view(input.shape);
  const hPart = (packed: Tensor) => packed.view(shape, input.size);
  const cPart = (packed: Tensor) => packed.view(shape, input.size + h0.size);
  const joint = ([dOutput, dhLast, dcLast]: readonly (Tensor | undefined)[]) => {
    const packed = allocate([input.size + 2 * h0.size], input.dtype);
    const deltas = new Array<Tensor>(steps);
    let [dh, dc] = [dhLast, dcLast];
    for (let t = steps - 1; t >= 0; t--) {
      if (dOutput) dh = dh ? addToStep(dOutput, t, dh) : readStep(dOutput, t);
      const step = saved[t];
      deltas[t] = allocate(step.gates.shape, input.dtype);
      const dcBefore = t === 0 ? cPart(packed) : make();
      const read = [dh?.pointer ?? 0, dc?.pointer ?? 0, step.gates.pointer, step.c.pointer, step.tanhC.pointer];
      emit(Op.LstmCellGrad, isWide, ...read, deltas[t].pointer, dcBefore.pointer, rows, shape[1]);
      dh = multiplyInto(deltas[t], weight, t === 0 ? hPart(packed) : make(), false);
      dc = dcBefore;
      if (keep) [dh, dc] = [scaleRows(dh, keep, t, dh), scaleRows(dc, keep, t, dc)];
    }
    joinSteps(deltas, gatesPart(packed));
    return packed;
  };
  differentiableTogether([output, h, c], joint, [
    [input, gatesPart],
    [term, gatesPart],
    [h0, hPart],
    [c0, cPart],
  ]);
  return { output, h, c };
}
