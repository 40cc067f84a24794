import { ConfigError, refuseUnknown } from "../../errors.ts";
import { Op } from "../../kernels/index.ts";
import type { StateOwner } from "../state-dict.ts";
import { type CommonOptions, Optimiser, requireNonNegative } from "./optimiser.ts";
import type { StepFacts, StepForm } from "./step-form.ts";

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
      form: sgdForm,
    },
    parameters,
    options,
  );
}

/** m′ = μ·m + s·d, Δθ = −α·m′ (Nesterov: −α·(d + μ·m′)) with d = c·g + λ·θ; s = 1 − dampening, at the first step 1. */
function sgdForm({ hyper, coefficient, parameter, before }: StepFacts, { gain, memory, decay }: StepForm): void {
  const [rate, momentum, dampening, weightDecay, nesterov, steps] = Array.from(hyper) as number[];
  const [buffer] = before;
  const share = buffer === undefined || steps === 0 ? 1 : 1 - dampening;
  const kept = buffer === undefined || steps === 0 ? 0 : momentum;
  const [ofNew, ofKept] = nesterov ? [1 + momentum * share, momentum * kept] : [share, kept];
  for (let i = 0; i < gain.length; i++) {
    gain[i] = -rate * ofNew * coefficient;
    memory[i] = buffer === undefined ? 0 : -rate * ofKept * buffer[i];
    decay[i] = -rate * ofNew * weightDecay * parameter[i];
  }
}
