import { ConfigError } from "../../errors.ts";
import { Box, Discrete, MultiBinary, MultiDiscrete, type Space } from "../../spaces/index.ts";
import type { Env, Json } from "../env.ts";
import { loadRandom, saveRandom, seededRandom } from "../seeding.ts";
import { drawIdentity, type Part } from "./draw-identity.ts";

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
 *
 * After the identity environments in the tests of Stable-Baselines3.
 */
export class IdentityEnv implements Env<unknown, unknown> {
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly actionMask?: () => Uint8Array;
  /** Actions taken that did not count, in all episodes. */
  invalidActions = 0;
  readonly #allowed: number | undefined;
  #mask = new Uint8Array();
  #random = seededRandom(0);
  #observation: unknown;
  #steps = 0;
  /** What was asked for and answered in the last step, for the drawing. */
  #last: { wanted: number[]; given: number[] } | undefined;

  /** @throws ConfigError for a number of allowed actions that no choice of the space has */
  constructor(space: Space<unknown>, { allowed, showsMask = true }: IdentityOptions = {}) {
    this.observationSpace = space;
    this.actionSpace = space;
    const fewest = this.#sizes().reduce((least, size) => Math.min(least, size), space.maskSize);
    if (allowed !== undefined && !(Number.isInteger(allowed) && allowed >= 1 && allowed <= fewest)) {
      const most = fewest > 0 ? `an integer from 1 to ${fewest}` : "left out: this space takes no mask";
      throw new ConfigError({ field: "IdentityEnv.allowed", value: allowed, allowed: most });
    }
    this.#allowed = allowed;
    if (allowed !== undefined && showsMask) this.actionMask = () => this.#mask;
  }

  reset({ seed }: { seed?: number }) {
    if (seed !== undefined) this.#random = seededRandom(seed);
    this.#steps = 0;
    this.#last = undefined;
    this.#draw();
    return { observation: this.#observation, info: {} };
  }

  step(action: unknown) {
    if (!this.#counts(action)) this.invalidActions++;
    const reward = this.#similarity(action);
    this.#last = { wanted: this.#indices(this.#observation), given: this.#indices(action) };
    this.#draw();
    const truncated = ++this.#steps === EPISODE_STEPS;
    return { observation: this.#observation, reward, terminated: false, truncated, info: {} };
  }

  render(canvas: CanvasRenderingContext2D): void {
    if (this.#observation === undefined) return;
    drawIdentity(canvas, this.#parts(), this.#indices(this.#observation), this.#mask, this.#last);
  }

  #parts(): Part[] {
    const { actionSpace } = this;
    if (actionSpace instanceof Box)
      return Array.from(actionSpace.low, (low, i) => ({ low, high: actionSpace.high[i] }));
    if (actionSpace instanceof MultiBinary) return new Array(actionSpace.n).fill({ size: 2 });
    return this.#sizes().map((size) => ({ size }));
  }

  /** The value's numbers, those of a Discrete counted from 0. */
  #indices(value: unknown): number[] {
    const start = this.actionSpace instanceof Discrete ? this.actionSpace.start : 0;
    return numbers(value).map((entry) => entry - start);
  }

  #similarity(action: unknown): number {
    const [given, wanted] = [numbers(action), numbers(this.#observation)];
    if (this.actionSpace.kind !== "box") return Number(given.join() === wanted.join());
    return 1 - wanted.reduce((sum, value, i) => sum + Math.abs(value - given[i]), 0) / wanted.length;
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
      from += this.#sizes()[i];
      return this.#mask[from - this.#sizes()[i] + choice] === 1;
    });
  }

  #draw(): void {
    this.#observation = this.observationSpace.sample(this.#random);
    const allowed = this.#allowed;
    if (allowed === undefined) return;
    this.#mask = Uint8Array.from(
      this.#sizes().flatMap((size, i) => {
        const right = numbers(this.#observation)[i];
        const order = this.#random.permutation(new Int32Array(size)).filter((choice) => choice !== right);
        const counting = new Set([right, ...order.subarray(0, allowed - 1)]);
        return Array.from({ length: size }, (_, choice) => Number(counting.has(choice)));
      }),
    );
  }

  state(): Json {
    return {
      random: saveRandom(this.#random),
      observation: this.#indices(this.#observation),
      mask: [...this.#mask],
      steps: this.#steps,
      last: this.#last ?? null,
    };
  }

  restore(state: Json): void {
    const { random, observation, mask, steps, last } = state as {
      random: Json;
      observation: number[];
      mask: number[];
      steps: number;
      last: { wanted: number[]; given: number[] } | null;
    };
    this.#random = loadRandom(random);
    this.#observation = this.observationSpace.unflattenAction(Float32Array.from(observation), 0);
    this.#mask = Uint8Array.from(mask);
    this.#steps = steps;
    this.#last = last ?? undefined;
  }
}

function numbers(value: unknown): number[] {
  return typeof value === "number" ? [value] : Array.from(value as ArrayLike<number>);
}
