/**
 * Ant: a round torso on four legs, free to move in space, with motors in their eight joints, is to run towards +x.
 *
 * Source: Schulman et al. (2016), "High-dimensional continuous control using generalized advantage estimation". Masses,
 * lengths, limits, rewards and ends are those of Gymnasium's Ant-v5.
 *
 * observation: height [m], orientation (a quaternion), hip and ankle of each leg [rad]; velocities of x, y and z [m/s], of
 * rotation about the torso's axes and of the joints [rad/s]; and for each of the 13 bodies the torque and the force of its
 * contacts, cut to ±1: 13 + 14 + 78 numbers
 */

import type { DynamicsWithNumbers } from "../dynamics.ts";
import { dynamicsSpec } from "../dynamics-spec.ts";
import { readOptions } from "../options.ts";
import type { EnvSpec } from "../spec.ts";
import { facts } from "./descriptions.ts";
import type { Camera } from "./draw-simulation.ts";
import type { MujocoEngine } from "./engine.ts";
import { addNormal, addUniform, clip, type MujocoTask, mujocoDynamics, squaredNorm } from "./mujoco-dynamics.ts";
import { lazySimulation, type Simulation } from "./simulation.ts";

export const ANT_DEFAULTS = {
  /** Reward per m/s towards +x. */
  forwardRewardWeight: 1,
  /** Cost per |a|². */
  ctrlCostWeight: 0.5,
  /** Cost per |f|² of the observed contacts. */
  contactCostWeight: 5e-4,
  /** Reward of each step that ends upright. */
  healthyReward: 1,
  /** Whether falling over or jumping too high ends the episode. */
  terminateWhenUnhealthy: true,
  /** Half the range of the noise on positions, and deviation of that on velocities, at the start. */
  resetNoiseScale: 0.1,
};

export type AntOptions = typeof ANT_DEFAULTS;

const FRAME_SKIP = 5;
/** Where it stands: height of the torso [m]. */
const LEAST_HEIGHT = 0.2;
const MOST_HEIGHT = 1;
/** What contact forces and torques are cut to. */
const FORCE_LIMIT = 1;
/** Number of the torso's body; the world is 0. */
const TORSO = 1;

const VIEW: Camera = {
  width: 4.5,
  right: [1, 0, 0],
  up: [0, 0.6, 0.8],
  centre: [0, 0, 0.3],
  follows: "x and y",
};

/** A leg towards (x, y): hip, ankle, and three capsules in a line. */
function leg(number: number, x: -1 | 1, y: -1 | 1): string {
  const bone = (length: number) => `fromto="0 0 0 ${x * length} ${y * length} 0"`;
  const joint = `${x * 0.2} ${y * 0.2} 0`;
  // The axis is square to the leg, and always has y ahead: so legs to the left and to the right turn opposite ways.
  const axis = `${-x * y} 1 0`;
  return `
      <body name="leg_${number}">
        <geom ${bone(0.2)} group="3"/>
        <body name="hip_${number}" pos="${joint}">
          <joint name="hip_${number}" axis="0 0 1" range="-30 30"/>
          <geom ${bone(0.2)} group="3"/>
          <body name="ankle_${number}" pos="${joint}">
            <joint name="ankle_${number}" axis="${axis}" range="${x > 0 ? "30 70" : "-70 -30"}"/>
            <geom ${bone(0.4)} group="3"/>
          </body>
        </body>
      </body>`;
}

export const ANT_MODEL = `
<mujoco model="ant">
  <option timestep="0.01" integrator="RK4"/>
  <default>
    <joint type="hinge" armature="1" damping="1"/>
    <geom type="capsule" size="0.08" conaffinity="0" density="5" friction="1 0.5 0.5" margin="0.01"/>
    <motor gear="150" ctrlrange="-1 1"/>
  </default>
  <worldbody>
    <geom name="floor" type="plane" size="40 40 40" conaffinity="1" group="0"/>
    <body name="torso" pos="0 0 0.75">
      <freejoint name="root"/>
      <geom name="torso" type="sphere" size="0.25" group="2"/>${leg(1, 1, 1)}${leg(2, -1, 1)}${leg(3, -1, -1)}${leg(4, 1, -1)}
    </body>
  </worldbody>
  <actuator>
    ${[4, 1, 2, 3].map((number) => `<motor joint="hip_${number}"/><motor joint="ankle_${number}"/>`).join("")}
  </actuator>
</mujoco>`;

/** The extras: x of the torso where the engine last computed it, a step of the engine behind `qpos`; then the forces. */
function antTask(simulation: Simulation, options: AntOptions): MujocoTask {
  const { nq, nv, nu } = simulation.model;
  const forces = simulation.arrays.cfrc_ext.length - 6;
  const seconds = FRAME_SKIP * simulation.timestep;
  const extras = simulation.stateSize;
  const isHealthy = () => {
    const height = simulation.arrays.qpos[2];
    return height >= LEAST_HEIGHT && height <= MOST_HEIGHT;
  };
  return {
    frameSkip: FRAME_SKIP,
    observationSize: nq - 2 + nv + forces,
    camera: VIEW,
    extraSize: 1 + forces,
    start(random) {
      addUniform(simulation.arrays.qpos, options.resetNoiseScale, random);
      addNormal(simulation.arrays.qvel, options.resetNoiseScale, random);
    },
    reward(states, at, actions, from) {
      simulation.computeContactForces();
      const { xpos, cfrc_ext } = simulation.arrays;
      const speed = (xpos[3 * TORSO] - states[at + extras]) / seconds;
      let contacts = 0;
      for (let k = 0; k < cfrc_ext.length; k++) {
        const force = clip(cfrc_ext[k], FORCE_LIMIT);
        contacts += force * force;
      }
      const costs = options.ctrlCostWeight * squaredNorm(actions, from, nu) + options.contactCostWeight * contacts;
      return options.forwardRewardWeight * speed + (isHealthy() ? options.healthyReward : 0) - costs;
    },
    terminated: () => options.terminateWhenUnhealthy && !isHealthy(),
    writeExtras(states, at) {
      const { xpos, cfrc_ext } = simulation.arrays;
      states[at] = xpos[3 * TORSO];
      for (let k = 0; k < forces; k++) states[at + 1 + k] = clip(cfrc_ext[6 + k], FORCE_LIMIT);
    },
    observe(states, at, observations, to) {
      let i = to;
      for (let k = 2; k < nq + nv; k++) observations[i++] = states[at + k];
      for (let k = 0; k < forces; k++) observations[i++] = states[at + extras + 1 + k];
    },
  };
}

/** @throws ConfigError for an unknown option or a value of the wrong kind */
function ant(simulation: Simulation, given: Partial<AntOptions>): DynamicsWithNumbers<ArrayLike<number>> {
  return mujocoDynamics(simulation, antTask(simulation, readOptions("Ant-v5", given, ANT_DEFAULTS)));
}

/** Registry entry. */
export function antSpec(engine: MujocoEngine): EnvSpec {
  const simulation = lazySimulation(engine, ANT_MODEL);
  return dynamicsSpec(facts("Ant-v5"), (options: Partial<AntOptions>) => ant(simulation(), options));
}
