/**
 * InvertedPendulum: a pole on a cart on a rail of two metres is to be kept upright by a force on the cart.
 *
 * Source: Barto, Sutton & Anderson (1983), "Neuronlike adaptive elements that can solve difficult learning control
 * problems". Masses, lengths, limits, reward and end are those of Gymnasium's InvertedPendulum-v5.
 *
 * observation: place of the cart [m], angle of the pole [rad, 0 is upright], their velocities
 * reward: 1 for each step after which the pole leans less than 0.2 rad; beyond that the episode ends
 */

import type { DynamicsWithNumbers } from "../dynamics.ts";
import { dynamicsSpec } from "../dynamics-spec.ts";
import { readOptions } from "../options.ts";
import type { EnvSpec } from "../spec.ts";
import { facts } from "./descriptions.ts";
import type { MujocoEngine } from "./engine.ts";
import { addUniform, mujocoDynamics } from "./mujoco-dynamics.ts";
import { lazySimulation, type Simulation } from "./simulation.ts";

export const INVERTED_PENDULUM_DEFAULTS = {
  /** Half the range of the noise on positions and velocities at the start. */
  resetNoiseScale: 0.01,
};

export type InvertedPendulumOptions = typeof INVERTED_PENDULUM_DEFAULTS;

const MOST_LEAN = 0.2;

/** Nothing collides. The pole's mass is a millimetre off its axis, as it is there. */
export const INVERTED_PENDULUM_MODEL = `
<mujoco model="inverted pendulum">
  <option timestep="0.02" integrator="RK4"/>
  <default>
    <joint damping="1"/>
    <geom type="capsule" contype="0" conaffinity="0"/>
  </default>
  <worldbody>
    <geom name="rail" size="0.02" fromto="-1 0 0 1 0 0" group="0"/>
    <body name="cart">
      <joint name="slider" type="slide" axis="1 0 0" range="-1 1"/>
      <geom name="cart" size="0.1" fromto="-0.1 0 0 0.1 0 0" group="2"/>
      <body name="pole">
        <joint name="hinge" type="hinge" axis="0 1 0" range="-90 90"/>
        <geom name="pole" size="0.049" fromto="0 0 0 0.001 0 0.6" group="3"/>
      </body>
    </body>
  </worldbody>
  <actuator>
    <motor joint="slider" gear="100" ctrlrange="-3 3"/>
  </actuator>
</mujoco>`;

/** @throws ConfigError for an unknown option or a value of the wrong kind */
function invertedPendulum(
  simulation: Simulation,
  given: Partial<InvertedPendulumOptions>,
): DynamicsWithNumbers<ArrayLike<number>> {
  const { resetNoiseScale } = readOptions("InvertedPendulum-v5", given, INVERTED_PENDULUM_DEFAULTS);
  const leans = () => Math.abs(simulation.arrays.qpos[1]) > MOST_LEAN;
  return mujocoDynamics(simulation, {
    frameSkip: 2,
    observationSize: 4,
    camera: { width: 2.6, right: [1, 0, 0], up: [0, 0, 1], centre: [0, 0, 0.3] },
    start(random) {
      addUniform(simulation.arrays.qpos, resetNoiseScale, random);
      addUniform(simulation.arrays.qvel, resetNoiseScale, random);
    },
    reward: () => (leans() ? 0 : 1),
    terminated: leans,
    observe(states, at, observations, to) {
      for (let k = 0; k < 4; k++) observations[to + k] = states[at + k];
    },
  });
}

/** Registry entry. */
export function invertedPendulumSpec(engine: MujocoEngine): EnvSpec {
  const simulation = lazySimulation(engine, INVERTED_PENDULUM_MODEL);
  return dynamicsSpec(facts("InvertedPendulum-v5"), (options: Partial<InvertedPendulumOptions>) =>
    invertedPendulum(simulation(), options),
  );
}
