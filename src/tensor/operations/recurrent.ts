/** Cells of recurrent networks: what happens after the linear maps of one time step. */
import { ShapeError } from "../../errors.ts";
import { Op } from "../../kernels/index.ts";
import { emit } from "../program.ts";
import { allocate } from "../scope.ts";
import { differentiableTogether } from "../tape.ts";
import { sameShape, type Tensor } from "../tensor.ts";
import { wide } from "./checks.ts";

function checkCell(name: string, h0: Tensor, factor: number, ...gates: Tensor[]): void {
  const [n, hidden] = h0.shape as [number, number];
  for (const gate of gates) {
    if (h0.shape.length !== 2 || !sameShape(gate.shape, [n, factor * hidden])) {
      throw new ShapeError(
        `${name}: gates [${gate.shape}] and state [${h0.shape}] do not fit; gates are [N, ${factor}·H] and the state is [N, H]`,
      );
    }
  }
}

/**
 * The long short-term memory cell (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000):
 * c = σ(f)·c0 + σ(i)·tanh(g), h = σ(o)·tanh(c).
 *
 * | symbol | shape | meaning |
 * |---|---|---|
 * | gates | `[N, 4H]` | i, f, g, o in this order (PyTorch's), before activation: W·x + U·h0 and biases |
 * | c0 | `[N, H]` | the cell's state before |
 * | h, c | `[N, H]` | output and state after |
 */
export function lstmCell(gates: Tensor, c0: Tensor): { h: Tensor; c: Tensor } {
  checkCell("lstmCell", c0, 4, gates);
  const [n, hidden] = c0.shape as [number, number];
  const isWide = wide(gates, c0);
  const make = () => allocate(c0.shape, c0.dtype);
  const [h, c, tanhC] = [make(), make(), make()];
  const activated = allocate(gates.shape, gates.dtype);
  const results = [activated.pointer, h.pointer, c.pointer, tanhC.pointer];
  emit(Op.LstmCell, isWide, gates.pointer, c0.pointer, ...results, n, hidden);
  const joint = ([dh, dc]: readonly (Tensor | undefined)[]) => {
    const packed = allocate([gates.size + c0.size], c0.dtype);
    const parts = [gatesPart(packed).pointer, statePart(packed).pointer];
    const read = [dh?.pointer ?? 0, dc?.pointer ?? 0, activated.pointer, c0.pointer, tanhC.pointer];
    emit(Op.LstmCellGrad, isWide, ...read, ...parts, n, hidden);
    return packed;
  };
  const gatesPart = (packed: Tensor) => packed.view(gates.shape);
  const statePart = (packed: Tensor) => packed.view(c0.shape, gates.size);
  differentiableTogether([h, c], joint, [
    [gates, gatesPart],
    [c0, statePart],
  ]);
  return { h, c };
}

/**
 * The gated recurrent unit (Cho et al. 2014, in the variant of PyTorch and cuDNN, where r scales the whole recurrent term):
 * r = σ(i_r + h_r), z = σ(i_z + h_z), n = tanh(i_n + r·h_n), result (1 − z)·n + z·h0.
 *
 * | symbol | shape | meaning |
 * |---|---|---|
 * | input | `[N, 3H]` | i: W·x + b for r, z, n in this order |
 * | recurrent | `[N, 3H]` | h: U·h0 + b likewise |
 * | h0 | `[N, H]` | the state before |
 */
export function gruCell(input: Tensor, recurrent: Tensor, h0: Tensor): Tensor {
  checkCell("gruCell", h0, 3, input, recurrent);
  const [n, hidden] = h0.shape as [number, number];
  const isWide = wide(input, recurrent, h0);
  const h = allocate(h0.shape, h0.dtype);
  const activated = allocate(input.shape, input.dtype);
  const operands = [input.pointer, recurrent.pointer, h0.pointer];
  emit(Op.GruCell, isWide, ...operands, activated.pointer, h.pointer, n, hidden);
  const joint = ([dh]: readonly (Tensor | undefined)[]) => {
    const packed = allocate([2 * input.size + h0.size], h0.dtype);
    const parts = [inputPart(packed).pointer, recurrentPart(packed).pointer, statePart(packed).pointer];
    const read = [dh!.pointer, activated.pointer, recurrent.pointer, h0.pointer];
    emit(Op.GruCellGrad, isWide, ...read, ...parts, n, hidden);
    return packed;
  };
  const inputPart = (packed: Tensor) => packed.view(input.shape);
  const recurrentPart = (packed: Tensor) => packed.view(input.shape, input.size);
  const statePart = (packed: Tensor) => packed.view(h0.shape, 2 * input.size);
  differentiableTogether([h], joint, [
    [input, inputPart],
    [recurrent, recurrentPart],
    [h0, statePart],
  ]);
  return h;
}
