import type { SamplerState } from "../../data/index.ts";
import type { BatchEnv } from "../../envs/index.ts";
import type { Snapshot } from "../algorithm.ts";
import { behind, prefixed } from "../snapshot.ts";
import type { ReplayMemory } from "./replay-memory.ts";
import type { ExperienceLoop, Turns } from "./transition-learner.ts";

/** Iterations are so many steps of all environments at least: what a run measures and saves has its price too. */
const STEPS_PER_ITERATION = 100;

export interface ReplayLoopConfig {
  readonly steps: number;
  readonly learningStarts: number;
  readonly trainFreq: number;
  readonly gradientSteps: number;
}

/** What an algorithm does of its own. */
export interface ReplayLoopParts {
  readonly env: BatchEnv;
  readonly memory: ReplayMemory;
  readonly config: ReplayLoopConfig;
  /**
   * Writes an action for every environment into `actions` `[N, A]`, as the buffer keeps them.
   * @param isRandom before learning starts: uniform ones
   */
  explore(actions: Float32Array, isRandom: boolean): void;
  /** The environments' form of these actions; left out where it is the same. */
  toEnv?(actions: Float32Array): Float32Array;
  /** Called after every step of the environments, with how many were taken, all environments together. */
  stepped?(step: number): void;
}

/**
 * Steps and updates in turn, from a replay buffer (Mnih et al. 2015, algorithm 1): after every `trainFreq` steps of each
 * environment come `gradientSteps` gradient steps, once `learningStarts` steps of random actions are stored.
 */
export class ReplayLoop implements ExperienceLoop {
  /** Environment steps taken so far, all environments together. */
  step = 0;
  readonly stepsPerIteration: number;
  readonly #parts: ReplayLoopParts;
  readonly #actions: Float32Array;
  readonly #rounds: number;
  readonly #gradientSteps: number;

  constructor(parts: ReplayLoopParts) {
    const { env, config } = parts;
    const stepsPerRound = config.trainFreq * env.count;
    this.#parts = parts;
    this.#actions = new Float32Array(env.count * env.actionSpace.actionSize);
    this.#rounds = Math.ceil(STEPS_PER_ITERATION / stepsPerRound);
    this.#gradientSteps = config.gradientSteps === -1 ? stepsPerRound : config.gradientSteps;
    this.stepsPerIteration = this.#rounds * stepsPerRound;
  }

  /** Rounds of steps and updates, until there are enough for an iteration, or the run is at its end. */
  iterate({ moveTo, learn }: Turns): void {
    const { config, memory } = this.#parts;
    for (let round = 0; round < this.#rounds && this.step < config.steps; round++) {
      for (let t = 0; t < config.trainFreq; t++) {
        moveTo(this.#remaining);
        this.#take();
      }
      if (this.step <= config.learningStarts) continue;
      moveTo(this.#remaining);
      memory.sampler.moveTo(this.#remaining);
      for (let i = 0; i < this.#gradientSteps; i++) learn();
    }
  }

  get #remaining(): number {
    return 1 - this.step / this.#parts.config.steps;
  }

  /** One step of every environment. */
  #take(): void {
    const { env, memory, config, explore, toEnv, stepped } = this.#parts;
    const { buffer, sampler } = memory;
    buffer.observe(env);
    explore(this.#actions, this.step < config.learningStarts);
    env.step(toEnv ? toEnv(this.#actions) : this.#actions);
    buffer.record(this.#actions, env);
    sampler.added(buffer.newest, env.count);
    this.step += env.count;
    stepped?.(this.step);
  }

  save(): Snapshot {
    const { added, arrays } = this.#parts.memory.buffer.save();
    const sampler = this.#parts.memory.sampler.save();
    return {
      json: { step: this.step, added, sampler: sampler.json },
      arrays: { ...prefixed("replay/", arrays), ...prefixed("sampler/", sampler.arrays) },
    };
  }

  load({ json, arrays }: Snapshot): void {
    const { step, added, sampler } = json as unknown as { step: number; added: number; sampler: SamplerState };
    this.step = step;
    this.#parts.memory.buffer.load({ added, arrays: behind("replay/", arrays) });
    // Environments that cannot go on where they were begin new episodes.
    if (!this.#parts.env.canRestore) this.#parts.memory.buffer.cut();
    this.#parts.memory.sampler.load({ json: sampler, arrays: behind("sampler/", arrays) });
  }
}
