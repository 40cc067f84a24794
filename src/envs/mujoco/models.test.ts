/** The compiled models against the documented facts of Gymnasium's, by hand. */

import { beforeAll, describe, expect, it } from "vitest";
import { envIds, envSpec, loadEnv, makeEnv } from "../index.ts";
import { ANT_MODEL } from "./ant.ts";
import type { MujocoEngine, MujocoModel } from "./engine.ts";
import { HALF_CHEETAH_MODEL } from "./half-cheetah.ts";
import { HOPPER_MODEL } from "./hopper.ts";
import { loadMujoco } from "./index.ts";
import { INVERTED_DOUBLE_PENDULUM_MODEL } from "./inverted-double-pendulum.ts";
import { INVERTED_PENDULUM_MODEL } from "./inverted-pendulum.ts";
import { REACHER_MODEL } from "./reacher.ts";
import { WALKER2D_MODEL } from "./walker2d.ts";

/** What a compiled model says besides. */
interface Compiled extends MujocoModel {
  readonly opt: { readonly timestep: number; readonly integrator: number; readonly gravity: Float64Array };
  readonly body_mass: Float64Array;
  readonly qpos0: Float64Array;
  readonly jnt_range: Float64Array;
  readonly jnt_stiffness: Float64Array;
  readonly dof_armature: Float64Array;
  readonly dof_damping: Float64Array;
  readonly actuator_gear: Float64Array;
  readonly actuator_trnid: Int32Array;
  readonly geom_friction: Float64Array;
}

let engine: MujocoEngine;
beforeAll(async () => {
  engine = await loadMujoco();
  await loadEnv("Ant-v5");
});

const compile = (xml: string) => engine.MjModel.from_xml_string(xml) as Compiled;
const EULER = 0;
const RUNGE_KUTTA = 1;

/** Mass of a rod of this length with round ends, of the density of water unless said. */
const capsule = (radius: number, length: number, density = 1000) =>
  density * Math.PI * radius * radius * (length + (4 / 3) * radius);
const sphere = (radius: number, density = 1000) => capsule(radius, 0, density);

/** What drives which joint how strongly, how far it goes [°], and how it is damped. */
function motors(model: Compiled) {
  const { nu, nv, nq, actuator_gear, actuator_trnid, jnt_range, dof_damping, dof_armature, jnt_stiffness } = model;
  const freeJoint = nq > nv;
  return Array.from({ length: nu }, (_, k) => {
    const joint = actuator_trnid[2 * k]!;
    const dof = freeJoint ? joint + 5 : joint;
    const degrees = [0, 1].map((end) => Math.round((jnt_range[2 * joint + end]! * 180) / Math.PI));
    const spring = jnt_stiffness[joint]!;
    return [joint, actuator_gear[6 * k]!, ...degrees, dof_damping[dof]!, dof_armature[dof]!, spring];
  });
}

function expectMasses(model: Compiled, masses: readonly number[]): void {
  expect(model.body_mass.length).toBe(masses.length + 1);
  masses.forEach((mass, body) => {
    expect(model.body_mass[body + 1], `body ${body + 1}`).toBeCloseTo(mass, 9);
  });
}

