/** Initialisers that scale with the number of inputs and outputs, as in `torch.nn.init`. */
import { normalInit, uniformInit } from "./elementary.ts";
import { fans, type Initialiser } from "./initialiser.ts";

/** Uniform with variance gain²·2/(in + out) (Glorot & Bengio 2010, eq. 16). */
export function xavierUniform(gain = 1): Initialiser {
  return (shape, random) => symmetric(gain * Math.sqrt(6 / (fans(shape).in + fans(shape).out)))(shape, random);
}

/** Normal with variance gain²·2/(in + out) (Glorot & Bengio 2010). */
export function xavierNormal(gain = 1): Initialiser {
  return (shape, random) => normalInit(0, gain * Math.sqrt(2 / (fans(shape).in + fans(shape).out)))(shape, random);
}

/** Uniform with variance gain²/fan (He et al. 2015, eq. 10); `fan` counts inputs (forward pass) or outputs (backward). */
export function kaimingUniform(gain = Math.SQRT2, fan: "in" | "out" = "in"): Initialiser {
  return (shape, random) => symmetric(gain * Math.sqrt(3 / fans(shape)[fan]))(shape, random);
}

/** Normal with variance gain²/fan (He et al. 2015, eq. 10). */
export function kaimingNormal(gain = Math.SQRT2, fan: "in" | "out" = "in"): Initialiser {
  return (shape, random) => normalInit(0, gain / Math.sqrt(fans(shape)[fan]))(shape, random);
}

/**
 * What PyTorch gives Linear and Conv weights: uniform on ±1/√in (`kaiming_uniform_` with a = √5, whose gain is √(2/(1 + a²)) = √(1/3)).
 * Their biases are uniform on the same interval: {@link fanInUniform} with the weight's number of inputs.
 */
export const defaultWeightInit: Initialiser = (shape, random) => fanInUniform(fans(shape).in)(shape, random);

/** Uniform on ±1/√fanIn, for a tensor of any shape. */
export function fanInUniform(fanIn: number): Initialiser {
  return symmetric(1 / Math.sqrt(fanIn));
}

function symmetric(bound: number): Initialiser {
  return uniformInit(-bound, bound);
}
