/** The environments that need `@mujoco/mujoco`, an optional peer dependency, which is imported here and nowhere else. */

import type { EnvSpec } from "../spec.ts";
import { antSpec } from "./ant.ts";
import type { MujocoEngine } from "./engine.ts";
import { halfCheetahSpec } from "./half-cheetah.ts";
import { hopperSpec } from "./hopper.ts";
import { invertedDoublePendulumSpec } from "./inverted-double-pendulum.ts";
import { invertedPendulumSpec } from "./inverted-pendulum.ts";
import { reacherSpec } from "./reacher.ts";
import { walker2dSpec } from "./walker2d.ts";

/** Starts the engine. */
export async function loadMujoco(): Promise<MujocoEngine> {
  const { default: start } = await import("@mujoco/mujoco");
  // Its own types call every array `any` and ask for models of its own making.
  return (await start()) as unknown as MujocoEngine;
}

/** Starts the engine and gives what runs on it, in the order of the descriptions. */
export async function loadMujocoSpecs(): Promise<readonly EnvSpec[]> {
  const engine = await loadMujoco();
  return [
    ...[invertedPendulumSpec(engine), invertedDoublePendulumSpec(engine), reacherSpec(engine)],
    ...[hopperSpec(engine), halfCheetahSpec(engine), walker2dSpec(engine), antSpec(engine)],
  ];
}
