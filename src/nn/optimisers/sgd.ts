import { ConfigError, refuseUnknown } from "../../errors.ts";
import { Op } from "../../kernels/index.ts";
import type { StateOwner } from "../state-dict.ts";
import { type CommonOptions, Optimiser, requireNonNegative } from "./optimiser.ts";

export interface SgdOptions extends CommonOptions {
  /** Default 1e-3. */
  readonly learningRate?: number;
  /** How much of the last step is kept; default 0. */
  readonly momentum?: number;
  /** How much of the gradient is kept out of the momentum, after the first step; default 0. */
  readonly dampening?: number;
  /** Added to the gradient, times the parameter; default 0. */
  readonly weightDecay?: number;
  /** Nesterov's momentum (Sutskever et al. 2013); needs momentum and no dampening; default false. */
  readonly nesterov?: boolean;
}

const OPTIONS: readonly (keyof SgdOptions)[] = [
  "learningRate",
  "momentum",
  "dampening",
  "weightDecay",
  "nesterov",
  "maxGradNorm",
];

/** Stochastic gradient descent, as `torch.optim.SGD`. */
export function sgd(parameters: StateOwner, options: SgdOptions = {}): Optimiser {
  refuseUnknown("sgd", options, OPTIONS);
  const { learningRate = 1e-3, momentum = 0, dampening = 0, weightDecay = 0, nesterov = false } = options;
  requireNonNegative({ learningRate, momentum, dampening, weightDecay });
  if (nesterov && (momentum === 0 || dampening !== 0)) {
    throw new ConfigError({ field: "nesterov", value: true, allowed: "used with a momentum above 0 and no dampening" });
  }
  return new Optimiser(
    {
      kind: "sgd",
      hyper: [learningRate, momentum, dampening, weightDecay, nesterov ? 1 : 0, 0],
      counter: 5,
      op: Op.Sgd,
      slots: [momentum === 0 ? undefined : { name: "momentum", start: 0 }],
    },
    parameters,
    options,
  );
}
