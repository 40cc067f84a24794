import { refuseUnknown } from "../../errors.ts";
import { Op } from "../../kernels/index.ts";
import type { StateOwner } from "../state-dict.ts";
import { type CommonOptions, Optimiser, requireDecay, requireNonNegative } from "./optimiser.ts";
import type { StepFacts, StepForm } from "./step-form.ts";

export interface AdamOptions extends CommonOptions {
  /** Default 1e-3. */
  readonly learningRate?: number;
  /** Decay of the first and second moment; default 0.9 and 0.999. */
  readonly betas?: readonly [number, number];
  /** Added to the root of the second moment; default 1e-8. */
  readonly eps?: number;
  /** Default 0 for Adam (added to the gradient), 0.01 for AdamW (taken off the parameter). */
  readonly weightDecay?: number;
  /** Divide by the largest second moment so far (Reddi et al. 2018); default false. */
  readonly amsgrad?: boolean;
}

const OPTIONS: readonly (keyof AdamOptions)[] = [
  "learningRate",
  "betas",
  "eps",
  "weightDecay",
  "amsgrad",
  "maxGradNorm",
];

/**
 * Adam (Kingma & Ba 2015, algorithm 1), as `torch.optim.Adam`.
 * @param parameters a layer, or tensors by name
 */
export function adam(parameters: StateOwner, options: AdamOptions = {}): Optimiser {
  refuseUnknown("adam", options, OPTIONS);
  return build("adam", parameters, { weightDecay: 0, ...options }, false);
}

/** Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2), as `torch.optim.AdamW`. */
export function adamW(parameters: StateOwner, options: AdamOptions = {}): Optimiser {
  refuseUnknown("adamW", options, OPTIONS);
  return build("adamW", parameters, { weightDecay: 0.01, ...options }, true);
}

function build(
  kind: string,
  parameters: StateOwner,
  options: AdamOptions & { weightDecay: number },
  decoupled: boolean,
): Optimiser {
  const { learningRate = 1e-3, betas = [0.9, 0.999], eps = 1e-8, weightDecay, amsgrad = false } = options;
  requireNonNegative({ learningRate, eps, weightDecay });
  requireDecay({ "betas[0]": betas[0], "betas[1]": betas[1] });
  return new Optimiser(
    {
      kind,
      // Entries 6 and 7 are β₁ᵗ and β₂ᵗ of the coming step t, which begins at 1.
      hyper: [learningRate, betas[0], betas[1], eps, weightDecay, decoupled ? 1 : 0, betas[0], betas[1], 0],
      counter: 8,
      powers: [
        [6, 1],
        [7, 2],
      ],
      op: Op.Adam,
      slots: [{ name: "m", start: 0 }, { name: "v", start: 0 }, amsgrad ? { name: "vMax", start: 0 } : undefined],
      form: adamForm,
    },
    parameters,
    options,
  );
}

/** m′ = β₁·m + (1 − β₁)·d, Δθ = −α·m̂′ / (√v̂′ + ε) with d = c·g + λ·θ; AdamW keeps λ out of d and adds −α·λ·θ. */
function adamForm(facts: StepFacts, { gain, memory, decay }: StepForm): void {
  const { hyper, coefficient, parameter, before, after } = facts;
  const [rate, beta1, , eps, weightDecay, isDecoupled, beta1Power, beta2Power] = Array.from(hyper) as number[];
  const step = rate / (1 - beta1Power);
  const inverseRoot = 1 / Math.sqrt(1 - beta2Power);
  const [mean] = before;
  const squares = after[2] ?? after[1];
  for (let i = 0; i < gain.length; i++) {
    const perUnit = -step / (Math.sqrt(squares![i]) * inverseRoot + eps);
    gain[i] = perUnit * (1 - beta1) * coefficient;
    memory[i] = perUnit * beta1 * mean![i];
    decay[i] = weightDecay * parameter[i] * (isDecoupled ? -rate : perUnit * (1 - beta1));
  }
}
