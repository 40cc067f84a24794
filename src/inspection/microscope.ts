/**
 * The microscope: hears of every gradient step of a run, looks at some of them, and says what it saw. It reads tensors that
 * training leaves behind and computes beside them; training goes on with the same bits.
 */
import type { GradientStep, StepListener, TrainingListener } from "../algorithms/listener.ts";
import type { BatchEnv } from "../envs/index.ts";
import { ConfigError } from "../errors.ts";
import { Key } from "../random/index.ts";
import type { Tensor } from "../tensor/index.ts";
import { groupSamples } from "./groups.ts";
import { cosine } from "./noise.ts";
import { type Novelty, noveltyFor } from "./novelty.ts";
import { RealisedReturns } from "./realised-returns.ts";
import { type InspectionRecord, VERSION } from "./records.ts";
import { type Look, StepLook } from "./step-look.ts";

/** Updates that are looked at within an iteration, of each kind of step: spread over all of it once its length is known. */
const LOOKS = 8;

export interface MicroscopeOptions {
  /** Hears every record, in the order of steps. */
  readonly record: (record: InspectionRecord) => void;
  /** Environment steps from one iteration that is looked at to the next; default 1: every iteration. */
  readonly every?: number;
  /** Samples of each iteration that are told one by one; default 32. */
  readonly samples?: number;
}

/**
 * Looks at whole iterations now and then:
 *
 * ```ts
 * const records: InspectionRecord[] = [];
 * const microscope = new Microscope({ record: (record) => records.push(record) });
 * const run = train({ algorithm: "ppo", env: "CartPole-v1" }, { listener: microscope });
 * ```
 */
export class Microscope implements TrainingListener {
  readonly #options: Required<MicroscopeOptions>;
  readonly #kinds = new Map<string, Kind>();
  readonly #realised = new RealisedReturns();
  #read: ((observations: Tensor) => Tensor) | undefined;
  #novelty: Novelty | undefined;
  #hasHeader = false;
  #isLooking = false;
  #next = 0;

  /** @throws ConfigError unless both numbers are positive integers */
  constructor({ record, every = 1, samples = 32 }: MicroscopeOptions) {
    for (const [field, value] of Object.entries({ every, samples })) {
      if (!(Number.isSafeInteger(value) && value >= 1)) {
        throw new ConfigError({ field: `Microscope.${field}`, value, allowed: "a positive integer" });
      }
    }
    this.#options = { record, every, samples };
  }

  reads(read: (observations: Tensor) => Tensor): void {
    this.#read = read;
  }

  watch(step: GradientStep): StepListener {
    const kind = this.#kinds.get(step.name) ?? new Kind(step.name);
    this.#kinds.set(step.name, kind);
    let look: StepLook | undefined;
    let isOn = false;
    return {
      before: () => {
        isOn = kind.isDue() && this.#isLooking && this.#novelty !== undefined;
        if (!isOn) return;
        look ??= new StepLook(step);
        look.before(this.#novelty!, this.#realised, kind.looks.length === 0);
      },
      after: () => {
        if (!isOn) return;
        kind.add(look!);
      },
    };
  }

  observed(env: BatchEnv, isFresh: boolean): void {
    this.#novelty ??= noveltyFor(env, Key.fromSeed(0).split("microscope"), this.#read);
    this.#novelty.see(env);
    this.#realised.see(env, isFresh);
  }

  iterationBegins(step: number): void {
    this.#isLooking = step >= this.#next;
    if (this.#isLooking) this.#next = step + this.#options.every;
    for (const kind of this.#kinds.values()) kind.begin();
  }

  iterationEnded(step: number): void {
    const { record, every } = this.#options;
    for (const kind of this.#kinds.values()) {
      if (kind.looks.length === 0) continue;
      if (!this.#hasHeader) {
        record({ record: "header", step, version: VERSION, novelty: this.#novelty!.kind, every });
        this.#hasHeader = true;
      }
      this.#tell(kind, step);
    }
  }

  #tell(kind: Kind, step: number): void {
    const { record, samples: most } = this.#options;
    const { looks } = kind;
    for (const update of kind.updates()) record({ ...update, step });
    const samples = looks.flatMap((look) => look.samples);
    const where = { step, name: kind.name, updates: looks.length };
    for (const group of groupSamples(samples, where, this.#novelty!.kind)) record(group);
    const count = Math.min(most, samples.length);
    for (let i = 0; i < count; i++) {
      const { errors: _, ...sample } = samples[Math.floor((i * samples.length) / count)]!;
      record({ record: "sample", step, ...sample });
    }
    for (const { effectiveRank = null, ...layer } of kind.layers) {
      record({ record: "layer", step, name: kind.name, ...layer, effectiveRank });
    }
    for (const [parameter, delta] of Object.entries(kind.moved)) {
      const [moved, norm] = [normOf(delta), normOf(kind.weights[parameter]!)];
      const updateToWeight = norm > 0 ? moved / norm : null;
      record({ record: "parameter", step, name: kind.name, parameter, norm, moved, updateToWeight });
    }
  }
}

/** One kind of step of the learner, whatever the sizes of its minibatches, over the iterations. */
class Kind {
  readonly name: string;
  /** Of the present iteration; what is as large as the network is kept of the first one alone. */
  looks: Omit<Look, "movement">[] = [];
  layers: ReturnType<StepLook["layers"]> = [];
  weights: Readonly<Record<string, ArrayLike<number>>> = {};
  moved: Readonly<Record<string, ArrayLike<number>>> = {};
  #count = 0;
  #lastCount = 0;
  #previous: Float32Array | undefined;
  #cosines: (number | undefined)[] = [];

  constructor(name: string) {
    this.name = name;
  }

  begin(): void {
    if (this.#count > 0) this.#lastCount = this.#count;
    this.#count = 0;
    this.looks = [];
    this.#cosines = [];
  }

  /** Called before every step. */
  isDue(): boolean {
    const stride = Math.max(1, Math.ceil(this.#lastCount / LOOKS));
    return this.#count++ % stride === 0 && this.looks.length < LOOKS;
  }

  add(look: StepLook): void {
    const { movement, ...found } = look.after();
    this.#cosines.push(this.#previous && cosine(found.gradient, this.#previous));
    this.#previous = found.gradient;
    this.looks.push(found);
    if (this.looks.length > 1) return;
    // Layers change slowly and take long to measure: once in an iteration is enough.
    this.layers = look.layers();
    this.moved = movement.moved;
    this.weights = Object.fromEntries(
      Object.entries(look.step.optimiser.parameters).map(([name, p]) => [name, p.toArray()]),
    );
  }

  /** What is known of each step once the others are. */
  updates() {
    const sum = new Float64Array(this.looks[0]!.gradient.length);
    for (const { gradient } of this.looks) for (let i = 0; i < sum.length; i++) sum[i]! += gradient[i]!;
    return this.looks.map(({ update, gradient }, t) => ({
      ...update,
      cosineToPrevious: this.#cosines[t] ?? null,
      cosineToOthers:
        cosine(
          gradient,
          sum.map((all, i) => all - gradient[i]!),
        ) ?? null,
    }));
  }
}

function normOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return Math.sqrt(sum);
}
