/**
 * Walker2d: a torso on two legs in a plane, with motors in their six joints, is to walk forward without falling.
 *
 * Source: Erez, Tassa & Todorov (2011), "Infinite-horizon model predictive control for periodic tasks with contacts".
 * Masses, lengths, limits, rewards and ends are those of Gymnasium's Walker2d-v5.
 *
 * observation: height [m], angles of the torso and of thigh, leg and foot of the right and of the left leg [rad], and the
 * velocities of x, height and these angles, cut to ±10
 */

import { dynamicsSpec } from "../dynamics-spec.ts";
import type { EnvSpec } from "../spec.ts";
import { facts } from "./descriptions.ts";
import type { MujocoEngine } from "./engine.ts";
import { lazySimulation, type Simulation } from "./simulation.ts";
import { type UprightOptions, uprightRunner } from "./upright-runner.ts";

export type Walker2dOptions = UprightOptions;

/** Where it stands: height of the torso [m], and its lean [rad]. */
const LEAST_HEIGHT = 0.8;
const MOST_HEIGHT = 2;
const MOST_LEAN = 1;

/** One leg; the left one is drawn behind. Legs collide with the floor, not with each other. */
const leg = (side: "" | "_left", group: number) => `
      <body name="thigh${side}" pos="0 0 -0.2">
        <joint name="thigh${side}_joint" range="-150 0"/>
        <geom name="thigh${side}" size="0.05" fromto="0 0 0 0 0 -0.45" group="${group}"/>
        <body name="leg${side}" pos="0 0 -0.7">
          <joint name="leg${side}_joint" pos="0 0 0.25" range="-150 0"/>
          <geom name="leg${side}" size="0.04" fromto="0 0 0.25 0 0 -0.25" group="${group}"/>
          <body name="foot${side}" pos="0.2 0 -0.35">
            <joint name="foot${side}_joint" pos="-0.2 0 0.1" range="-45 45"/>
            <geom name="foot${side}" size="0.06" fromto="-0.2 0 0.1 0 0 0.1" friction="1.9 0.1 0.1" group="${group}"/>
          </body>
        </body>
      </body>`;

export const WALKER2D_MODEL = `
<mujoco model="walker2d">
  <option timestep="0.002" integrator="RK4"/>
  <default>
    <joint type="hinge" axis="0 -1 0" armature="0.01" damping="0.1"/>
    <geom type="capsule" conaffinity="0" friction="0.9 0.1 0.1"/>
    <motor gear="100" ctrlrange="-1 1"/>
    <default class="root">
      <joint armature="0" damping="0"/>
    </default>
  </default>
  <worldbody>
    <geom name="floor" type="plane" size="40 40 40" conaffinity="1" friction="0.7 0.1 0.1" group="0"/>
    <body name="torso" pos="0 0 1.25">
      <joint class="root" name="rootx" type="slide" axis="1 0 0" pos="0 0 -1.25"/>
      <joint class="root" name="rootz" type="slide" axis="0 0 1" pos="0 0 -1.25" ref="1.25"/>
      <joint class="root" name="rooty" axis="0 1 0"/>
      <geom name="torso" size="0.05" fromto="0 0 0.2 0 0 -0.2" group="2"/>${leg("", 3)}${leg("_left", 1)}
    </body>
  </worldbody>
  <actuator>
    <motor joint="thigh_joint"/>
    <motor joint="leg_joint"/>
    <motor joint="foot_joint"/>
    <motor joint="thigh_left_joint"/>
    <motor joint="leg_left_joint"/>
    <motor joint="foot_left_joint"/>
  </actuator>
</mujoco>`;

function stands({ qpos }: Simulation["arrays"]): boolean {
  return qpos[1] > LEAST_HEIGHT && qpos[1] < MOST_HEIGHT && Math.abs(qpos[2]) < MOST_LEAN;
}

/** Registry entry. */
export function walker2dSpec(engine: MujocoEngine): EnvSpec {
  const simulation = lazySimulation(engine, WALKER2D_MODEL);
  return dynamicsSpec(facts("Walker2d-v5"), (options: Partial<Walker2dOptions>) =>
    uprightRunner("Walker2d-v5", simulation(), options, stands),
  );
}
