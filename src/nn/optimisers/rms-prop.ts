import { refuseUnknown } from "../../errors.ts";
import { Op } from "../../kernels/index.ts";
import type { StateOwner } from "../state-dict.ts";
import { type CommonOptions, Optimiser, requireDecay, requireNonNegative } from "./optimiser.ts";
import type { StepFacts, StepForm } from "./step-form.ts";

export interface RmsPropOptions extends CommonOptions {
  /** Default 1e-2. */
  readonly learningRate?: number;
  /** Decay of the average of squared gradients; default 0.99. */
  readonly alpha?: number;
  /** Keeps the division finite; default 1e-8. */
  readonly eps?: number;
  /** Added to the gradient, times the parameter; default 0. */
  readonly weightDecay?: number;
  /** How much of the last step is kept; default 0. */
  readonly momentum?: number;
  /** Divide by the standard deviation of the gradient instead of its root mean square (Graves 2013); default false. */
  readonly centered?: boolean;
  /**
   * As TensorFlow and Stable-Baselines3's `RMSpropTFLike`: `eps` inside the root and averages that start at 1; default
   * false, as `torch.optim.RMSprop`. A2C's published results used it.
   */
  readonly tfLike?: boolean;
}

const OPTIONS: readonly (keyof RmsPropOptions)[] = [
  "learningRate",
  "alpha",
  "eps",
  "weightDecay",
  "momentum",
  "centered",
  "tfLike",
  "maxGradNorm",
];

/** RMSprop (Tieleman & Hinton 2012). */
export function rmsProp(parameters: StateOwner, options: RmsPropOptions = {}): Optimiser {
  refuseUnknown("rmsProp", options, OPTIONS);
  const { learningRate = 1e-2, alpha = 0.99, eps = 1e-8, weightDecay = 0, momentum = 0 } = options;
  const { centered = false, tfLike = false } = options;
  requireNonNegative({ learningRate, eps, weightDecay, momentum });
  requireDecay({ alpha });
  return new Optimiser(
    {
      kind: "rmsProp",
      hyper: [learningRate, alpha, eps, weightDecay, momentum, tfLike ? 1 : 0, 0],
      counter: 6,
      op: Op.RmsProp,
      slots: [
        { name: "squareAverage", start: tfLike ? 1 : 0 },
        momentum === 0 ? undefined : { name: "momentum", start: 0 },
        centered ? { name: "gradientAverage", start: 0 } : undefined,
      ],
      form: rmsPropForm,
    },
    parameters,
    options,
  );
}

/** m′ = μ·m + d / root, Δθ = −α·m′ with d = c·g + λ·θ. */
function rmsPropForm(facts: StepFacts, { gain, memory, decay }: StepForm): void {
  const { hyper, coefficient, parameter, before, after } = facts;
  const [rate, , eps, weightDecay, momentum, isInside] = Array.from(hyper) as number[];
  const [, buffer] = before;
  const [squares, , centres] = after;
  for (let i = 0; i < gain.length; i++) {
    const spread = squares![i] - (centres === undefined ? 0 : centres[i] * centres[i]);
    const perUnit = -rate / (isInside ? Math.sqrt(spread + eps) : Math.sqrt(spread) + eps);
    gain[i] = perUnit * coefficient;
    memory[i] = buffer === undefined ? 0 : -rate * momentum * buffer[i];
    decay[i] = perUnit * weightDecay * parameter[i];
  }
}
