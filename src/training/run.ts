/** One training: an iterator that can be left and entered again, saved and gone on with. */

import type { Learner, Metrics, Policy } from "../algorithms/algorithm.ts";
import type { TrainingListener } from "../algorithms/listener.ts";
import { RunError } from "../errors.ts";
import { type Checkpoint, writeCheckpoint } from "./checkpoint.ts";
import type { ResolvedConfig } from "./config.ts";
import { arraysSha256 } from "./digest.ts";
import type { GivenDataset } from "./given-dataset.ts";
import { finiteMetrics, notFinite } from "./metrics.ts";
import { RecentEpisodes } from "./recent-episodes.ts";
import type { TrainingEnv } from "./training-env.ts";

/** What one iteration gave. */
export interface Iteration {
  /** Environment steps taken so far, all environments together. */
  readonly step: number;
  /** Numbers by name; `metricDefinition(name)` explains each. */
  readonly metrics: Metrics;
}

/** @internal What a run is put together from. */
export interface RunParts {
  readonly config: ResolvedConfig;
  readonly training: TrainingEnv;
  readonly learner: Learner;
  readonly dataset: GivenDataset | undefined;
  readonly listener: TrainingListener | undefined;
}

/**
 * A run in progress; `train` starts one, `resumeRun` goes on with a saved one.
 *
 * ```ts
 * for (const { step, metrics } of run) if (metrics["episode/return"] >= 475) break;   // stop by leaving the loop
 * for (const { step, metrics } of run) console.log(step);                             // go on by entering again
 * ```
 */
export class Run implements Iterable<Iteration> {
  /** Everything the run was made from; `train(run.config)` makes the same run again. */
  readonly config: ResolvedConfig;
  readonly #training: TrainingEnv;
  readonly #learner: Learner;
  readonly #dataset: GivenDataset | undefined;
  readonly #listener: TrainingListener | undefined;
  readonly #episodes = new RecentEpisodes();
  #failure: unknown;

  /** @internal Use `train` or `resumeRun`. */
  constructor({ config, training, learner, dataset, listener }: RunParts, saved?: Checkpoint) {
    this.config = config;
    this.#training = training;
    this.#learner = learner;
    this.#dataset = dataset;
    this.#listener = listener;
    if (saved) this.#episodes.load(saved.episodes);
  }

  /** The policy as it is now; it goes on learning while the run does. */
  get policy(): Policy {
    return this.#learner.policy;
  }

  /** Environment steps taken so far, all environments together. */
  get step(): number {
    return this.#learner.step;
  }

  /** Environment steps of one iteration, where they are known beforehand; `done` is looked at between iterations only. */
  get stepsPerIteration(): number | undefined {
    return this.#learner.stepsPerIteration;
  }

  /**
   * Whether the configured number of steps is reached (iterations are whole, so `step` may end up beyond it), or nothing is
   * left to learn.
   */
  get done(): boolean {
    return this.step >= this.config.steps || this.#learner.done === true;
  }

  /**
   * Collects experience and learns from it, once.
   * @throws RunError if the run is done, or a metric or parameter is no longer finite; EnvironmentError if the
   *   environment breaks its contract. After an error the run cannot go on, and throws the same error again.
   */
  iterate(): Iteration {
    this.#refuseAfterFailure();
    if (this.done) {
      throw new RunError(
        `the run is done after ${this.step} of ${this.config.steps} steps. Resume it with more steps.`,
      );
    }
    try {
      this.#listener?.iterationBegins(this.step);
      const learned = this.#learner.iterate();
      this.#listener?.iterationEnded(this.step);
      this.#episodes.add(this.#training.statistics.takeCompleted());
      const measured = { ...this.#episodes.metrics(), ...learned };
      const metrics = finiteMetrics(measured, this.step, this.#hints());
      this.#requireFiniteParameters();
      return { step: this.step, metrics };
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  /** Iterates until the run is done. Leaving the loop stops the run between two iterations, entering again goes on. */
  *[Symbol.iterator](): Generator<Iteration, void, void> {
    while (!this.done) yield this.iterate();
  }

  /**
   * Everything that `resumeRun` and `loadPolicy` need, as the bytes of one safetensors file. Looking changes nothing: the
   * run goes on as if it had not been saved. Where environments have no `state`, a resumed run starts fresh episodes.
   */
  checkpoint(): Uint8Array {
    this.#refuseAfterFailure();
    const { env, observationSpace, actionSpace, normalized } = this.#training;
    return writeCheckpoint({
      config: this.config,
      step: this.step,
      parameters: this.policy.parameters(),
      learner: this.#learner.save(),
      observationSpace,
      actionSpace,
      normalizer: normalized
        ? { statistics: normalized.statistics.state(), epsilon: normalized.epsilon, clip: normalized.clip }
        : null,
      env: env.state(),
      episodes: this.#episodes.save(),
      dataset: this.#dataset?.sha256,
    });
  }

  /** SHA-256 over the policy's parameters (see `arraysSha256`): two runs with the same digest learned the same, bit for bit. */
  parametersSha256(): string {
    return arraysSha256(this.policy.parameters());
  }

  #refuseAfterFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  #requireFiniteParameters(): void {
    for (const [name, { data }] of Object.entries(this.policy.parameters())) {
      for (let i = 0; i < data.length; i++) {
        const value = Number(data[i]);
        if (!Number.isFinite(value)) throw notFinite(`parameter ${name}[${i}]`, value, this.step, this.#hints());
      }
    }
  }

  #hints(): string {
    const remedies = { learningRate: "a lower learningRate", maxGradNorm: "a smaller maxGradNorm" };
    const known = Object.entries(remedies).flatMap(([name, remedy]) => (name in this.config ? [remedy] : []));
    if (this.config.normalizeReward === false) known.push("normalizeReward=true");
    return known.length > 0 ? `What usually helps: ${known.join(", ")}.` : "Look at the scale of the rewards.";
  }
}
