/**
 * InvertedDoublePendulum: a pole on a pole on a cart on a rail of two metres is to be kept upright by a force on the cart.
 *
 * Source: as InvertedPendulum, with a second pole. Masses, lengths, limits, reward and end are those of Gymnasium's
 * InvertedDoublePendulum-v5.
 *
 * observation: place of the cart [m]; sine of the first pole's angle and of the second's against it; their cosines; the
 * velocities of cart and angles, cut to ±10; the force by which the end of the rail stops the cart, cut to ±10
 * reward: healthyReward − 0.01 x² − (z − 2)² − 0.001 ω₁² − 0.005 ω₂², with the tip at x and z; it ends at z of 1 or less
 */

import { cos, sin } from "../../math/index.ts";
import type { DynamicsWithNumbers } from "../dynamics.ts";
import { dynamicsSpec } from "../dynamics-spec.ts";
import { readOptions } from "../options.ts";
import type { EnvSpec } from "../spec.ts";
import { facts } from "./descriptions.ts";
import type { MujocoEngine } from "./engine.ts";
import { addNormal, addUniform, clip, mujocoDynamics } from "./mujoco-dynamics.ts";
import { lazySimulation, type Simulation } from "./simulation.ts";

export const INVERTED_DOUBLE_PENDULUM_DEFAULTS = {
  /** Reward of each step that ends upright. */
  healthyReward: 10,
  /** Half the range of the noise on positions, and deviation of that on velocities, at the start. */
  resetNoiseScale: 0.1,
};

export type InvertedDoublePendulumOptions = typeof INVERTED_DOUBLE_PENDULUM_DEFAULTS;

const LEAST_HEIGHT = 1;
const OBSERVED_LIMIT = 10;

/** Nothing collides. Gravity leans by a millionth, so that upright is no equilibrium. */
export const INVERTED_DOUBLE_PENDULUM_MODEL = `
<mujoco model="inverted double pendulum">
  <option timestep="0.01" integrator="RK4" gravity="1e-5 0 -9.81"/>
  <default>
    <joint type="hinge" axis="0 1 0" damping="0.05"/>
    <geom type="capsule" size="0.045" contype="0" conaffinity="0" group="3"/>
  </default>
  <worldbody>
    <geom name="rail" size="0.02" fromto="-1 0 0 1 0 0" group="0"/>
    <body name="cart">
      <joint name="slider" type="slide" axis="1 0 0" range="-1 1" margin="0.01"/>
      <geom name="cart" size="0.1" fromto="-0.1 0 0 0.1 0 0" group="2"/>
      <body name="pole">
        <joint name="hinge"/>
        <geom name="pole" fromto="0 0 0 0 0 0.6"/>
        <body name="pole2" pos="0 0 0.6">
          <joint name="hinge2"/>
          <geom name="pole2" fromto="0 0 0 0 0 0.6"/>
          <site name="tip" pos="0 0 0.6"/>
        </body>
      </body>
    </body>
  </worldbody>
  <actuator>
    <motor joint="slider" gear="500" ctrlrange="-1 1"/>
  </actuator>
</mujoco>`;

/** @throws ConfigError for an unknown option or a value of the wrong kind */
function invertedDoublePendulum(
  simulation: Simulation,
  given: Partial<InvertedDoublePendulumOptions>,
): DynamicsWithNumbers<ArrayLike<number>> {
  const id = "InvertedDoublePendulum-v5";
  const { healthyReward, resetNoiseScale } = readOptions(id, given, INVERTED_DOUBLE_PENDULUM_DEFAULTS);
  const { stateSize } = simulation;
  const isDown = () => simulation.arrays.site_xpos[2] <= LEAST_HEIGHT;
  return mujocoDynamics(simulation, {
    frameSkip: 5,
    observationSize: 9,
    camera: { width: 2.8, right: [1, 0, 0], up: [0, 0, 1], centre: [0, 0, 0.5] },
    extraSize: 1,
    start(random) {
      addUniform(simulation.arrays.qpos, resetNoiseScale, random);
      addNormal(simulation.arrays.qvel, resetNoiseScale, random);
    },
    reward() {
      const { site_xpos, qvel } = simulation.arrays;
      const [x, z] = [site_xpos[0], site_xpos[2]];
      const distance = 0.01 * (x * x) + (z - 2) * (z - 2);
      const motion = 1e-3 * (qvel[1] * qvel[1]) + 5e-3 * (qvel[2] * qvel[2]);
      return (isDown() ? 0 : healthyReward) - distance - motion;
    },
    terminated: isDown,
    writeExtras(states, at) {
      states[at] = clip(simulation.arrays.qfrc_constraint[0], OBSERVED_LIMIT);
    },
    observe(states, at, observations, to) {
      observations[to] = states[at];
      observations[to + 1] = sin(states[at + 1]);
      observations[to + 2] = sin(states[at + 2]);
      observations[to + 3] = cos(states[at + 1]);
      observations[to + 4] = cos(states[at + 2]);
      for (let k = 0; k < 3; k++) observations[to + 5 + k] = clip(states[at + 3 + k], OBSERVED_LIMIT);
      observations[to + 8] = states[at + stateSize];
    },
  });
}

/** Registry entry. */
export function invertedDoublePendulumSpec(engine: MujocoEngine): EnvSpec {
  const simulation = lazySimulation(engine, INVERTED_DOUBLE_PENDULUM_MODEL);
  return dynamicsSpec(facts("InvertedDoublePendulum-v5"), (options: Partial<InvertedDoublePendulumOptions>) =>
    invertedDoublePendulum(simulation(), options),
  );
}
