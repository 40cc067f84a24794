import type { Random } from "../../random/index.ts";
import type { Camera } from "./draw-simulation.ts";
import { clip, type MujocoTask, squaredNorm } from "./mujoco-dynamics.ts";
import type { Simulation } from "./simulation.ts";

export interface PlanarRunner {
  readonly frameSkip: number;
  readonly camera: Camera;
  /** Weight of the speed forward [s/m]. */
  readonly forwardRewardWeight: number;
  /** Weight of |a|². */
  readonly ctrlCostWeight: number;
  /** Reward of a step that ends in health; left out: 0. */
  readonly healthyReward?: number;
  readonly terminateWhenUnhealthy?: boolean;
  /** Observed velocities are cut to ± this; left out: never. */
  readonly velocityLimit?: number;
  /** Whether it stands where the simulation is; left out: always. */
  isHealthy?(): boolean;
  start(random: Random): void;
}

/**
 * What Hopper, Walker2d and HalfCheetah have in common: a body in the x-z plane that is to run towards +x.
 *
 * observation: all positions but x, then all velocities
 * reward: forwardRewardWeight · Δx/Δt + healthyReward (where healthy) − ctrlCostWeight · |a|²
 */
export function planarRunner(simulation: Simulation, runner: PlanarRunner): MujocoTask {
  const { nq, nv, nu } = simulation.model;
  const { frameSkip, camera, velocityLimit = Infinity, healthyReward = 0, terminateWhenUnhealthy = false } = runner;
  const seconds = frameSkip * simulation.timestep;
  const isHealthy = () => runner.isHealthy?.() ?? true;
  return {
    frameSkip,
    camera,
    observationSize: nq - 1 + nv,
    start: runner.start,
    reward(states, at, actions, from) {
      const speed = (simulation.arrays.qpos[0] - states[at]) / seconds;
      const healthy = isHealthy() ? healthyReward : 0;
      return runner.forwardRewardWeight * speed + healthy - runner.ctrlCostWeight * squaredNorm(actions, from, nu);
    },
    terminated: () => terminateWhenUnhealthy && !isHealthy(),
    observe(states, at, observations, to) {
      for (let k = 1; k < nq; k++) observations[to + k - 1] = states[at + k];
      for (let k = 0; k < nv; k++) observations[to + nq - 1 + k] = clip(states[at + nq + k], velocityLimit);
    },
  };
}
