import { ConfigError, ShapeError } from "../../errors.ts";
import { Op } from "../../kernels/index.ts";
import { persistent, type Tensor, type TypedArray } from "../../tensor/index.ts";
import { emit } from "../../tensor/program.ts";
import type { Parameters } from "../layer.ts";
import type { SafetensorsTensor } from "../safetensors.ts";
import { loadStateDict, type StateOwner, tensorsOf } from "../state-dict.ts";
import { emptyForm, type FormRule, type StepFacts, type StepForm } from "./step-form.ts";

/** What an update reads: `Gradients`, or anything else that knows a gradient for each parameter. */
export interface GradientSource {
  of(parameter: Tensor): Tensor;
}

/** What every optimiser takes. */
export interface CommonOptions {
  /**
   * Upper limit for the norm of all gradients together; larger ones are scaled down to it (Pascanu et al. 2013), as
   * `torch.nn.utils.clip_grad_norm_`. `Infinity` only measures. Default: neither.
   */
  readonly maxGradNorm?: number;
}

/** One optimiser's rule as data. The kernels read the hyperparameters from memory, so they may change between steps. */
export interface Rule {
  readonly kind: string;
  /** Float64 block; learning rate first. */
  readonly hyper: readonly number[];
  /** Where the block counts the steps, and which entries are multiplied by which at each step. */
  readonly counter: number;
  readonly powers?: readonly (readonly [power: number, base: number])[];
  /** The instruction: parameter, gradient, one state tensor per slot (absent ones 0), size, hyper block, clip coefficient. */
  readonly op: Op;
  readonly slots: readonly (Slot | undefined)[];
  /** What a step is made of; it stands beside the rule since it reads the same block. */
  readonly form: FormRule;
}

/** A state tensor of the parameter's shape, and the value that fills it before the first step. */
export interface Slot {
  readonly name: string;
  readonly start: number;
}

/** Copies of what a step begins with; see `Optimiser.moment`. */
export interface OptimiserMoment {
  readonly hyper: TypedArray;
  readonly of: Readonly<Record<string, { readonly parameter: TypedArray; readonly slots: StepFacts["before"] }>>;
}

interface Entry {
  readonly name: string;
  readonly parameter: Tensor;
  readonly slots: readonly (Tensor | undefined)[];
}

/**
 * Moves parameters down their gradients. `update` only emits instructions, so it may stand in a plan; the learning rate, the
 * step counter and everything else that changes live in the engine's memory.
 */
export class Optimiser {
  /** `"adam"`, `"sgd"`, … */
  readonly kind: string;
  readonly parameters: Parameters;
  readonly maxGradNorm: number | undefined;
  /** Norm of all gradients together before clipping, float64 `[1]`; undefined without `maxGradNorm`. */
  readonly gradientNorm: Tensor | undefined;
  /** What the gradients were multiplied by, min(1, maxGradNorm / (norm + 1e-6)), float64 `[1]`. */
  readonly clipCoefficient: Tensor | undefined;
  readonly #rule: Rule;
  readonly #hyper: Tensor;
  readonly #entries: readonly Entry[];
  readonly #sumSquares: Tensor | undefined;