describe("models", () => {
  it("InvertedPendulum: a cart of 10.5 kg and a pole of 0.6 m", () => {
    const model = compile(INVERTED_PENDULUM_MODEL);
    expectMasses(model, [capsule(0.1, 0.2), capsule(0.049, Math.sqrt(0.36 + 1e-6))]);
    expect([model.opt.timestep, model.opt.integrator]).toEqual([0.02, RUNGE_KUTTA]);
    expect([...model.actuator_ctrlrange]).toEqual([-3, 3]);
    expect(model.actuator_gear[0]).toBe(100);
    expect([...model.jnt_range]).toEqual([-1, 1, -Math.PI / 2, Math.PI / 2]);
    expect([...model.dof_damping]).toEqual([1, 1]);
  });

  it("InvertedDoublePendulum: two poles of 0.6 m, gravity that leans", () => {
    const model = compile(INVERTED_DOUBLE_PENDULUM_MODEL);
    expectMasses(model, [capsule(0.1, 0.2), capsule(0.045, 0.6), capsule(0.045, 0.6)]);
    expect([model.opt.timestep, model.opt.integrator]).toEqual([0.01, RUNGE_KUTTA]);
    expect([...model.opt.gravity]).toEqual([1e-5, 0, -9.81]);
    // The poles turn without limits.
    expect([...model.jnt_range]).toEqual([-1, 1, 0, 0, 0, 0]);
    expect([...model.dof_damping]).toEqual([0.05, 0.05, 0.05]);
    expect([model.actuator_gear[0], ...model.actuator_ctrlrange]).toEqual([500, -1, 1]);
  });

  it("Reacher: two links of 0.1 m, a tip and a target", () => {
    const model = compile(REACHER_MODEL);
    expectMasses(model, [capsule(0.01, 0.1), capsule(0.01, 0.1), sphere(0.01), sphere(0.009)]);
    expect([model.opt.timestep, model.opt.integrator]).toEqual([0.01, RUNGE_KUTTA]);
    expect([...model.jnt_range]).toEqual([0, 0, -3, 3, -0.27, 0.27, -0.27, 0.27]);
    expect([...model.dof_armature]).toEqual([1, 1, 0, 0]);
    expect([...model.dof_damping]).toEqual([1, 1, 0, 0]);
    expect(motors(model).map(([joint, gear]) => [joint, gear])).toEqual([
      [0, 200],
      [1, 200],
    ]);
  });

  it("Hopper: 15.82 kg in four links", () => {
    const model = compile(HOPPER_MODEL);
    expectMasses(model, [capsule(0.05, 0.4), capsule(0.05, 0.45), capsule(0.04, 0.5), capsule(0.06, 0.39)]);
    expect([model.opt.timestep, model.opt.integrator]).toEqual([0.002, RUNGE_KUTTA]);
    expect([...model.qpos0]).toEqual([0, 1.25, 0, 0, 0, 0]);
    // joint, gear, range, damping, armature, stiffness
    expect(motors(model)).toEqual([
      [3, 200, -150, 0, 1, 1, 0],
      [4, 200, -150, 0, 1, 1, 0],
      [5, 200, -45, 45, 1, 1, 0],
    ]);
    expect(model.geom_friction.filter((_, k) => k % 3 === 0)).toEqual(Float64Array.of(1, 0.9, 0.9, 0.9, 2));
  });

  it("HalfCheetah: 14 kg in all, springs in its joints, Euler's method", () => {
    const model = compile(HALF_CHEETAH_MODEL);
    const bones = [1 + 2 * 0.15, 2 * 0.145, 2 * 0.15, 2 * 0.094, 2 * 0.133, 2 * 0.106, 2 * 0.07];
    const volumes = bones.map((length, body) => capsule(0.046, length) + (body === 0 ? sphere(0.046) : 0));
    const whole = volumes.reduce((sum, mass) => sum + mass);
    expectMasses(
      model,
      volumes.map((mass) => (14 * mass) / whole),
    );
    expect([model.opt.timestep, model.opt.integrator]).toEqual([0.01, EULER]);
    expect([...model.qpos0]).toEqual(Array(9).fill(0));
    expect(motors(model)).toEqual([
      [3, 120, -30, 60, 6, 0.1, 240],
      [4, 90, -45, 45, 4.5, 0.1, 180],
      [5, 60, -23, 45, 3, 0.1, 120],
      [6, 120, -57, 40, 4.5, 0.1, 180],
      [7, 60, -69, 50, 3, 0.1, 120],
      [8, 30, -29, 29, 1.5, 0.1, 60],
    ]);
    // A model that weighs what its volumes weigh is another one, and these checks tell.
    const unscaled = compile(HALF_CHEETAH_MODEL.replace(' settotalmass="14"', ""));
    expect(() =>
      expectMasses(
        unscaled,
        volumes.map((mass) => (14 * mass) / whole),
      ),
    ).toThrow(/body 1/);
  });

  it("Walker2d: 23.68 kg, two legs alike, both feet of friction 1.9", () => {
    const model = compile(WALKER2D_MODEL);
    const leg = [capsule(0.05, 0.45), capsule(0.04, 0.5), capsule(0.06, 0.2)];
    expectMasses(model, [capsule(0.05, 0.4), ...leg, ...leg]);
    expect([model.opt.timestep, model.opt.integrator]).toEqual([0.002, RUNGE_KUTTA]);
    expect([...model.qpos0]).toEqual([0, 1.25, 0, 0, 0, 0, 0, 0, 0]);
    expect(motors(model)).toEqual([
      [3, 100, -150, 0, 0.1, 0.01, 0],
      [4, 100, -150, 0, 0.1, 0.01, 0],
      [5, 100, -45, 45, 0.1, 0.01, 0],
      [6, 100, -150, 0, 0.1, 0.01, 0],
      [7, 100, -150, 0, 0.1, 0.01, 0],
      [8, 100, -45, 45, 0.1, 0.01, 0],
    ]);
    const frictions = model.geom_friction.filter((_, k) => k % 3 === 0);
    expect(frictions).toEqual(Float64Array.of(0.7, 0.9, 0.9, 0.9, 1.9, 0.9, 0.9, 1.9));
  });

  it("Ant: a torso and four legs of 0.9 kg in all", () => {
    const model = compile(ANT_MODEL);
    const leg = [
      capsule(0.08, 0.2 * Math.SQRT2, 5),
      capsule(0.08, 0.2 * Math.SQRT2, 5),
      capsule(0.08, 0.4 * Math.SQRT2, 5),
    ];
    expectMasses(model, [sphere(0.25, 5), ...leg, ...leg, ...leg, ...leg]);
    expect([model.opt.timestep, model.opt.integrator]).toEqual([0.01, RUNGE_KUTTA]);
    expect([...model.qpos0]).toEqual([0, 0, 0.75, 1, ...Array(11).fill(0)]);
    // The motors begin with the fourth leg; hips and ankles of the legs are joints 1 to 8.
    expect(motors(model)).toEqual([
      [7, 150, -30, 30, 1, 1, 0],
      [8, 150, 30, 70, 1, 1, 0],
      [1, 150, -30, 30, 1, 1, 0],
      [2, 150, 30, 70, 1, 1, 0],
      [3, 150, -30, 30, 1, 1, 0],
      [4, 150, -70, -30, 1, 1, 0],
      [5, 150, -30, 30, 1, 1, 0],
      [6, 150, -70, -30, 1, 1, 0],
    ]);
  });
});

