import type { Random } from "../../random/index.ts";
import { Box } from "../../spaces/index.ts";
import type { DynamicsWithNumbers } from "../dynamics.ts";
import { type Camera, drawSimulation } from "./draw-simulation.ts";
import type { Simulation } from "./simulation.ts";

/** What makes a task of a simulation. `states[at …]` is one environment's state: the simulation's own, then `extras`. */
export interface MujocoTask {
  /** Steps of the engine per action. */
  readonly frameSkip: number;
  readonly observationSize: number;
  readonly camera: Camera;
  /** Numbers that the engine computes in a step and an observation or the next reward needs; left out: 0. */
  readonly extraSize?: number;
  /** Moves the simulation from its reference position to a start. */
  start(random: Random): void;
  /**
   * Reward of the step that the simulation has just taken with the actions at `actions[from …]`.
   * @param states what they were before it
   */
  reward(states: Float64Array, at: number, actions: Float32Array, from: number): number;
  /** Whether the episode ends where the simulation is; left out: never. */
  terminated?(): boolean;
  /** Writes the extras into `states[at …]`, after a start and after every step. */
  writeExtras?(states: Float64Array, at: number): void;
  /** Writes what is observed in a state into `observations[to …]`. */
  observe(states: Float64Array, at: number, observations: Float32Array, to: number): void;
}

/** A task of the simulation as a built-in environment: actions are the controls, within their ranges. */
export function mujocoDynamics(simulation: Simulation, task: MujocoTask): DynamicsWithNumbers<ArrayLike<number>> {
  const { nu, actuator_ctrlrange: range } = simulation.model;
  const { frameSkip, observationSize, extraSize = 0 } = task;
  const stateSize = simulation.stateSize + extraSize;
  const keep = (states: Float64Array, at: number) => {
    simulation.save(states, at);
    task.writeExtras?.(states, at + simulation.stateSize);
  };
  return {
    stateSize,
    observationSpace: new Box(-Infinity, Infinity, [observationSize]),
    actionSpace: new Box(
      Array.from({ length: nu }, (_, k) => range[2 * k]),
      Array.from({ length: nu }, (_, k) => range[2 * k + 1]),
    ),

    start(states, offset, random): void {
      simulation.reset();
      task.start(random);
      simulation.forward();
      keep(states, offset);
    },

    advance(states, actions, rewards, terminated, count): void {
      for (let n = 0; n < count; n++) {
        simulation.load(states, n * stateSize);
        const { ctrl } = simulation.arrays;
        for (let k = 0; k < nu; k++) ctrl[k] = actions[n * nu + k];
        simulation.step(frameSkip);
        rewards[n] = task.reward(states, n * stateSize, actions, n * nu);
        terminated[n] = task.terminated?.() ? 1 : 0;
        keep(states, n * stateSize);
      }
    },

    observe(states, observations, from, to): void {
      for (let n = from; n < to; n++) task.observe(states, n * stateSize, observations, n * observationSize);
    },

    draw(canvas, state): void {
      simulation.load(state, 0);
      simulation.place();
      drawSimulation(canvas, simulation, task.camera);
    },
  };
}

/** Adds noise, uniform on −scale … scale. */
export function addUniform(values: Float64Array, scale: number, random: Random): void {
  for (let k = 0; k < values.length; k++) values[k] += scale * (2 * random.uniform() - 1);
}

/** Adds noise, normal with deviation `scale`. */
export function addNormal(values: Float64Array, scale: number, random: Random): void {
  for (let k = 0; k < values.length; k++) values[k] += scale * random.normal();
}

/** |a|² of the action at `actions[from …]`. */
export function squaredNorm(actions: Float32Array, from: number, size: number): number {
  let sum = 0;
  for (let k = from; k < from + size; k++) sum += actions[k] * actions[k];
  return sum;
}

export function clip(value: number, bound: number): number {
  return Math.min(Math.max(value, -bound), bound);
}
