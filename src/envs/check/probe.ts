/** Plays episodes with random actions and reports every breach of the contract on the way. */

import { show } from "../../errors.ts";
import type { Random } from "../../random/index.ts";
import { describeMismatch } from "../../spaces/index.ts";
import { describeThrown } from "../contract.ts";
import type { AnyEnv } from "../env.ts";
import { seededRandom } from "../seeding.ts";
import type { Findings } from "./finding.ts";

/** What one step looked like, for comparing two runs of the same episode. */
export interface Moment {
  /** `[F]` encoded observation; empty where it did not fit its space. */
  readonly observation: Float32Array;
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
}

/** Breaks off a check whose environment failed; what happened is among the findings already. */
export class Stopped extends Error {}

/** Steps one environment with a random policy of its own, which a seed repeats exactly. */
export class Probe {
  readonly env: AnyEnv;
  readonly #findings: Findings;
  readonly #random: Random;

  constructor(env: AnyEnv, findings: Findings, seed: number) {
    this.env = env;
    this.#findings = findings;
    this.#random = seededRandom(seed);
  }

  /** Calls a method of the environment; what it throws is a finding. @throws Stopped */
  call<T>(method: string, action: () => T): T {
    try {
      return action();
    } catch (error) {
      const fix = `Make ${method} run without an exception.`;
      this.#findings.add("error", method, `${method} threw ${describeThrown(error)}`, fix, error);
      throw new Stopped();
    }
  }

  /** @returns the raw observation and its encoding */
  reset(seed?: number): { raw: unknown; observation: Float32Array } {
    const result: unknown = this.call("reset", () => this.env.reset(seed === undefined ? {} : { seed }));
    if (typeof result !== "object" || result === null || !("observation" in result)) {
      const fix = "Return { observation, info } from reset.";
      this.#findings.add("error", "reset", `reset returned ${show(result)} instead of { observation, info }`, fix);
      throw new Stopped();
    }
    return { raw: result.observation, observation: this.#encode(result.observation) };
  }

  /** Takes a random action that the mask allows. @returns the raw observation and what the step looked like */
  step(): { raw: unknown; moment: Moment } {
    const action = this.env.actionSpace.sample(this.#random, this.mask());
    const result: unknown = this.call("step", () => this.env.step(action));
    if (typeof result !== "object" || result === null || !("observation" in result)) {
      const fix = "Return { observation, reward, terminated, truncated, info } from step.";
      this.#findings.add("error", "step", `step returned ${show(result)} instead of an object with observation`, fix);
      throw new Stopped();
    }
    const { observation, reward, terminated, truncated } = result as Record<string, unknown>;
    for (const [field, flag] of Object.entries({ terminated, truncated })) {
      if (typeof flag === "boolean") continue;
      const fix = `Return true or false as ${field} from every step.`;
      this.#findings.add("error", field, `${field} must be true or false; got ${show(flag)}`, fix);
    }
    if (typeof reward !== "number" || !Number.isFinite(reward)) {
      const fix = "Return a finite number as reward from every step; look for a division by zero or a missing value.";
      this.#findings.add("error", "reward", `reward must be a finite number; got ${show(reward)}`, fix);
    }
    const encoded = this.#encode(observation);
    const moment = {
      observation: encoded,
      reward: Number(reward),
      terminated: terminated === true,
      truncated: truncated === true,
    };
    return { raw: observation, moment };
  }

  /** Plays on for `steps` steps, resetting without a seed after each episode's end; the reset's row has reward 0. */
  play(steps: number): Moment[] {
    const moments: Moment[] = [];
    while (moments.length < steps) {
      const { moment } = this.step();
      moments.push(moment);
      if (!moment.terminated && !moment.truncated) continue;
      const { observation } = this.reset();
      moments.push({ observation, reward: 0, terminated: false, truncated: false });
    }
    return moments;
  }

  /** The present action mask; undefined where there is none or it is of no use (which is a finding). */
  mask(): Uint8Array | undefined {
    const { env } = this;
    if (!env.actionMask) return undefined;
    const mask: unknown = this.call("actionMask", () => env.actionMask?.());
    const { maskSize } = env.actionSpace;
    if (maskSize === 0) {
      const message = `actionMask is there, but the action space (${env.actionSpace.kind}) takes no mask`;
      this.#findings.add("error", "actionMask", message, "Leave actionMask out or use Discrete or MultiDiscrete.");
      return undefined;
    }
    if (!(mask instanceof Uint8Array) || mask.length !== maskSize) {
      const message = `actionMask must be a Uint8Array of ${maskSize} entries; got ${show(mask)}`;
      this.#findings.add("error", "actionMask", message, "Return one entry per action, 1 where it is allowed.");
      return undefined;
    }
    try {
      env.actionSpace.sample(seededRandom(0), mask);
    } catch {
      const message = "actionMask allows no action at all";
      this.#findings.add("error", "actionMask", message, "Allow at least one action, or end the episode instead.");
      return undefined;
    }
    return mask;
  }

  #encode(observation: unknown): Float32Array {
    const space = this.env.observationSpace;
    const mismatch = describeMismatch(space, observation, { bounds: false });
    if (mismatch !== undefined) {
      const fix = "Make observationSpace and what reset and step return agree.";
      this.#findings.add("error", "observation", mismatch, fix);
      return new Float32Array(0);
    }
    const outside = space.mismatch(observation, "observation", true);
    if (outside) {
      const fix = "Widen low and high of observationSpace, or limit the observation.";
      const field = outside.field.replace("observation", "observation bounds ");
      this.#findings.add(
        "warning",
        field,
        `${outside.field} must be ${outside.allowed}; got ${show(outside.value)}`,
        fix,
      );
    }
    const encoded = new Float32Array(space.flatSize);
    space.flatten(observation, encoded, 0);
    return encoded;
  }
}

/** Index of the first moment in which two runs differ (bit for bit), or −1. */
export function firstDifference(a: readonly Moment[], b: readonly Moment[]): number {
  const same = (x: Moment, y: Moment) =>
    Object.is(x.reward, y.reward) &&
    x.terminated === y.terminated &&
    x.truncated === y.truncated &&
    x.observation.length === y.observation.length &&
    x.observation.every((value, i) => Object.is(value, y.observation[i]));
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (i >= a.length || i >= b.length || !same(a[i], b[i])) return i;
  }
  return -1;
}
