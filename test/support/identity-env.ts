import type { Env, Json } from "../../src/envs/index.ts";
import { Key, type RandomState } from "../../src/random/index.ts";
import { Discrete, MultiDiscrete, type Space } from "../../src/spaces/index.ts";

const EPISODE_STEPS = 100;

export interface IdentityOptions {
  /** Of every choice only so many actions, the right one among them, count at a time; anew at each step. */
  readonly allowed?: number;
  /** Does the environment say which? Default true. */
  readonly showsMask?: boolean;
}

/**
 * Asks for the observation back, which any learner must manage: reward 1 for the action that equals the observation, else 0;
 * for a Box 1 less the mean distance. An episode has 100 steps, so the best return is 100.
 */
export class IdentityEnv implements Env<unknown, unknown> {
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly actionMask?: () => Uint8Array;
  /** Actions taken that did not count, in all episodes. */
  invalidActions = 0;
  readonly #allowed: number | undefined;
  #mask = new Uint8Array();
  #random = Key.fromSeed(0).stream();
  #observation: unknown;
  #steps = 0;

  constructor(space: Space<unknown>, { allowed, showsMask = true }: IdentityOptions = {}) {
    this.observationSpace = space;
    this.actionSpace = space;
    this.#allowed = allowed;
    if (allowed !== undefined && showsMask) this.actionMask = () => this.#mask;
  }

  reset({ seed }: { seed?: number }) {
    if (seed !== undefined) this.#random = Key.fromSeed(seed).stream();
    this.#steps = 0;
    this.#draw();
    return { observation: this.#observation, info: {} };
  }

  step(action: unknown) {
    if (!this.#counts(action)) this.invalidActions++;
    const reward = this.#similarity(action);
    this.#draw();
    const truncated = ++this.#steps === EPISODE_STEPS;
    return { observation: this.#observation, reward, terminated: false, truncated, info: {} };
  }

  #similarity(action: unknown): number {
    const [given, wanted] = [numbers(action), numbers(this.#observation)];
    if (this.actionSpace.kind !== "box") return Number(given.join() === wanted.join());
    return 1 - wanted.reduce((sum, value, i) => sum + Math.abs(value - given[i]!), 0) / wanted.length;
  }

  #sizes(): readonly number[] {
    const { actionSpace } = this;
    if (actionSpace instanceof Discrete) return [actionSpace.n];
    return actionSpace instanceof MultiDiscrete ? actionSpace.nvec : [];
  }

  #counts(action: unknown): boolean {
    if (this.#allowed === undefined) return true;
    let from = 0;
    return numbers(action).every((choice, i) => {
      from += this.#sizes()[i]!;
      return this.#mask[from - this.#sizes()[i]! + choice] === 1;
    });
  }

  #draw(): void {
    this.#observation = this.observationSpace.sample(this.#random);
    if (this.#allowed === undefined) return;
    this.#mask = Uint8Array.from(
      this.#sizes().flatMap((size, i) => {
        const right = numbers(this.#observation)[i]!;
        const order = this.#random.permutation(new Int32Array(size)).filter((choice) => choice !== right);
        const counting = new Set([right, ...order.subarray(0, this.#allowed! - 1)]);
        return Array.from({ length: size }, (_, choice) => Number(counting.has(choice)));
      }),
    );
  }

  state(): Json {
    return {
      random: { ...this.#random.state() },
      observation: numbers(this.#observation),
      mask: [...this.#mask],
      steps: this.#steps,
    };
  }

  restore(state: Json): void {
    const { random, observation, mask, steps } = state as {
      random: Json;
      observation: number[];
      mask: number[];
      steps: number;
    };
    this.#random.restore(random as unknown as RandomState);
    this.#observation = this.observationSpace.unflattenAction(Float32Array.from(observation), 0);
    this.#mask = Uint8Array.from(mask);
    this.#steps = steps;
  }
}

function numbers(value: unknown): number[] {
  return typeof value === "number" ? [value] : Array.from(value as ArrayLike<number>);
}
