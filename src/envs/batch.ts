import { ConfigError, EnvironmentError, FormatError, RunError, ShapeError } from "../errors.ts";
import type { Key } from "../random/index.ts";
import { Discrete, type Space } from "../spaces/index.ts";
import {
  callEnv,
  isEnv,
  requireJson,
  requireLabel,
  requireMask,
  requireObservation,
  requireReset,
  requireStep,
} from "./contract.ts";
import type { DifferentiableBatch } from "./differentiable.ts";
import type { AnyEnv, BatchEnv, Info, Json } from "./env.ts";
import type { FiniteMdp } from "./finite-mdp.ts";
import type { BatchLabels } from "./labels.ts";
import { packArray, readList, readRecord, unpackArray } from "./packing.ts";
import { readIndices } from "./read-indices.ts";
import { episodeSeed } from "./seeding.ts";
import { envName } from "./wrappers/wrap.ts";

const A_SPACE = "a Discrete, MultiDiscrete, MultiBinary, Box or Dict";

/**
 * N plain environments, a user's own for example, as one batch. Everything they hand back is checked.
 *
 * `canRestore` is true where every environment has `state` and `restore`.
 *
 * @param makeEnv makes environment n; it must be a new object every time
 * @param options.name what messages call the environment; default: its class name
 * @throws ConfigError for a count that is not a positive integer and for environments that differ in their spaces
 * @throws EnvironmentError from `reset` and `step`, in one sentence that names environment, field and value, for an
 *   observation of the wrong shape or dtype, NaN or infinity, flags that are not booleans, and what the environment throws
 */
export function batch(makeEnv: (n: number) => AnyEnv, count: number, options: { name?: string } = {}): BatchEnv {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new ConfigError({ field: "count", value: count, allowed: "a positive integer" });
  }
  requireMaker(makeEnv);
  const envs = Array.from({ length: count }, (_, n) => makeEnv(n));
  const none = envs.find((env) => !isEnv(env));
  if (envs.some((env) => !isEnv(env))) {
    throw new ConfigError({ field: "what makeEnv returns", value: none ?? String(none), allowed: "an environment" });
  }
  const name = options.name ?? envName(envs[0]);
  if (new Set(envs).size < count) {
    throw new ConfigError({ field: "makeEnv", allowed: "a function that makes a new environment in every call" });
  }
  for (const space of ["observationSpace", "actionSpace"] as const) {
    if (typeof envs[0][space]?.mismatch !== "function") {
      throw new EnvironmentError({ field: `${space} of ${name}`, value: envs[0][space], allowed: A_SPACE });
    }
    const different = envs.findIndex((env) => !env[space].equals(envs[0][space]));
    if (different > 0) {
      const allowed = "the same in every environment of a batch";
      throw new ConfigError({
        field: `${space} of environment ${different} (${name})`,
        value: envs[different][space],
        allowed,
      });
    }
  }
  return new EnvBatch(name, envs);
}

/** @internal Throws ConfigError unless `makeEnv` is a function. */
export function requireMaker(makeEnv: unknown): void {
  if (typeof makeEnv === "function") return;
  const fix = isEnv(makeEnv) ? "One environment alone cannot stand for several: give () => new MyEnv()." : undefined;
  throw new ConfigError({
    field: "makeEnv",
    value: isEnv(makeEnv) ? undefined : makeEnv,
    allowed: "a function that makes an environment",
    fix,
  });
}

class EnvBatch implements BatchEnv {
  readonly name: string;
  readonly count: number;
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly observations: Float32Array;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly finalObservations: Float32Array;
  readonly finalInfos: (Info | undefined)[];
  readonly observationIndices?: Int32Array;
  readonly finalObservationIndices?: Int32Array;
  readonly model?: FiniteMdp;
  readonly differentiable?: DifferentiableBatch;
  readonly labels?: BatchLabels;
  readonly stackedFrames?: number;
  readonly actionMasks?: Uint8Array;
  readonly canRestore: boolean;
  readonly render?: (canvas: CanvasRenderingContext2D, n: number) => void;
  readonly #envs: readonly AnyEnv[];
  #ready = false;

  constructor(name: string, envs: readonly AnyEnv[]) {
    const [first] = envs;
    this.name = name;
    this.count = envs.length;
    this.observationSpace = first.observationSpace;
    this.actionSpace = first.actionSpace;
    this.observations = new Float32Array(this.count * this.observationSpace.flatSize);
    this.finalObservations = new Float32Array(this.count * this.observationSpace.flatSize);
    this.rewards = new Float64Array(this.count);
    this.terminated = new Uint8Array(this.count);
    this.truncated = new Uint8Array(this.count);
    this.finalInfos = new Array(this.count).fill(undefined);
    if (first.observationSpace instanceof Discrete) {
      this.observationIndices = new Int32Array(this.count);
      this.finalObservationIndices = new Int32Array(this.count);
    }
    if (first.model) this.model = first.model;
    if (first.differentiable) {
      const { dynamics } = first.differentiable;
      this.differentiable = { dynamics, states: new Float64Array(this.count * dynamics.stateSize) };
    }
    if (first.labels) this.labels = { ...first.labels, current: new Int32Array(this.count) };
    if (first.stackedFrames) this.stackedFrames = first.stackedFrames;
    if (envs.some((env) => env.actionMask))
      this.actionMasks = new Uint8Array(this.count * this.actionSpace.maskSize).fill(1);
    this.canRestore = envs.every((env) => env.state !== undefined && env.restore !== undefined);
    if (envs.every((env) => env.render)) this.render = (canvas, n) => envs[n].render?.(canvas);
    this.#envs = envs;
  }

