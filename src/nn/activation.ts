import { ConfigError } from "../errors.ts";
import { elu, gelu, leakyRelu, relu, sigmoid, silu, softplus, type Tensor, tanh } from "../tensor/index.ts";
import type { Layer } from "./layer.ts";

const FUNCTIONS = {
  tanh,
  relu,
  leakyRelu: (x: Tensor) => leakyRelu(x),
  sigmoid,
  elu: (x: Tensor) => elu(x),
  gelu,
  silu,
  softplus,
  identity: (x: Tensor) => x,
} as const;

/** Name of an elementwise function between layers. */
export type ActivationName = keyof typeof FUNCTIONS;

/** Every activation there is; schemas of run configurations read it. */
export const activationNames = Object.keys(FUNCTIONS) as readonly ActivationName[];

/** The function of that name. */
export function activationFunction(name: ActivationName): (x: Tensor) => Tensor {
  if (!Object.hasOwn(FUNCTIONS, name)) {
    const allowed = `one of ${activationNames.map((known) => `"${known}"`).join(", ")}`;
    throw new ConfigError({ field: "activation", value: name, allowed });
  }
  return FUNCTIONS[name];
}

/** An activation as a layer without parameters. */
export class Activation implements Layer {
  readonly name: ActivationName;
  readonly forward: (x: Tensor) => Tensor;

  constructor(name: ActivationName) {
    this.name = name;
    this.forward = activationFunction(name);
  }

  parameters(): Record<string, never> {
    return {};
  }
}
