import { EnvironmentError, FormatError, RunError, ShapeError } from "../errors.ts";
import type { Key, Streams } from "../random/index.ts";
import type { Space } from "../spaces/index.ts";
import type { DifferentiableBatch } from "./differentiable.ts";
import type { Dynamics } from "./dynamics.ts";
import type { BatchEnv, Json } from "./env.ts";
import type { FiniteMdp } from "./finite-mdp.ts";
import type { GoalRules } from "./goals/goal-rules.ts";
import type { BatchLabels } from "./labels.ts";
import { type Observed, observed } from "./observed.ts";
import type { OpponentSeat } from "./opponent-seat.ts";
import { packArray, readList, readRecord, unpackArray } from "./packing.ts";
import { episodeSeed, loadStreams, saveRandom, seededStreams } from "./seeding.ts";

/**
 * N environments of one built-in kind on typed arrays: no object is made per step, and the numbers are those that
 * `batch` gives for N plain environments of this kind with the same key.
 */
export class NativeBatch implements BatchEnv {
  readonly name: string;
  readonly count: number;
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly observationIndices?: Int32Array;
  readonly finalObservationIndices?: Int32Array;
  readonly model?: FiniteMdp;
  readonly actionMasks?: Uint8Array;
  readonly differentiable?: DifferentiableBatch;
  readonly labels?: BatchLabels;
  readonly goals?: GoalRules;
  readonly stackedFrames?: number;
  readonly opponentSeat?: OpponentSeat;
  readonly canRestore = true;

  readonly #dynamics: Dynamics<unknown>;
  /** How many choices each part of an action has, where it consists of indices. */
  readonly #choices: readonly number[];
  readonly #observed: Observed;
  /** `[N, S]` */
  readonly #states: Float64Array;
  /** `[N]` steps of the running episodes. */
  readonly #elapsed: Int32Array;
  readonly #maxSteps: number;
  /** One per environment; none before the first reset. */
  #streams: Streams | undefined;