describe("environments", () => {
  it.each([
    ["InvertedPendulum-v5", 4, 1, 3, 1000, 950],
    ["InvertedDoublePendulum-v5", 9, 1, 1, 1000, 9100],
    ["Reacher-v5", 10, 2, 1, 50, -3.75],
    ["Hopper-v5", 11, 3, 1, 1000, 3800],
    ["HalfCheetah-v5", 17, 6, 1, 1000, 4800],
    ["Walker2d-v5", 17, 6, 1, 1000, undefined],
    ["Ant-v5", 105, 8, 1, 1000, 6000],
  ])("%s has Gymnasium's spaces, time limit and threshold", (id, observations, actions, bound, limit, threshold) => {
    const { observationSpace, actionSpace } = makeEnv(id);
    const box = { low: -bound, high: bound, shape: [actions] };
    expect(JSON.parse(JSON.stringify(actionSpace))).toMatchObject({ kind: "box", dtype: "float32", ...box });
    expect(JSON.parse(JSON.stringify(observationSpace))).toMatchObject({
      ...{ kind: "box", low: "-Infinity", high: "Infinity", shape: [observations] },
    });
    expect(envSpec(id)).toMatchObject({ maxEpisodeSteps: limit });
    expect(envSpec(id).rewardThreshold).toBe(threshold);
    expect(envIds()).toContain(id);
  });
});
