import type { Random } from "../../random/index.ts";
import type { DynamicsWithNumbers } from "../dynamics.ts";
import { readOptions } from "../options.ts";
import { RUNNER_VIEW } from "./draw-simulation.ts";
import { addUniform, mujocoDynamics } from "./mujoco-dynamics.ts";
import { planarRunner } from "./planar-runner.ts";
import type { Simulation } from "./simulation.ts";

export const UPRIGHT_DEFAULTS = {
  /** Reward per m/s forward. */
  forwardRewardWeight: 1,
  /** Cost per |a|². */
  ctrlCostWeight: 1e-3,
  /** Reward of each step that ends upright. */
  healthyReward: 1,
  /** Whether falling ends the episode. */
  terminateWhenUnhealthy: true,
  /** Half the range of the noise on positions and velocities at the start. */
  resetNoiseScale: 5e-3,
};

export type UprightOptions = typeof UPRIGHT_DEFAULTS;

/**
 * What Hopper and Walker2d have in common: they are to run without falling, from about one posture, and their velocities are
 * observed cut to ±10.
 * @param stands whether it has not fallen where the simulation is
 * @throws ConfigError for an unknown option or a value of the wrong kind
 */
export function uprightRunner(
  id: string,
  simulation: Simulation,
  given: Partial<UprightOptions>,
  stands: (arrays: Simulation["arrays"]) => boolean,
): DynamicsWithNumbers<ArrayLike<number>> {
  const { resetNoiseScale, ...rewards } = readOptions(id, given, UPRIGHT_DEFAULTS);
  return mujocoDynamics(
    simulation,
    planarRunner(simulation, {
      ...rewards,
      frameSkip: 4,
      velocityLimit: 10,
      camera: RUNNER_VIEW,
      start(random: Random) {
        addUniform(simulation.arrays.qpos, resetNoiseScale, random);
        addUniform(simulation.arrays.qvel, resetNoiseScale, random);
      },
      isHealthy: () => stands(simulation.arrays),
    }),
  );
}