  /** @param maxSteps time limit: episodes are truncated after that many steps; Infinity for none */
  constructor(name: string, dynamics: Dynamics<unknown>, count: number, maxSteps: number) {
    this.name = name;
    this.count = count;
    this.observationSpace = dynamics.observationSpace;
    this.actionSpace = dynamics.actionSpace;
    this.rewards = new Float64Array(count);
    this.terminated = new Uint8Array(count);
    this.truncated = new Uint8Array(count);
    if (dynamics.model) this.model = dynamics.model;
    if (dynamics.goals) this.goals = dynamics.goals;
    if (dynamics.stackedFrames) this.stackedFrames = dynamics.stackedFrames;
    if (dynamics.opponentSeat) this.opponentSeat = dynamics.opponentSeat;
    if (dynamics.writeMasks) this.actionMasks = new Uint8Array(count * dynamics.actionSpace.maskSize).fill(1);
    this.#dynamics = dynamics;
    const { actionSpace } = dynamics;
    const { actionSize, maskSize } = actionSpace;
    this.#choices = "nvec" in actionSpace ? (actionSpace.nvec as number[]) : new Array(actionSize).fill(maskSize);
    this.#observed = observed(dynamics, count);
    this.observationIndices = this.#observed.observationIndices;
    this.finalObservationIndices = this.#observed.finalObservationIndices;
    this.#states = new Float64Array(count * dynamics.stateSize);
    if (dynamics.differentiable) this.differentiable = { dynamics: dynamics.differentiable, states: this.#states };
    if (dynamics.labels) this.labels = { ...dynamics.labels, current: new Int32Array(count) };
    this.#elapsed = new Int32Array(count);
    this.#maxSteps = maxSteps;
  }

  get observations(): Float32Array {
    return this.#observed.observations;
  }

  get finalObservations(): Float32Array {
    return this.#observed.finalObservations;
  }

  reset(key: Key): void {
    this.#streams = seededStreams(Array.from({ length: this.count }, (_, n) => episodeSeed(key, n)));
    for (let n = 0; n < this.count; n++) this.#start(n, this.#streams);
    this.#observe(0, this.count);
    this.#writeMasks();
    this.rewards.fill(0);
    this.terminated.fill(0);
    this.truncated.fill(0);
  }

  step(actions: Float32Array): void {
    const streams = this.#streams;
    if (streams === undefined) throw new EnvironmentError(`${this.name} must be reset before its first step`);
    this.#checkActions(actions);
    const { count, terminated, truncated } = this;
    const dynamics = this.#dynamics;
    const elapsed = this.#elapsed;
    dynamics.advance(this.#states, actions, this.rewards, terminated, count, streams);
    this.#observe(0, count);
    const maxSteps = this.#maxSteps;
    for (let n = 0; n < count; n++) {
      const steps = ++elapsed[n];
      const ended = terminated[n];
      const cut = ended === 0 && steps >= maxSteps ? 1 : 0;
      truncated[n] = cut;
      if ((ended | cut) !== 0) this.#restart(n, streams);
    }
    this.#writeMasks();
  }

  state(): Json {
    return {
      states: packArray(this.#states),
      elapsed: packArray(this.#elapsed),
      random: this.#streams?.each.map(saveRandom) ?? [],
      ...this.#observed.save(),
      rewards: packArray(this.rewards),
      terminated: packArray(this.terminated),
      truncated: packArray(this.truncated),
    };
  }

  restore(state: Json): void {
    const field = `${this.name} state`;
    const record = readRecord(field, state);
    const states = new Float64Array(this.#states.length);
    unpackArray(`${field}.states`, record.states, states);
    if (!states.every(Number.isFinite)) {
      throw new FormatError({ field: `${field}.states`, value: states, allowed: "finite numbers" });
    }
    const streams = loadStreams(readList(`${field}.random`, record.random, this.count));
    unpackArray(`${field}.elapsed`, record.elapsed, this.#elapsed);
    this.#observed.restore(field, record, states);
    unpackArray(`${field}.rewards`, record.rewards, this.rewards);
    unpackArray(`${field}.terminated`, record.terminated, this.terminated);
    unpackArray(`${field}.truncated`, record.truncated, this.truncated);
    this.#states.set(states);
    this.#streams = streams;
    this.#writeMasks();
    if (this.labels) this.#dynamics.labels!.write(states, this.labels.current, 0, this.count);
  }

  render(canvas: CanvasRenderingContext2D, n: number): void {
    const { stateSize } = this.#dynamics;
    this.#dynamics.draw(canvas, this.#states.subarray(n * stateSize, (n + 1) * stateSize));
  }

  #start(n: number, streams: Streams): void {
    this.#elapsed[n] = 0;
    this.#dynamics.start(this.#states, n * this.#dynamics.stateSize, streams.each[n]);
  }

  /** Keeps the final observation of environment n and starts its next episode. */
  #restart(n: number, streams: Streams): void {
    this.#observed.keep(n);
    this.#start(n, streams);
    this.#observe(n, n + 1);
  }

  /** Writes what environments `from` … `to − 1` observe. */
  #observe(from: number, to: number): void {
    if (this.labels) this.#dynamics.labels!.write(this.#states, this.labels.current, from, to);
    this.#observed.write(this.#states, from, to);
  }

  #writeMasks(): void {
    if (this.actionMasks) this.#dynamics.writeMasks?.(this.#states, this.actionMasks, 0, this.count);
  }

  #checkActions(actions: Float32Array): void {
    const { actionSize, maskSize } = this.#dynamics.actionSpace;
    if (actions.length !== this.count * actionSize) {
      const allowed = `an array of ${this.count} × ${actionSize} numbers`;
      throw new ShapeError({ field: "actions", value: actions, allowed });
    }
    // Discrete actions are indices; of continuous ones, NaN and infinities would poison the state.
    for (let i = 0, part = 0; i < actions.length; i++) {
      const action = actions[i];
      const choices = this.#choices[part];
      const valid = maskSize > 0 ? (action | 0) === action && action >= 0 && action < choices : action - action === 0;
      if (!valid) {
        const allowed = maskSize > 0 ? `an index from 0 to ${choices - 1}` : "a finite number";
        throw new RunError({ field: `action ${i} for ${this.name}`, value: action, allowed });
      }
      part = part + 1 === actionSize ? 0 : part + 1;
    }
  }
}
