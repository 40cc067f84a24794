/**
 * Reacher: an arm of two links in the plane, seen from above, is to bring its tip to a target and stay there.
 *
 * Masses, lengths, limits and reward are those of Gymnasium's Reacher-v5. It never terminates.
 *
 * observation: cosines of the two angles, their sines, place of the target [m], velocities of the angles [rad/s], and
 * tip − target [m]
 * reward: −rewardDistWeight · |tip − target| − rewardControlWeight · |a|²
 */

import { cos, sin } from "../../math/index.ts";
import type { DynamicsWithNumbers } from "../dynamics.ts";
import { dynamicsSpec } from "../dynamics-spec.ts";
import { readOptions } from "../options.ts";
import type { EnvSpec } from "../spec.ts";
import { facts } from "./descriptions.ts";
import type { MujocoEngine } from "./engine.ts";
import { addUniform, mujocoDynamics, squaredNorm } from "./mujoco-dynamics.ts";
import { lazySimulation, type Simulation } from "./simulation.ts";

export const REACHER_DEFAULTS = {
  /** Cost per metre between tip and target. */
  rewardDistWeight: 1,
  /** Cost per |a|². */
  rewardControlWeight: 1,
};

export type ReacherOptions = typeof REACHER_DEFAULTS;

const ANGLE_NOISE = 0.1;
const SPEED_NOISE = 0.005;
/** Targets are uniform on the disc of this radius [m]. */
const TARGET_RADIUS = 0.2;
/** Numbers of the bodies: the world, two links, the tip, the target. */
const TIP = 3;
const TARGET = 4;

/** Nothing collides. The target is a body on two slides that nothing drives. */
export const REACHER_MODEL = `
<mujoco model="reacher">
  <compiler angle="radian"/>
  <option timestep="0.01" integrator="RK4"/>
  <default>
    <joint type="hinge" axis="0 0 1" armature="1" damping="1"/>
    <geom type="capsule" size="0.01" contype="0" conaffinity="0" group="2"/>
    <motor gear="200" ctrlrange="-1 1"/>
    <default class="wall">
      <geom size="0.02" group="0"/>
    </default>
    <default class="target">
      <joint type="slide" armature="0" damping="0" range="-0.27 0.27"/>
    </default>
  </default>
  <worldbody>
    <geom class="wall" fromto="-0.3 -0.3 0.01 0.3 -0.3 0.01"/>
    <geom class="wall" fromto="0.3 -0.3 0.01 0.3 0.3 0.01"/>
    <geom class="wall" fromto="-0.3 0.3 0.01 0.3 0.3 0.01"/>
    <geom class="wall" fromto="-0.3 -0.3 0.01 -0.3 0.3 0.01"/>
    <body name="link0" pos="0 0 0.01">
      <joint name="joint0"/>
      <geom name="link0" fromto="0 0 0 0.1 0 0"/>
      <body name="link1" pos="0.1 0 0">
        <joint name="joint1" range="-3 3"/>
        <geom name="link1" fromto="0 0 0 0.1 0 0"/>
        <body name="tip" pos="0.11 0 0">
          <geom name="tip" type="sphere" group="3"/>
        </body>
      </body>
    </body>
    <body name="target" pos="0.1 -0.1 0.01">
      <joint class="target" name="target_x" axis="1 0 0" ref="0.1"/>
      <joint class="target" name="target_y" axis="0 1 0" ref="-0.1"/>
      <geom name="target" type="sphere" size="0.009" group="4"/>
    </body>
  </worldbody>
  <actuator>
    <motor joint="joint0"/>
    <motor joint="joint1"/>
  </actuator>
</mujoco>`;

/** @throws ConfigError for an unknown option or a value of the wrong kind */
function reacher(simulation: Simulation, given: Partial<ReacherOptions>): DynamicsWithNumbers<ArrayLike<number>> {
  const { rewardDistWeight, rewardControlWeight } = readOptions("Reacher-v5", given, REACHER_DEFAULTS);
  const { nu } = simulation.model;
  const extras = simulation.stateSize;
  const gap = (axis: 0 | 1) => simulation.arrays.xpos[3 * TIP + axis] - simulation.arrays.xpos[3 * TARGET + axis];
  return mujocoDynamics(simulation, {
    frameSkip: 2,
    observationSize: 10,
    camera: { width: 0.98, right: [1, 0, 0], up: [0, 1, 0], centre: [0, 0, 0] },
    extraSize: 2,
    start(random) {
      const { qpos, qvel } = simulation.arrays;
      addUniform(qpos.subarray(0, 2), ANGLE_NOISE, random);
      do {
        for (const k of [2, 3]) qpos[k] = TARGET_RADIUS * (2 * random.uniform() - 1);
      } while (qpos[2] * qpos[2] + qpos[3] * qpos[3] >= TARGET_RADIUS * TARGET_RADIUS);
      addUniform(qvel.subarray(0, 2), SPEED_NOISE, random);
    },
    reward(_states, _at, actions, from) {
      const distance = Math.sqrt(gap(0) * gap(0) + gap(1) * gap(1));
      return -rewardDistWeight * distance - rewardControlWeight * squaredNorm(actions, from, nu);
    },
    writeExtras(states, at) {
      states[at] = gap(0);
      states[at + 1] = gap(1);
    },
    observe(states, at, observations, to) {
      for (let k = 0; k < 2; k++) {
        observations[to + k] = cos(states[at + k]);
        observations[to + 2 + k] = sin(states[at + k]);
        observations[to + 4 + k] = states[at + 2 + k];
        observations[to + 6 + k] = states[at + 4 + k];
        observations[to + 8 + k] = states[at + extras + k];
      }
    },
  });
}

/** Registry entry. */
export function reacherSpec(engine: MujocoEngine): EnvSpec {
  const simulation = lazySimulation(engine, REACHER_MODEL);
  return dynamicsSpec(facts("Reacher-v5"), (options: Partial<ReacherOptions>) => reacher(simulation(), options));
}
