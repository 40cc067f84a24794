import type { MujocoData, MujocoEngine, MujocoModel } from "./engine.ts";

/**
 * One model, with one place in the engine's memory to simulate it. All environments of a kind take turns in it: each
 * brings its state, of `stateSize` numbers, and takes it away again. So no environment has anything in the engine that
 * would have to be freed, and a state is complete by construction.
 *
 * state: positions `[nq]`, velocities `[nv]`, and `[nv]` accelerations from which the solver of the next step starts.
 * Without the latter a restored episode would go on with other bits.
 */
export class Simulation {
  readonly model: MujocoModel;
  readonly stateSize: number;
  /** Seconds of one step of the engine. */
  readonly timestep: number;
  readonly #engine: MujocoEngine;
  readonly #data: MujocoData;
  #arrays: MujocoData;

  /** @param xml the model in MJCF */
  constructor(engine: MujocoEngine, xml: string) {
    this.model = engine.MjModel.from_xml_string(xml);
    this.stateSize = this.model.nq + 2 * this.model.nv;
    this.timestep = this.model.opt.timestep;
    this.#engine = engine;
    this.#data = new engine.MjData(this.model);
    this.#arrays = views(this.#data);
  }

  /** The simulation's arrays. They are views that die when the engine's memory grows, so nobody keeps them. */
  get arrays(): MujocoData {
    if (this.#arrays.qpos.length === 0) this.#arrays = views(this.#data);
    return this.#arrays;
  }

  /** Goes to the reference position, at rest. */
  reset(): void {
    this.#engine.mj_resetData(this.model, this.#data);
  }

  /** Computes everything that follows from positions and velocities. */
  forward(): void {
    this.#engine.mj_forward(this.model, this.#data);
  }

  /** Computes where bodies and geoms are, and nothing else. */
  place(): void {
    this.#engine.mj_kinematics(this.model, this.#data);
  }

  /** Takes some steps with the same controls. */
  step(frames: number): void {
    for (let frame = 0; frame < frames; frame++) this.#engine.mj_step(this.model, this.#data);
  }

  /** Computes `cfrc_ext`, which a step leaves out. */
  computeContactForces(): void {
    this.#engine.mj_rnePostConstraint(this.model, this.#data);
  }

  /** Writes the state into `states[at … at + stateSize)`. */
  save(states: Float64Array, at: number): void {
    const { qpos, qvel, qacc_warmstart } = this.arrays;
    let i = at;
    for (let k = 0; k < qpos.length; k++) states[i++] = qpos[k];
    for (let k = 0; k < qvel.length; k++) states[i++] = qvel[k];
    for (let k = 0; k < qvel.length; k++) states[i++] = qacc_warmstart[k];
  }

  /** Goes to the state that `save` wrote there. */
  load(states: Float64Array, at: number): void {
    const { qpos, qvel, qacc_warmstart } = this.arrays;
    let i = at;
    for (let k = 0; k < qpos.length; k++) qpos[k] = states[i++];
    for (let k = 0; k < qvel.length; k++) qvel[k] = states[i++];
    for (let k = 0; k < qvel.length; k++) qacc_warmstart[k] = states[i++];
  }
}

/** Reading a property of the engine's object costs more than a step of kinematics, so all are read once. */
function views(data: MujocoData): MujocoData {
  const { qpos, qvel, qacc_warmstart, ctrl, qfrc_constraint, cfrc_ext } = data;
  const { xpos, site_xpos, xanchor, geom_xpos, geom_xmat } = data;
  return {
    ...{ qpos, qvel, qacc_warmstart, ctrl, qfrc_constraint, cfrc_ext },
    ...{ xpos, site_xpos, xanchor, geom_xpos, geom_xmat },
  };
}

/** The simulation of a model, made when it is first needed and kept. */
export function lazySimulation(engine: MujocoEngine, xml: string): () => Simulation {
  let simulation: Simulation | undefined;
  return () => {
    simulation ??= new Simulation(engine, xml);
    return simulation;
  };
}
