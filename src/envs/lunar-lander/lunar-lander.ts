/**
 * LunarLander: land upright between two flags on the moon, with a main engine below and an engine at each side.
 *
 * Source: Klimov 2016, in OpenAI Gym; observation, reward and ends are those of Gymnasium's LunarLander-v3. Its physics, Box2D, is
 * here planck, a port of the same version to JavaScript, which computes in float64; with other random numbers than Gymnasium's, so
 * single episodes differ from there. Exhaust is only drawn, as there, and is no body of the physics.
 *
 * observation `[8]`, the pad being the origin: x / 10 m, y / 6.7 m, ẋ / 5 m/s, ẏ / 7.5 m/s, angle [rad, positive leans left],
 * angular velocity / 2.5 rad/s, 1 where the right and the left leg touch the ground.
 * reward: gains in shaping (flight.ts), less the fuel; −100 for a hull that touches the ground and for |x| ≥ 1, 100 at rest.
 */

import { EnvironmentError, FormatError } from "../../errors.ts";
import type { Random } from "../../random/index.ts";
import { Box, Discrete, type Space } from "../../spaces/index.ts";
import type { Env, Json, ResetOptions, ResetResult, StepResult } from "../env.ts";
import { packArray, readCount, readRecord, unpackArray } from "../packing.ts";
import { loadRandom, saveRandom, seededRandom } from "../seeding.ts";
import { drawFlight } from "./draw-flight.ts";
import { continuousThrottle, discreteThrottle } from "./engines.ts";
import { Flight } from "./flight.ts";
import type { LunarLanderOptions } from "./options.ts";

/** Of x, y, ẋ, ẏ, angle, angular velocity and the legs; y alone has no end in the task, and may leave them after a long climb. */
const LOW = [-2.5, -2.5, -10, -10, -2 * Math.PI, -10, 0, 0];
const HIGH = [2.5, 2.5, 10, 10, 2 * Math.PI, 10, 1, 1];

type Action = number | ArrayLike<number>;

/** One lander, without its time limit. */
export class LunarLander implements Env<ArrayLike<number>, Action> {
  readonly observationSpace = new Box(LOW, HIGH);
  readonly actionSpace: Space<Action>;
  readonly #name: string;
  readonly #options: LunarLanderOptions;
  readonly #isContinuous: boolean;
  #random = seededRandom(0);
  /** Where the random numbers of the episode began, and everything that was done in it since: see `state`. */
  #start = saveRandom(this.#random);
  #actions: number[] = [];
  #flight: Flight | undefined;
  #isRunning = false;

  /** @param name what error messages call the environment */
  constructor(name: string, isContinuous: boolean, options: LunarLanderOptions) {
    this.actionSpace = (isContinuous ? new Box(-1, 1, [2]) : new Discrete(4)) as Space<Action>;
    this.#name = name;
    this.#isContinuous = isContinuous;
    this.#options = options;
  }

  reset(options: ResetOptions = {}): ResetResult<ArrayLike<number>> {
    this.#begin(options.seed === undefined ? this.#random : seededRandom(options.seed));
    return { observation: this.#observe(), info: {} };
  }

  /** @throws EnvironmentError for an action outside its space's type, and before `reset` or after the task ended */
  step(action: Action): StepResult<ArrayLike<number>> {
    if (!this.#isRunning) {
      throw new EnvironmentError(`${this.#name} must be reset before it is stepped: no episode is running`);
    }
    const mismatch = this.actionSpace.mismatch(action, `action for ${this.#name}`, false);
    if (mismatch) throw new EnvironmentError(mismatch);
    const reward = this.#act(typeof action === "number" ? [action] : Float32Array.from(action));
    return { observation: this.#observe(), reward, terminated: !this.#isRunning, truncated: false, info: {} };
  }

  render(canvas: CanvasRenderingContext2D): void {
    if (this.#flight) drawFlight(canvas, this.#flight);
  }

  /**
   * The start of the episode and its actions, which `restore` takes again: the physics keeps more than it lets others set
   * (what touches what, the impulses of the step before, who is how near to sleep). It grows by the step until the next reset.
   */
  state(): Json {
    const Actions = this.#isContinuous ? Float32Array : Uint8Array;
    return { start: this.#start, actions: this.#flight ? packArray(Actions.from(this.#actions)) : null };
  }

  restore(json: Json): void {
    const field = `${this.#name} state`;
    const record = readRecord(field, json);
    const random = loadRandom(record.start);
    const actions = record.actions === null ? undefined : this.#readActions(`${field}.actions`, record.actions);
    if (actions === undefined) {
      this.#random = random;
      this.#start = saveRandom(random);
      this.#flight = undefined;
      this.#isRunning = false;
      return;
    }
    this.#begin(random);
    for (const action of actions) {
      if (!this.#isRunning) throw new FormatError({ field: `${field}.actions`, allowed: "those of one episode" });
      this.#act(action);
    }
  }

  #begin(random: Random): void {
    this.#random = random;
    this.#start = saveRandom(random);
    this.#actions = [];
    this.#flight = new Flight(this.#options, random);
    this.#isRunning = true;
  }

  /** @returns the reward */
  #act(action: ArrayLike<number>): number {
    for (let i = 0; i < action.length; i++) this.#actions.push(action[i]);
    const throttle = this.#isContinuous ? continuousThrottle(action[0], action[1]) : discreteThrottle(action[0]);
    const { reward, terminated } = this.#flight!.step(throttle);
    this.#isRunning = !terminated;
    return reward;
  }

  #observe(): Float32Array {
    return Float32Array.from(this.#flight!.state);
  }

  /** Each action of an episode, as `#act` takes it. */
  #readActions(field: string, json: Json | undefined): ArrayLike<number>[] {
    const packed = readRecord(field, json);
    const length = readCount(`${field}.length`, packed.length);
    // Every number takes more than one digit, so that a false length cannot ask for much memory.
    const size = this.actionSpace.actionSize;
    if (typeof packed.data !== "string" || length > packed.data.length || length % size !== 0) {
      throw new FormatError({ field, value: json, allowed: "packed actions" });
    }
    const numbers = this.#isContinuous ? new Float32Array(length) : new Uint8Array(length);
    unpackArray(field, packed, numbers);
    const actions = Array.from({ length: length / size }, (_, t) => numbers.subarray(t * size, (t + 1) * size));
    const wrong = actions.find((action) => (this.#isContinuous ? !action.every(Number.isFinite) : action[0] >= 4));
    if (wrong) throw new FormatError({ field, value: wrong, allowed: "actions of its space" });
    return actions;
  }
}
