/**
 * What is used of `@mujoco/mujoco`, the official build of MuJoCo for WebAssembly, with types: the package gives its arrays
 * none. Names are those of MuJoCo's own reference. The build is the single-threaded one, of strict SIMD and with its own
 * mathematical functions, so the same state and action give the same bits everywhere.
 */

/** A compiled model. Arrays are views into the engine's memory. */
export interface MujocoModel {
  readonly nq: number;
  readonly nv: number;
  readonly nu: number;
  readonly ngeom: number;
  readonly opt: { readonly timestep: number };
  readonly geom_type: Int32Array;
  readonly geom_group: Int32Array;
  /** `[ngeom, 3]` */
  readonly geom_size: Float64Array;
  readonly geom_bodyid: Int32Array;
  readonly body_geomadr: Int32Array;
  readonly body_jntnum: Int32Array;
  readonly body_jntadr: Int32Array;
  readonly jnt_type: Int32Array;
  /** `[nu, 2]` */
  readonly actuator_ctrlrange: Float64Array;
}

/** State and results of a simulation. Every read of a property makes a new view into the engine's memory. */
export interface MujocoData {
  readonly qpos: Float64Array;
  readonly qvel: Float64Array;
  readonly qacc_warmstart: Float64Array;
  readonly ctrl: Float64Array;
  readonly qfrc_constraint: Float64Array;
  /** `[nbody, 6]` torque and force of the contacts on each body. */
  readonly cfrc_ext: Float64Array;
  /** `[nbody, 3]` */
  readonly xpos: Float64Array;
  /** `[nsite, 3]` */
  readonly site_xpos: Float64Array;
  /** `[njnt, 3]` */
  readonly xanchor: Float64Array;
  /** `[ngeom, 3]` */
  readonly geom_xpos: Float64Array;
  /** `[ngeom, 9]` row by row. */
  readonly geom_xmat: Float64Array;
}

export interface MujocoEngine {
  readonly MjModel: { from_xml_string(xml: string): MujocoModel };
  readonly MjData: new (model: MujocoModel) => MujocoData;
  mj_resetData(model: MujocoModel, data: MujocoData): void;
  mj_forward(model: MujocoModel, data: MujocoData): void;
  mj_step(model: MujocoModel, data: MujocoData): void;
  mj_kinematics(model: MujocoModel, data: MujocoData): void;
  mj_rnePostConstraint(model: MujocoModel, data: MujocoData): void;
}
