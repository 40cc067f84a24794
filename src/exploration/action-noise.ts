import type { Random, RandomState } from "../random/index.ts";

/** All that the next noise depends on, as plain JSON. */
export type ActionNoiseState = {
  readonly random: RandomState;
  /** What it remembers of each entry of each environment's action; nothing where the noise has no memory. */
  readonly memory: number[];
};

/** Random numbers that a deterministic policy adds to its actions in order to explore. */
export interface ActionNoise {
  /** σ: how bold it is; may change at any time. */
  sigma: number;
  /** Adds noise to `actions` `[N, A]`, in place. */
  addTo(actions: Float32Array): void;
  /** Begins an episode in environment n of those it has: what is remembered of the one before is gone. */
  reset(n: number): void;
  save(): ActionNoiseState;
  load(state: ActionNoiseState): void;
}

/** Independent normal noise of standard deviation σ for every entry of every step (Fujimoto et al. 2018, algorithm 1). */
export class GaussianNoise implements ActionNoise {
  sigma: number;
  readonly #random: Random;

  constructor(sigma: number, random: Random) {
    this.sigma = sigma;
    this.#random = random;
  }

  addTo(actions: Float32Array): void {
    for (let i = 0; i < actions.length; i++) actions[i]! += this.sigma * this.#random.normal();
  }

  reset(): void {}

  save(): ActionNoiseState {
    return { random: { ...this.#random.state() }, memory: [] };
  }

  load({ random }: ActionNoiseState): void {
    this.#random.restore(random);
  }
}

export interface OrnsteinUhlenbeckOptions {
  readonly sigma: number;
  /** θ: the share of the way back to 0 that is gone in a unit of time. */
  readonly theta: number;
  /** Units of time in a step. */
  readonly dt: number;
}

/**
 * The Ornstein-Uhlenbeck process (Uhlenbeck & Ornstein 1930; Lillicrap et al. 2016, section 3), noise that stays on one side for a while,
 * as suits what has inertia: x ← x − θ x dt + σ √dt ε, from 0 at the start of every episode. In the long run its variance is
 * σ² / (θ (2 − θ dt)), about σ² / 2θ, and its correlation with itself k steps later (1 − θ dt)^k.
 */
export class OrnsteinUhlenbeckNoise implements ActionNoise {
  sigma: number;
  readonly #theta: number;
  readonly #dt: number;
  readonly #random: Random;
  /** A */
  readonly #width: number;
  /** `[N, A]` */
  readonly #x: Float64Array;

  /**
   * @param envs N
   * @param width A
   */
  constructor({ sigma, theta, dt }: OrnsteinUhlenbeckOptions, envs: number, width: number, random: Random) {
    this.sigma = sigma;
    this.#theta = theta;
    this.#dt = dt;
    this.#random = random;
    this.#width = width;
    this.#x = new Float64Array(envs * width);
  }

  addTo(actions: Float32Array): void {
    const pull = this.#theta * this.#dt;
    const push = this.sigma * Math.sqrt(this.#dt);
    for (let i = 0; i < actions.length; i++) {
      this.#x[i]! += push * this.#random.normal() - pull * this.#x[i]!;
      actions[i]! += this.#x[i]!;
    }
  }

  reset(n: number): void {
    this.#x.fill(0, n * this.#width, (n + 1) * this.#width);
  }

  save(): ActionNoiseState {
    return { random: { ...this.#random.state() }, memory: Array.from(this.#x) };
  }

  load({ random, memory }: ActionNoiseState): void {
    this.#random.restore(random);
    this.#x.set(memory);
  }
}