  constructor(rule: Rule, parameters: StateOwner, { maxGradNorm }: CommonOptions) {
    this.kind = rule.kind;
    this.parameters = { ...tensorsOf(parameters) };
    this.#rule = rule;
    this.#hyper = persistent([rule.hyper.length], "float64").set(rule.hyper);
    this.#entries = Object.entries(this.parameters).map(([name, parameter]) => {
      return { name, parameter, slots: rule.slots.map((slot) => slot && stateLike(parameter, slot.start)) };
    });
    this.maxGradNorm = maxGradNorm;
    if (maxGradNorm !== undefined) {
      if (!(maxGradNorm > 0)) throw new ConfigError({ field: "maxGradNorm", value: maxGradNorm, allowed: "positive" });
      this.#sumSquares = persistent([1], "float64");
      this.gradientNorm = persistent([1], "float64");
      this.clipCoefficient = persistent([1], "float64").set([1]);
    }
  }

  get learningRate(): number {
    return this.#hyper.data[0];
  }

  set learningRate(value: number) {
    requireNonNegative({ learningRate: value });
    this.#hyper.data[0] = value;
  }

  /** Updates done so far. */
  get steps(): number {
    return this.#hyper.data[this.#rule.counter];
  }

  /**
   * One step for all parameters. The gradients themselves stay as they are: clipping happens inside the kernels.
   * @throws ShapeError where a parameter has no gradient
   */
  update(gradients: GradientSource): void {
    const found = this.#entries.map(({ name, parameter }) => gradientOf(gradients, name, parameter));
    this.#measure(found);
    const hyper = this.#hyper.pointer;
    const coefficient = this.clipCoefficient?.pointer ?? 0;
    this.#entries.forEach(({ parameter, slots }, i) => {
      const pointers = slots.map((slot) => slot?.pointer ?? 0);
      const isWide = parameter.dtype === "float64";
      emit(this.#rule.op, isWide, parameter.pointer, found[i].pointer, ...pointers, parameter.size, hyper, coefficient);
    });
    const { counter, powers = [] } = this.#rule;
    emit(Op.Tick, true, hyper, counter, powers.length, ...powers.flat());
  }

  #measure(gradients: readonly Tensor[]): void {
    if (this.#sumSquares === undefined) return;
    const sum = this.#sumSquares.pointer;
    gradients.forEach((g, i) => {
      emit(Op.SumSquares, g.dtype === "float64", g.pointer, sum, g.size, i === 0 ? 0 : 1);
    });
    emit(Op.ClipCoefficient, true, sum, this.maxGradNorm!, this.gradientNorm!.pointer, this.clipCoefficient!.pointer);
  }

  /** What the next step begins with, for `formOf`. */
  moment(): OptimiserMoment {
    const copies = this.#entries.map(({ name, parameter, slots }) => {
      return [name, { parameter: parameter.toArray(), slots: slots.map((slot) => slot?.toArray()) }] as const;
    });
    return { hyper: this.#hyper.toArray(), of: Object.fromEntries(copies) };
  }

  /** What the one step since `moment` was made of, for each parameter: Δθ = gain·g + memory + decay, in float64. */
  formOf({ hyper, of }: OptimiserMoment): Record<string, StepForm> {
    const coefficient = this.clipCoefficient?.item() ?? 1;
    const forms = this.#entries.map(({ name, parameter, slots }) => {
      const form = emptyForm(parameter.size);
      const before = of[name]!;
      const after = slots.map((slot) => slot?.data);
      this.#rule.form({ hyper, coefficient, parameter: before.parameter, before: before.slots, after }, form);
      return [name, form] as const;
    });
    return Object.fromEntries(forms);
  }

  /** Everything that the next step depends on besides parameters and gradients: `hyper` and `slot/parameter`. */
  state(): Record<string, Tensor> {
    const state: Record<string, Tensor> = { hyper: this.#hyper };
    for (const { name, slots } of this.#entries) {
      slots.forEach((tensor, i) => {
        if (tensor !== undefined) state[`${this.#rule.slots[i]!.name}/${name}`] = tensor;
      });
    }
    return state;
  }

  /**
   * Goes on from a saved `stateDict(optimiser.state())`, hyperparameters included (as PyTorch's `load_state_dict`).
   * @throws FormatError for missing or unknown names and for wrong shapes; nothing is changed then
   */
  restore(saved: Readonly<Record<string, SafetensorsTensor>>): void {
    loadStateDict(this.state(), saved);
  }
}

function stateLike(parameter: Tensor, start: number): Tensor {
  const state = persistent(parameter.shape, parameter.dtype);
  if (start !== 0) state.data.fill(start);
  return state;
}

function gradientOf(gradients: GradientSource, name: string, parameter: Tensor): Tensor {
  let gradient: Tensor;
  try {
    gradient = gradients.of(parameter);
  } catch (cause) {
    throw new ShapeError(`no gradient reached the parameter "${name}": the loss was not computed from it`, { cause });
  }
  if (gradient.size !== parameter.size || gradient.dtype !== parameter.dtype) {
    const allowed = `of shape [${parameter.shape}] and ${parameter.dtype}`;
    throw new ShapeError({ field: `gradient of "${name}"`, value: `[${gradient.shape}] ${gradient.dtype}`, allowed });
  }
  return gradient;
}

/** Throws ConfigError unless every given hyperparameter is a finite number of at least 0. */
export function requireNonNegative(fields: Record<string, number>): void {
  for (const [field, value] of Object.entries(fields)) {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      throw new ConfigError({ field, value, allowed: "a finite number of at least 0" });
    }
  }
}

/** Throws ConfigError unless every given decay rate lies in [0, 1). */
export function requireDecay(fields: Record<string, number>): void {
  for (const [field, value] of Object.entries(fields)) {
    if (!(value >= 0 && value < 1)) throw new ConfigError({ field, value, allowed: "at least 0 and below 1" });
  }
}
