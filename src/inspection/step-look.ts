import type { GradientStep } from "../algorithms/listener.ts";
import { explainedVariance } from "../estimators/index.ts";
import { type Choices, measureChoices } from "./choices.ts";
import { measureDivergence } from "./divergence.ts";
import { hiddenLayers, type LayerMeasures, measureLayer } from "./layers.ts";
import { meanOf } from "./mean-of.ts";
import { type Movement, measureMovement } from "./movement.ts";
import { gradientNoise } from "./noise.ts";
import type { Novelty } from "./novelty.ts";
import { measureReturns, type RealisedReturns, type ReturnErrors } from "./realised-returns.ts";
import type { TermMeans, UpdateRecord } from "./records.ts";
import type { Sample } from "./sample.ts";
import { measureSamples, type SampleMeasures, type StepMeasures } from "./sample-gradients.ts";
import { type ErrorName, errorNames, measureErrors } from "./value-errors.ts";

/** What one look at a step gave. */
export interface Look {
  readonly update: Omit<UpdateRecord, "step" | "cosineToPrevious" | "cosineToOthers">;
  readonly samples: readonly Sample[];
  /** All gradients one after the other. */
  readonly gradient: Float32Array;
  readonly movement: Movement;
}

/** Everything that is measured of one step of a learner, recorded once; `before` and `after` are called around it. */
export class StepLook {
  readonly step: GradientStep;
  readonly #measure: () => StepMeasures;
  readonly #choices: (() => Choices) | undefined;
  readonly #errors: ReturnType<typeof measureErrors>;
  readonly #divergence: ReturnType<typeof measureDivergence>;
  readonly #returns: ReturnType<typeof measureReturns>;
  readonly #movement: ReturnType<typeof measureMovement>;
  readonly #layers: ReturnType<typeof hiddenLayers>;
  /** What `before` found of the present run. */
  #found!: Found;

  constructor(step: GradientStep) {
    this.step = step;
    this.#measure = measureSamples(step);
    this.#choices = measureChoices(step);
    this.#errors = measureErrors(step);
    this.#divergence = measureDivergence(step);
    this.#returns = measureReturns(step);
    this.#movement = measureMovement(step);
    this.#layers = hiddenLayers(step);
  }

  /** @param withErrors whether the critic's other losses are measured too */
  before(novelty: Novelty, realised: RealisedReturns, withErrors: boolean): void {
    const { step } = this;
    const count = step.count?.() ?? step.batch;
    const choices = this.#choices?.();
    this.#divergence?.before();
    this.#movement.before(choices?.exploratory ?? new Uint8Array(count));
    this.#found = {
      count,
      choices,
      measures: this.#measure(),
      errors: withErrors ? this.#errors?.() : undefined,
      novelty: novelty.of(step.observations.data, count),
      explained: explainedOf(step, count),
      returns: this.#returns?.(realised),
      gradient: flatGradient(step),
    };
  }

  after(): Look {
    const { step } = this;
    const movement = this.#movement.after();
    const divergence = this.#divergence?.after();
    const { count, measures, gradient, explained, returns } = this.#found;
    const samples = samplesOf(step, this.#found, movement.share);
    const noise = count > 1 ? gradientNoise(measures.norm, measures.gradientNorm) : undefined;
    const update: Look["update"] = {
      record: "update",
      update: step.optimiser.steps,
      name: step.name,
      samples: count,
      loss: meanOf(measures.loss),
      terms: Object.fromEntries(Object.entries(measures.terms).map(([name, { loss }]) => [name, meanOf(loss)])),
      gradientNorm: measures.gradientNorm,
      clipCoefficient: step.optimiser.clipCoefficient?.item() ?? 1,
      noiseScale: noise?.scale ?? null,
      signalToNoise: noise?.signalToNoise ?? null,
      klForward: divergence?.forward ?? null,
      klBackward: divergence?.backward ?? null,
      explainedVariance: explained,
      clipped: step.ratios ? samples.filter(({ clipped }) => clipped).length / count : null,
      targetDistance: targetDistance(step),
      returnBias: returns?.bias ?? null,
      returnError: returns?.error ?? null,
      moved: movement.norm,
      parts: movement.of,
      rounding: movement.rounding,
    };
    return { update, samples, gradient, movement };
  }

  /** Reads what the latest run of the step left. */
  layers(): LayerMeasures[] {
    return this.#layers.map((layer) => measureLayer(layer, this.#found.count));
  }
}

