import type { Json } from "../../envs/index.ts";
import {
  loadStateDict,
  makeSchedule,
  type Optimiser,
  type Schedule,
  type ScheduleSpec,
  stateDict,
} from "../../nn/index.ts";
import type { Tensor } from "../../tensor/index.ts";
import type { Learner, Metrics, Policy, Snapshot } from "../algorithm.ts";
import { MetricMeans } from "../metric-means.ts";
import { behind, prefixed } from "../snapshot.ts";

/** What a loop has done with whoever learns. */
export interface Turns {
  /** Called before each action and gradient step, or as often, with what remains of the run: 1 at its start and 0 at its end. */
  moveTo(progressRemaining: number): void;
  /** One gradient step. */
  learn(): void;
}

/** Where transitions come from, and when they are learned from. */
export interface ExperienceLoop {
  /** How far the run is: environment steps, or gradient steps where no environment is stepped. */
  readonly step: number;
  readonly stepsPerIteration: number;
  iterate(turns: Turns): void;
  save(): Snapshot;
  load(snapshot: Snapshot): void;
}

/** What makes one method that learns from stored transitions different from another. */
export interface TransitionMethod {
  readonly policy: Policy;
  /** Takes one gradient step, and says what it measured. */
  learn(): Metrics;
  /** All have the step size of the schedule; gradient steps are those of the first. By their names in a checkpoint. */
  readonly optimisers: Readonly<Record<string, Optimiser>>;
  /** What else a checkpoint holds beside the policy: target networks, random streams. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** Moves what else is on a schedule to where `progressRemaining` says. */
  moveTo?(progressRemaining: number): void;
  /** Where that is. */
  scheduled?(): Metrics;
  /** State that is no tensor. */
  save?(): Json;
  load?(state: Json): void;
}

/** Has a method learn from transitions, as often as a loop says. */
export class TransitionLearner implements Learner {
  readonly policy: Policy;
  readonly #loop: ExperienceLoop;
  readonly #method: TransitionMethod;
  readonly #learningRate: Schedule;
  readonly #optimisers: readonly Optimiser[];

  constructor(loop: ExperienceLoop, learningRate: ScheduleSpec, method: TransitionMethod) {
    this.policy = method.policy;
    this.#loop = loop;
    this.#method = method;
    this.#learningRate = makeSchedule(learningRate);
    this.#optimisers = Object.values(method.optimisers);
  }

  get step(): number {
    return this.#loop.step;
  }

  get stepsPerIteration(): number {
    return this.#loop.stepsPerIteration;
  }

  iterate(): Metrics {
    const means = new MetricMeans();
    this.#loop.iterate({
      moveTo: (progressRemaining) => this.#moveTo(progressRemaining),
      learn: () => means.add(this.#method.learn()),
    });
    const { learningRate, steps } = this.#optimisers[0]!;
    return {
      ...means.result(),
      ...this.#method.scheduled?.(),
      "schedule/learningRate": learningRate,
      "update/count": steps,
    };
  }

  #moveTo(progressRemaining: number): void {
    const learningRate = this.#learningRate(progressRemaining);
    for (const optimiser of this.#optimisers) optimiser.learningRate = learningRate;
    this.#method.moveTo?.(progressRemaining);
  }

  /** What changes besides the policy's parameters and the loop, by name. */
  #tensors(): Record<string, Tensor> {
    const { optimisers, tensors } = this.#method;
    const states = Object.entries(optimisers).map(([name, optimiser]) => prefixed(`${name}/`, optimiser.state()));
    return Object.assign({}, tensors, ...states);
  }

  save(): Snapshot {
    const { json, arrays } = this.#loop.save();
    const own = this.#method.save?.() ?? null;
    return { json: { loop: json, own }, arrays: { ...prefixed("loop/", arrays), ...stateDict(this.#tensors()) } };
  }

  /** @throws FormatError where names or shapes differ */
  load({ json, arrays }: Snapshot): void {
    const { loop, own } = json as { loop: Json; own: Json };
    this.#loop.load({ json: loop, arrays: behind("loop/", arrays) });
    const rest = Object.entries(arrays).filter(([name]) => !name.startsWith("loop/"));
    loadStateDict(this.#tensors(), Object.fromEntries(rest));
    this.#method.load?.(own);
  }
}
