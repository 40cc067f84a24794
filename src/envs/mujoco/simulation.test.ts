/** The engine as environments use it: physics that is right, states that are complete, memory that stays where it is. */

import { beforeAll, describe, expect, it } from "vitest";
import { Key } from "../../random/index.ts";
import type { Box } from "../../spaces/index.ts";
import { resumeRun, train } from "../../training/index.ts";
import type { BatchEnv, Json } from "../env.ts";
import { loadEnv, makeBatch, makeEnv } from "../index.ts";
import { loadSpecs } from "../on-demand.ts";
import { ANT_MODEL } from "./ant.ts";
import type { MujocoEngine } from "./engine.ts";
import { HOPPER_MODEL, hopperSpec } from "./hopper.ts";
import { loadMujoco } from "./index.ts";
import { INVERTED_PENDULUM_MODEL } from "./inverted-pendulum.ts";
import { Simulation } from "./simulation.ts";

let engine: MujocoEngine;
beforeAll(async () => {
  engine = await loadMujoco();
  await loadEnv("Ant-v5");
});

describe("physics", () => {
  it("what nothing holds falls by half of g t²", () => {
    const hopper = new Simulation(engine, HOPPER_MODEL);
    hopper.reset();
    const { qpos, qvel } = hopper.arrays;
    qpos[1] = 50;
    hopper.step(500);
    expect(qpos[1]).toBeCloseTo(50 - 0.5 * 9.81, 9);
    expect(qvel[1]).toBeCloseTo(-9.81, 9);
    for (const k of [0, 2, 3, 4, 5]) expect(qpos[k]).toBeCloseTo(0, 9);
  });

  it("a torque in flight turns the links against each other and moves no centre of mass", () => {
    const hopper = new Simulation(engine, HOPPER_MODEL);
    const masses = [3.665191429188093, 4.057890510886818, 2.7813566959781637, 5.315574769873931];
    const centre = (axis: 0 | 2) => {
      hopper.place();
      const { geom_xpos } = hopper.arrays;
      const moments = masses.map((mass, k) => mass * geom_xpos[3 * (k + 1) + axis]!);
      return moments.reduce((sum, moment) => sum + moment) / masses.reduce((sum, mass) => sum + mass);
    };
    hopper.reset();
    hopper.arrays.qpos[1] = 50;
    const [x, z] = [centre(0), centre(2)];
    hopper.arrays.ctrl.set([-0.1, -0.1, 0.05]);
    hopper.step(100);
    expect(Math.abs(hopper.arrays.qpos[3]!)).toBeGreaterThan(0.1);
    expect(centre(0)).toBeCloseTo(x, 6);
    expect(centre(2)).toBeCloseTo(z - 0.5 * 9.81 * 0.04, 6);
  });

  it("the floor carries what lies on it: contact forces are its weight", () => {
    const ant = new Simulation(engine, ANT_MODEL);
    ant.reset();
    ant.step(2000);
    ant.computeContactForces();
    const { cfrc_ext, qvel } = ant.arrays;
    expect(Math.max(...qvel.map(Math.abs))).toBeLessThan(1e-3);
    let upward = 0;
    for (let body = 0; body < 14; body++) upward += cfrc_ext[6 * body + 5]!;
    // The world feels the same force downward, so it is left out.
    const mass = 0.32724923474893675 + 8 * 0.03915775372846671 + 4 * 0.06759220453268026;
    expect(Math.abs(upward - cfrc_ext[5]! - mass * 9.81)).toBeLessThan(0.01 * mass * 9.81);
  });

  it("controls beyond their range are those at its end", () => {
    const pendulum = new Simulation(engine, INVERTED_PENDULUM_MODEL);
    const moved = (control: number) => {
      pendulum.reset();
      pendulum.arrays.ctrl[0] = control;
      pendulum.step(2);
      return [...pendulum.arrays.qpos];
    };
    expect(moved(7)).toEqual(moved(3));
    expect(moved(2)).not.toEqual(moved(3));
  });
});

function randomActions(env: BatchEnv, random = Key.fromSeed(3).stream()) {
  const actions = new Float32Array(env.count * env.actionSpace.actionSize);
  const bound = (env.actionSpace as Box).high[0]!;
  return () => actions.map(() => bound * (2 * random.uniform() - 1));
}