  reset(key: Key): void {
    for (let n = 0; n < this.count; n++) this.#start(n, { seed: episodeSeed(key, n) });
    this.rewards.fill(0);
    this.terminated.fill(0);
    this.truncated.fill(0);
    this.finalInfos.fill(undefined);
    this.#ready = true;
  }

  step(actions: Float32Array): void {
    if (!this.#ready) throw new EnvironmentError(`${this.name} must be reset before its first step`);
    const { actionSize } = this.actionSpace;
    if (actions.length !== this.count * actionSize) {
      const allowed = `an array of ${this.count} × ${actionSize} numbers`;
      throw new ShapeError({ field: "actions", value: actions, allowed });
    }
    for (let n = 0; n < this.count; n++) {
      const where = this.#where(n);
      const action = this.actionSpace.unflattenAction(actions, n * actionSize);
      const mismatch = this.actionSpace.mismatch(action, "action", false);
      if (mismatch) throw new RunError({ ...mismatch, field: `${mismatch.field} for ${where}` });
      const result = requireStep(
        callEnv("step", where, () => this.#envs[n].step(action)),
        where,
      );
      const ended = result.terminated || result.truncated;
      this.#write(n, result.observation, ended);
      this.rewards[n] = result.reward;
      this.terminated[n] = result.terminated ? 1 : 0;
      this.truncated[n] = result.truncated && !result.terminated ? 1 : 0;
      this.finalInfos[n] = ended ? (result.info ?? {}) : undefined;
      if (ended) this.#start(n, {});
      else this.#refresh(n);
    }
  }

  state(): Json {
    if (!this.canRestore) return null;
    return {
      envs: this.#envs.map((env, n) => this.#stateOf(env, this.#where(n))),
      observations: packArray(this.observations),
      finalObservations: packArray(this.finalObservations),
      rewards: packArray(this.rewards),
      terminated: packArray(this.terminated),
      truncated: packArray(this.truncated),
      actionMasks: this.actionMasks ? packArray(this.actionMasks) : null,
    };
  }

  restore(state: Json): void {
    if (!this.canRestore) {
      if (state === null) return;
      const allowed = "null, because it has no restore";
      throw new FormatError({ field: `${this.name} state`, value: state, allowed });
    }
    const field = `${this.name} state`;
    const record = readRecord(field, state);
    const states = readList(`${field}.envs`, record.envs, this.count);
    unpackArray(`${field}.observations`, record.observations, this.observations);
    unpackArray(`${field}.finalObservations`, record.finalObservations, this.finalObservations);
    unpackArray(`${field}.rewards`, record.rewards, this.rewards);
    unpackArray(`${field}.terminated`, record.terminated, this.terminated);
    unpackArray(`${field}.truncated`, record.truncated, this.truncated);
    if (this.actionMasks) unpackArray(`${field}.actionMasks`, record.actionMasks, this.actionMasks);
    if (this.observationIndices) readIndices(this.observations, this.observationIndices);
    if (this.finalObservationIndices) readIndices(this.finalObservations, this.finalObservationIndices);
    this.finalInfos.fill(undefined);
    this.#envs.forEach((env, n) => {
      callEnv("restore", this.#where(n), () => env.restore?.(structuredClone(states[n])));
      this.#refresh(n);
    });
    this.#ready = true;
  }

  #stateOf(env: AnyEnv, where: string): Json {
    const state: unknown = callEnv("state", where, () => env.state?.());
    requireJson(state, `state of ${where}`);
    return structuredClone(state);
  }

  #start(n: number, options: { seed?: number }): void {
    const where = this.#where(n);
    const result = requireReset(
      callEnv("reset", where, () => this.#envs[n].reset(options)),
      where,
    );
    this.#write(n, result.observation, false);
    this.#refresh(n);
  }

  #write(n: number, observation: unknown, isFinal: boolean): void {
    requireObservation(this.observationSpace, observation, this.#where(n));
    const rows = isFinal ? this.finalObservations : this.observations;
    this.observationSpace.flatten(observation, rows, n * this.observationSpace.flatSize);
    const indices = isFinal ? this.finalObservationIndices : this.observationIndices;
    if (indices) indices[n] = (observation as number) - (this.observationSpace as Discrete).start;
  }

  /** What else is known of the present state. */
  #refresh(n: number): void {
    const env = this.#envs[n];
    this.#refreshMask(n, env);
    if (this.differentiable) {
      const { states, dynamics } = this.differentiable;
      states.set(env.differentiable!.state(), n * dynamics.stateSize);
    }
    if (this.labels) this.labels.current[n] = requireLabel(this.actionSpace, env.labels!.current(), this.#where(n));
  }

  #refreshMask(n: number, env: AnyEnv): void {
    if (this.actionMasks === undefined || env.actionMask === undefined) return;
    const mask = callEnv("actionMask", this.#where(n), () => env.actionMask?.());
    requireMask(this.actionSpace, mask, this.#where(n));
    this.actionMasks.set(mask, n * this.actionSpace.maskSize);
  }

  #where(n: number): string {
    return `environment ${n} (${this.name})`;
  }
}
