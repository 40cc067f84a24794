/**
 * Hopper: a leg of four links in a plane, with motors in its three joints, is to hop forward without falling.
 *
 * Source: Erez, Tassa & Todorov (2011), "Infinite-horizon model predictive control for periodic tasks with contacts".
 * Masses, lengths, limits, rewards and ends are those of Gymnasium's Hopper-v5.
 *
 * observation: height [m], angles of torso, thigh, leg and foot [rad], and the velocities of x, height and these angles,
 * cut to ±10
 */

import { dynamicsSpec } from "../dynamics-spec.ts";
import type { EnvSpec } from "../spec.ts";
import { facts } from "./descriptions.ts";
import type { MujocoEngine } from "./engine.ts";
import { lazySimulation, type Simulation } from "./simulation.ts";
import { type UprightOptions, uprightRunner } from "./upright-runner.ts";

export type HopperOptions = UprightOptions;

/** Where it stands: height of the torso [m], its lean [rad], and what no angle or velocity may leave. */
const LEAST_HEIGHT = 0.7;
const MOST_LEAN = 0.2;
const STATE_LIMIT = 100;

/** The foot is a bar that the leg stands on near its heel. All collide with all, but for neighbours. */
export const HOPPER_MODEL = `
<mujoco model="hopper">
  <option timestep="0.002" integrator="RK4"/>
  <default>
    <joint type="hinge" axis="0 -1 0" armature="1" damping="1"/>
    <geom type="capsule" condim="1" friction="0.9" margin="0.001" solimp="0.8 0.8 0.01" group="3"/>
    <motor gear="200" ctrlrange="-1 1"/>
    <default class="root">
      <joint armature="0" damping="0"/>
    </default>
  </default>
  <worldbody>
    <geom name="floor" type="plane" size="20 20 0.125" condim="3" friction="1" group="0"/>
    <body name="torso" pos="0 0 1.25">
      <joint class="root" name="rootx" type="slide" axis="1 0 0" pos="0 0 -1.25"/>
      <joint class="root" name="rootz" type="slide" axis="0 0 1" pos="0 0 -1.25" ref="1.25"/>
      <joint class="root" name="rooty" axis="0 1 0"/>
      <geom name="torso" size="0.05" fromto="0 0 0.2 0 0 -0.2" group="2"/>
      <body name="thigh" pos="0 0 -0.2">
        <joint name="thigh_joint" range="-150 0"/>
        <geom name="thigh" size="0.05" fromto="0 0 0 0 0 -0.45"/>
        <body name="leg" pos="0 0 -0.7">
          <joint name="leg_joint" pos="0 0 0.25" range="-150 0"/>
          <geom name="leg" size="0.04" fromto="0 0 0.25 0 0 -0.25"/>
          <body name="foot" pos="0.13 0 -0.35">
            <joint name="foot_joint" pos="-0.13 0 0.1" range="-45 45"/>
            <geom name="foot" size="0.06" fromto="-0.26 0 0.1 0.13 0 0.1" friction="2"/>
          </body>
        </body>
      </body>
    </body>
  </worldbody>
  <actuator>
    <motor joint="thigh_joint"/>
    <motor joint="leg_joint"/>
    <motor joint="foot_joint"/>
  </actuator>
</mujoco>`;

function stands({ qpos, qvel }: Simulation["arrays"]): boolean {
  const isSane = (value: number) => Math.abs(value) < STATE_LIMIT;
  const isUp = qpos[1] > LEAST_HEIGHT && Math.abs(qpos[2]) < MOST_LEAN;
  return isUp && qpos.subarray(2).every(isSane) && qvel.every(isSane);
}

/** Registry entry. */
export function hopperSpec(engine: MujocoEngine): EnvSpec {
  const simulation = lazySimulation(engine, HOPPER_MODEL);
  return dynamicsSpec(facts("Hopper-v5"), (options: Partial<HopperOptions>) =>
    uprightRunner("Hopper-v5", simulation(), options, stands),
  );
}