describe("a state", () => {
  it("is complete: the solver's start belongs to it", () => {
    const ant = new Simulation(engine, ANT_MODEL);
    const { stateSize } = ant;
    const random = Key.fromSeed(6).stream();
    const states = new Float64Array(2 * stateSize);
    const controls = new Float64Array(ant.model.nu);
    /** Where an action leads from the saved state, after what was done before. */
    const goOn = (before: () => void) => {
      before();
      ant.arrays.ctrl.set(controls);
      ant.step(5);
      ant.save(states, stateSize);
      return states.slice(stateSize);
    };
    const differences = { restored: 0, withoutSolver: 0 };
    ant.reset();
    for (let t = 0; t < 30; t++) {
      controls.forEach((_, k) => {
        controls[k] = 2 * random.uniform() - 1;
      });
      ant.save(states, 0);
      const expected = goOn(() => {});
      const restored = goOn(() => {
        // Whatever was simulated in between.
        ant.reset();
        ant.arrays.qvel.fill(3);
        ant.step(3);
        ant.load(states, 0);
      });
      const withoutSolver = goOn(() => {
        ant.load(states, 0);
        ant.arrays.qacc_warmstart.fill(0);
      });
      const differs = (result: Float64Array) => +result.some((value, k) => value !== expected[k]);
      differences.restored += differs(restored);
      differences.withoutSolver += differs(withoutSolver);
      ant.load(expected, 0);
    }
    // Positions and velocities alone are not enough: the solver would start elsewhere and end with other bits.
    expect(differences.restored).toBe(0);
    expect(differences.withoutSolver).toBeGreaterThan(10);
  });

  it.each(["Hopper-v5", "Ant-v5"])("of %s in contact goes through JSON, looked at or not", (id) => {
    const first = makeBatch(id, 2);
    first.reset(Key.fromSeed(4));
    const next = randomActions(first);
    for (let t = 0; t < 30; t++) first.step(next());
    const state: Json = JSON.parse(JSON.stringify(first.state()));
    const second = makeBatch(id, 2);
    second.restore(state);
    const nothing = new Proxy({}, { get: (_, name) => (name === "canvas" ? { width: 9, height: 9 } : () => {}) });
    for (let t = 0; t < 50; t++) {
      const actions = next();
      first.step(actions);
      second.render?.(nothing as CanvasRenderingContext2D, 0);
      second.step(actions);
    }
    expect(second.observations).toEqual(first.observations);
    expect(second.state()).toEqual(first.state());
  });
});

it("a run in Hopper-v5 resumes bit for bit", () => {
  const config = { algorithm: "ppo", env: "Hopper-v5", steps: 768, nEnvs: 2, nSteps: 64, nEpochs: 2, seed: 1 } as const;
  const whole = train(config);
  let checkpoint: Uint8Array | undefined;
  for (const { step } of whole) {
    if (step === 384) checkpoint = whole.checkpoint();
  }
  const resumed = resumeRun(checkpoint!);
  expect(resumed.parametersSha256()).not.toBe(whole.parametersSha256());
  for (const _ of resumed);
  expect(resumed.parametersSha256()).toBe(whole.parametersSha256());
});

describe("memory", () => {
  it("does not grow with environments that are made, reset and stepped", () => {
    const probe = new Simulation(engine, HOPPER_MODEL);
    const spec = hopperSpec(engine);
    spec.createBatch!(1, {});
    const size = () => probe.arrays.qpos.buffer.byteLength;
    const before = size();
    for (let k = 0; k < 1500; k++) {
      const env = spec.createBatch!(2, {});
      env.reset(Key.fromSeed(k));
      env.step(new Float32Array(6));
    }
    expect(size()).toBe(before);
  });

  it("may grow for other reasons: views are made anew", async () => {
    const small = await loadMujoco();
    const env = hopperSpec(small).createBatch!(1, {});
    const undisturbed = makeBatch("Hopper-v5", 1);
    const probe = new Simulation(small, HOPPER_MODEL);
    const before = probe.arrays.qpos;
    for (const batch of [env, undisturbed]) batch.reset(Key.fromSeed(1));
    const next = randomActions(env);
    for (let t = 0; t < 40; t++) {
      const actions = next();
      for (const batch of [env, undisturbed]) batch.step(actions);
      // Each has some hundred thousand bytes of its own.
      if (t === 20) for (let k = 0; before.length > 0 && k < 1000; k++) new Simulation(small, ANT_MODEL);
    }
    expect(before.length).toBe(0);
    expect(probe.arrays.qpos.length).toBe(6);
    expect(env.observations).toEqual(undisturbed.observations);
  });
});

it("without the package, one sentence says what installs it", async () => {
  const missing = async () => {
    throw Object.assign(new Error("Cannot find package '@mujoco/mujoco' imported from limpid"), {
      code: "ERR_MODULE_NOT_FOUND",
    });
  };
  const { envsOnDemand } = await import("../on-demand.ts");
  const group = envsOnDemand.find(({ descriptions }) => descriptions.some(({ id }) => id === "Hopper-v5"))!;
  await expect(loadSpecs("Hopper-v5", { ...group, load: missing })).rejects.toThrow(
    /^env "Hopper-v5" needs a library that is not installed: npm install @mujoco\/mujoco@\d+\.\d+\.\d+$/,
  );
  const { default: manifest } = await import("../../../package.json", { with: { type: "json" } });
  const version = group.needs?.split("@").at(-1);
  expect(manifest.peerDependencies["@mujoco/mujoco"]).toBe(version);
  expect(manifest.devDependencies["@mujoco/mujoco"]).toBe(version);
});

it("a broken state is refused", () => {
  const env = makeEnv("Hopper-v5");
  env.reset({ seed: 1 });
  expect(() => env.restore!({})).toThrow(/must be/);
});
