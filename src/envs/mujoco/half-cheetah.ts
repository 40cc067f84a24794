/**
 * HalfCheetah: a torso with one hind and one fore leg in a plane, with motors and springs in their six joints, is to run
 * forward as fast as it can. It cannot fall out of its episode.
 *
 * Source: Wawrzyński (2009), "A cat-like robot real-time learning to run". Masses, lengths, springs, limits and rewards
 * are those of Gymnasium's HalfCheetah-v5.
 *
 * observation: height of the torso over its start [m], its angle, those of thigh, shin and foot of the hind and of the
 * fore leg [rad], and the velocities of x, height and these angles
 */

import type { DynamicsWithNumbers } from "../dynamics.ts";
import { dynamicsSpec } from "../dynamics-spec.ts";
import { readOptions } from "../options.ts";
import type { EnvSpec } from "../spec.ts";
import { facts } from "./descriptions.ts";
import { RUNNER_VIEW } from "./draw-simulation.ts";
import type { MujocoEngine } from "./engine.ts";
import { addNormal, addUniform, mujocoDynamics } from "./mujoco-dynamics.ts";
import { planarRunner } from "./planar-runner.ts";
import { lazySimulation, type Simulation } from "./simulation.ts";

export const HALF_CHEETAH_DEFAULTS = {
  /** Reward per m/s forward. */
  forwardRewardWeight: 1,
  /** Cost per |a|². */
  ctrlCostWeight: 0.1,
  /** Half the range of the noise on positions, and deviation of that on velocities, at the start. */
  resetNoiseScale: 0.1,
};

export type HalfCheetahOptions = typeof HALF_CHEETAH_DEFAULTS;

/** Angles in radian; a leg's springs and dampers weaken towards the foot. Legs collide with the floor alone. */
export const HALF_CHEETAH_MODEL = `
<mujoco model="half cheetah">
  <compiler angle="radian" settotalmass="14"/>
  <option timestep="0.01"/>
  <default>
    <joint type="hinge" axis="0 1 0" armature="0.1" solimplimit="0 0.8 0.03"/>
    <geom type="capsule" conaffinity="0" friction="0.4 0.1 0.1" solimp="0 0.8 0.01" group="3"/>
    <motor ctrlrange="-1 1"/>
    <default class="root">
      <joint armature="0"/>
    </default>
  </default>
  <worldbody>
    <geom name="floor" type="plane" size="40 40 40" conaffinity="1" group="0"/>
    <body name="torso" pos="0 0 0.7">
      <joint class="root" name="rootx" type="slide" axis="1 0 0"/>
      <joint class="root" name="rootz" type="slide" axis="0 0 1"/>
      <joint class="root" name="rooty"/>
      <geom name="torso" size="0.046" fromto="-0.5 0 0 0.5 0 0" group="2"/>
      <geom name="head" size="0.046 0.15" pos="0.6 0 0.1" axisangle="0 1 0 0.87" group="2"/>
      <body name="bthigh" pos="-0.5 0 0">
        <joint name="bthigh" range="-0.52 1.05" stiffness="240" damping="6"/>
        <geom name="bthigh" size="0.046 0.145" pos="0.1 0 -0.13" axisangle="0 1 0 -3.8"/>
        <body name="bshin" pos="0.16 0 -0.25">
          <joint name="bshin" range="-0.785 0.785" stiffness="180" damping="4.5"/>
          <geom name="bshin" size="0.046 0.15" pos="-0.14 0 -0.07" axisangle="0 1 0 -2.03"/>
          <body name="bfoot" pos="-0.28 0 -0.14">
            <joint name="bfoot" range="-0.4 0.785" stiffness="120" damping="3"/>
            <geom name="bfoot" size="0.046 0.094" pos="0.03 0 -0.097" axisangle="0 1 0 -0.27"/>
          </body>
        </body>
      </body>
      <body name="fthigh" pos="0.5 0 0">
        <joint name="fthigh" range="-1 0.7" stiffness="180" damping="4.5"/>
        <geom name="fthigh" size="0.046 0.133" pos="-0.07 0 -0.12" axisangle="0 1 0 0.52"/>
        <body name="fshin" pos="-0.14 0 -0.24">
          <joint name="fshin" range="-1.2 0.87" stiffness="120" damping="3"/>
          <geom name="fshin" size="0.046 0.106" pos="0.065 0 -0.09" axisangle="0 1 0 -0.6"/>
          <body name="ffoot" pos="0.13 0 -0.18">
            <joint name="ffoot" range="-0.5 0.5" stiffness="60" damping="1.5"/>
            <geom name="ffoot" size="0.046 0.07" pos="0.045 0 -0.07" axisangle="0 1 0 -0.6"/>
          </body>
        </body>
      </body>
    </body>
  </worldbody>
  <actuator>
    <motor joint="bthigh" gear="120"/>
    <motor joint="bshin" gear="90"/>
    <motor joint="bfoot" gear="60"/>
    <motor joint="fthigh" gear="120"/>
    <motor joint="fshin" gear="60"/>
    <motor joint="ffoot" gear="30"/>
  </actuator>
</mujoco>`;

/** @throws ConfigError for an unknown option or a value of the wrong kind */
function halfCheetah(
  simulation: Simulation,
  given: Partial<HalfCheetahOptions>,
): DynamicsWithNumbers<ArrayLike<number>> {
  const { resetNoiseScale, ...rewards } = readOptions("HalfCheetah-v5", given, HALF_CHEETAH_DEFAULTS);
  return mujocoDynamics(
    simulation,
    planarRunner(simulation, {
      ...rewards,
      frameSkip: 5,
      camera: RUNNER_VIEW,
      start(random) {
        addUniform(simulation.arrays.qpos, resetNoiseScale, random);
        addNormal(simulation.arrays.qvel, resetNoiseScale, random);
      },
    }),
  );
}

/** Registry entry. */
export function halfCheetahSpec(engine: MujocoEngine): EnvSpec {
  const simulation = lazySimulation(engine, HALF_CHEETAH_MODEL);
  return dynamicsSpec(facts("HalfCheetah-v5"), (options: Partial<HalfCheetahOptions>) =>
    halfCheetah(simulation(), options),
  );
}
