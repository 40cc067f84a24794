/** The networks of the torch-grads fixtures, made of tensor operations. */
import {
  add,
  conv2d,
  gruCell,
  layerNorm,
  linear,
  lstmCell,
  relu,
  reshape,
  slice,
  type Tensor,
  tanh,
  zeros,
} from "../../src/tensor/index.ts";

export type Named = Readonly<Record<string, Tensor>>;

/** One case of a fixture, as far as the architecture goes. */
export interface Architecture {
  readonly arch: string;
  readonly sizes?: readonly number[];
  readonly activation?: "tanh" | "relu";
  readonly convs?: readonly { readonly stride: number; readonly padding: number }[];
}

export function forward(architecture: Architecture, parameters: Named, inputs: Named): Tensor {
  const layer = (name: string, x: Tensor) => linear(x, parameters[`${name}.weight`]!, parameters[`${name}.bias`]);
  const activation = architecture.activation === "tanh" ? tanh : relu;
  const x = inputs.x!;
  switch (architecture.arch) {
    case "MLP":
      return architecture.sizes!.slice(2).reduce((y, _, i) => layer(`${2 * i + 2}`, activation(y)), layer("0", x));
    case "LayerNormMLP":
      return architecture.sizes!.slice(2).reduce(
        (y, _, i) => {
          const [gain, bias] = [parameters[`${3 * i + 1}.weight`]!, parameters[`${3 * i + 1}.bias`]!];
          return layer(`${3 * i + 3}`, activation(layerNorm(y, gain, bias)));
        },
        layer("0", x),
      );
    case "CNN": {
      const image = architecture.convs!.reduce((y, { stride, padding }, i) => {
        const [weight, bias] = [parameters[`${2 * i}.weight`]!, parameters[`${2 * i}.bias`]];
        return relu(conv2d(y, weight, bias, { stride, padding }));
      }, x);
      return layer("5", reshape(image, [x.shape[0]!, -1]));
    }
    case "LSTM":
    case "GRU":
      return layer("head", lastState(architecture.arch, parameters, inputs));
    default:
      throw new Error(`unknown architecture ${architecture.arch}`);
  }
}

function lastState(arch: "LSTM" | "GRU", parameters: Named, { x, h0, c0 }: Named): Tensor {
  const [rows, steps, width] = x!.shape as [number, number, number];
  const map = (part: "ih" | "hh", y: Tensor) =>
    linear(y, parameters[`rnn.weight_${part}_l0`]!, parameters[`rnn.bias_${part}_l0`]);
  let h = h0!;
  let c = c0 ?? zeros(h.shape, h.dtype);
  for (let t = 0; t < steps; t++) {
    const input = map("ih", reshape(slice(x!, 1, t, t + 1), [rows, width]));
    if (arch === "LSTM") ({ h, c } = lstmCell(add(input, map("hh", h)), c));
    else h = gruCell(input, map("hh", h), h);
  }
  return h;
}