interface Found {
  readonly count: number;
  readonly choices: Choices | undefined;
  readonly measures: StepMeasures;
  readonly errors: Record<ErrorName, SampleMeasures> | undefined;
  readonly novelty: Float64Array;
  readonly explained: number | null;
  readonly returns: ReturnErrors | undefined;
  readonly gradient: Float32Array;
}

function samplesOf(step: GradientStep, found: Found, moved: Float64Array): Sample[] {
  const { choices, measures, errors, novelty, count } = found;
  const at = (i: number, of: SampleMeasures): TermMeans => ({
    loss: of.loss[i]!,
    norm: of.norm[i]!,
    share: of.share[i]!,
  });
  const terms = Object.entries(measures.terms);
  const drawn = step.drawn?.();
  return Array.from({ length: count }, (_, i) => ({
    update: step.optimiser.steps,
    name: step.name,
    exploratory: choices ? choices.exploratory[i] === 1 : null,
    drawn: drawn?.[i] ?? null,
    probability: choices?.probability[i] ?? null,
    distance: choices?.distance?.[i] ?? null,
    advantage: step.advantages?.data[i] ?? null,
    ratio: step.ratios?.data[i] ?? null,
    clipped: isClipped(step, i),
    novelty: novelty[i]!,
    ...at(i, measures),
    moved: moved[i]!,
    terms: Object.fromEntries(terms.map(([name, term]) => [name, at(i, term)])),
    ...(errors && {
      errors: Object.fromEntries(errorNames.map((name) => [name, at(i, errors[name])])) as Record<ErrorName, TermMeans>,
    }),
  }));
}

/** Whether the policy's gradient is cut off: the ratio has left 1 ± ε on the side that the advantage asks for. */
function isClipped({ ratios, advantages, clipRange }: GradientStep, i: number): boolean | null {
  if (ratios === undefined || advantages === undefined || clipRange === undefined) return null;
  const [ratio, advantage, range] = [ratios.data[i]!, advantages.data[i]!, clipRange.data[0]!];
  return advantage > 0 ? ratio > 1 + range : advantage < 0 ? ratio < 1 - range : false;
}

function explainedOf({ values, targets }: GradientStep, count: number): number | null {
  if (values === undefined || targets === undefined) return null;
  const explained = explainedVariance(values.data.subarray(0, count), targets.data.subarray(0, count));
  return Number.isFinite(explained) ? explained : null;
}

/** ‖θ − θ̄‖ / ‖θ‖ of the online network and the target network that follows it. */
function targetDistance({ target, optimiser }: GradientStep): number | null {
  if (target === undefined) return null;
  let [gaps, squares] = [0, 0];
  for (const [name, { data }] of Object.entries(optimiser.parameters)) {
    const other = target[name]!.data;
    for (let i = 0; i < data.length; i++) {
      const gap = data[i]! - other[i]!;
      gaps += gap * gap;
      squares += data[i]! * data[i]!;
    }
  }
  return squares > 0 ? Math.sqrt(gaps / squares) : null;
}

function flatGradient({ gradients, optimiser }: GradientStep): Float32Array {
  const parameters = Object.values(optimiser.parameters);
  const flat = new Float32Array(parameters.reduce((size, p) => size + p.size, 0));
  let offset = 0;
  for (const p of parameters) {
    flat.set(gradients.of(p).data, offset);
    offset += p.size;
  }
  return flat;
}
