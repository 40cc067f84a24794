import { EnvironmentError, FormatError } from "../errors.ts";
import type { Streams } from "../random/index.ts";
import type { Space } from "../spaces/index.ts";
import type { DifferentiableEnv } from "./differentiable.ts";
import type { Dynamics } from "./dynamics.ts";
import type { Env, Json, ResetOptions, ResetResult, StepResult } from "./env.ts";
import type { FiniteMdp } from "./finite-mdp.ts";
import type { GoalObservation, GoalRules } from "./goals/goal-rules.ts";
import type { EnvLabels } from "./labels.ts";
import type { OpponentSeat } from "./opponent-seat.ts";
import { packArray, readRecord, unpackArray } from "./packing.ts";
import { loadStreams, saveRandom, seededStreams } from "./seeding.ts";

/** Numbers, which one of n, or a Dict with goals. */
type Observation = ArrayLike<number> | number | GoalObservation;

/**
 * One environment of a built-in kind, without its time limit. Its observations are new arrays that nothing changes
 * later. A first `reset` without a seed takes seed 0, as nothing here is random by itself.
 */
export class DynamicsEnv<A> implements Env<Observation, A> {
  readonly observationSpace: Space<Observation>;
  readonly actionSpace: Space<A>;
  readonly model?: FiniteMdp;
  readonly deterministic?: boolean;
  readonly actionMask?: () => Uint8Array;
  readonly differentiable?: DifferentiableEnv;
  readonly labels?: EnvLabels;
  readonly goals?: GoalRules;
  readonly stackedFrames?: number;
  readonly opponentSeat?: OpponentSeat;
  readonly #name: string;
  readonly #dynamics: Dynamics<A>;
  /** `[S]` */
  readonly #state: Float64Array;
  readonly #action: Float32Array;
  readonly #reward = new Float64Array(1);
  readonly #terminated = new Uint8Array(1);
  /** Of one stream. */
  #streams: Streams;
  #running = false;

  /** @param name what error messages call the environment */
  constructor(name: string, dynamics: Dynamics<A>) {
    this.observationSpace = dynamics.observationSpace as Space<Observation>;
    this.actionSpace = dynamics.actionSpace;
    if (dynamics.model) this.model = dynamics.model;
    if (dynamics.goals) this.goals = dynamics.goals;
    if (dynamics.stackedFrames) this.stackedFrames = dynamics.stackedFrames;
    if (dynamics.opponentSeat) this.opponentSeat = dynamics.opponentSeat;
    if (dynamics.deterministic) this.deterministic = true;
    if (dynamics.writeMasks) this.actionMask = () => this.#mask();
    this.#name = name;
    this.#dynamics = dynamics;
    this.#state = new Float64Array(dynamics.stateSize);
    this.#action = new Float32Array(dynamics.actionSpace.actionSize);
    this.#streams = seededStreams([0]);
    const { differentiable, labels } = dynamics;
    if (differentiable) this.differentiable = { dynamics: differentiable, state: () => this.#state.slice() };
    if (labels) this.labels = { ...labels, current: () => this.#label() };
  }

  reset(options: ResetOptions = {}): ResetResult<Observation> {
    if (options.seed !== undefined) this.#streams = seededStreams([options.seed]);
    this.#dynamics.start(this.#state, 0, this.#streams.each[0]);
    this.#running = true;
    return { observation: this.#observe(), info: {} };
  }

  /** @throws EnvironmentError for an action outside its space's type, and before `reset` or after the task ended */
  step(action: A): StepResult<Observation> {
    if (!this.#running) {
      throw new EnvironmentError(`${this.#name} must be reset before it is stepped: no episode is running`);
    }
    const mismatch = this.actionSpace.mismatch(action, `action for ${this.#name}`, false);
    if (mismatch) throw new EnvironmentError(mismatch);
    this.actionSpace.flattenAction(action, this.#action, 0);
    this.#dynamics.advance(this.#state, this.#action, this.#reward, this.#terminated, 1, this.#streams);
    const terminated = this.#terminated[0] === 1;
    this.#running = !terminated;
    return { observation: this.#observe(), reward: this.#reward[0], terminated, truncated: false, info: {} };
  }

  render(canvas: CanvasRenderingContext2D): void {
    this.#dynamics.draw(canvas, this.#state);
  }

  state(): Json {
    return { state: packArray(this.#state), running: this.#running, random: saveRandom(this.#streams.each[0]) };
  }

  restore(json: Json): void {
    const field = `${this.#name} state`;
    const record = readRecord(field, json);
    const state = new Float64Array(this.#state.length);
    unpackArray(`${field}.state`, record.state, state);
    if (!state.every(Number.isFinite)) {
      throw new FormatError({ field: `${field}.state`, value: state, allowed: "finite numbers" });
    }
    if (typeof record.running !== "boolean") {
      throw new FormatError({ field: `${field}.running`, value: record.running, allowed: "true or false" });
    }
    this.#streams = loadStreams([record.random]);
    this.#state.set(state);
    this.#running = record.running;
  }

  #mask(): Uint8Array {
    const mask = new Uint8Array(this.actionSpace.maskSize);
    this.#dynamics.writeMasks?.(this.#state, mask, 0, 1);
    return mask;
  }

  #label(): number {
    const label = new Int32Array(1);
    this.#dynamics.labels?.write(this.#state, label, 0, 1);
    return label[0];
  }

  #observe(): Observation {
    const dynamics = this.#dynamics;
    if ("observeIndices" in dynamics) {
      const index = new Int32Array(1);
      dynamics.observeIndices(this.#state, index, 0, 1);
      return index[0] + dynamics.observationSpace.start;
    }
    const observation = new Float32Array(this.observationSpace.flatSize);
    dynamics.observe(this.#state, observation, 0, 1);
    // Of the parts of such a Dict, the encodings as an observation and as an action are the same.
    return dynamics.goals
      ? (dynamics.observationSpace.unflattenAction(observation, 0) as GoalObservation)
      : observation;
  }
}
