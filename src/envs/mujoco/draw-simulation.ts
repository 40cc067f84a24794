import { COLORS, disc, fillBox, hinge, scene, strokeLine } from "../drawing.ts";
import type { Simulation } from "./simulation.ts";

/** How a simulation is looked at: from infinitely far away, so that a metre is as long everywhere. */
export interface Camera {
  /** Metres from the left to the right edge. */
  readonly width: number;
  /** What points right and up in the picture; unit vectors, square to each other. */
  readonly right: Vector;
  readonly up: Vector;
  /** What is in the middle of the picture [m]. */
  readonly centre: Vector;
  /** In which directions the camera goes with the body; there is ground to see the motion by. Left out: it stands still. */
  readonly follows?: "x" | "x and y";
}

type Vector = readonly [number, number, number];

/** Runners are seen from the side. */
export const RUNNER_VIEW: Camera = { width: 4.2, right: [1, 0, 0], up: [0, 0, 1], centre: [0, 0, 0.75], follows: "x" };

const WIDE = 600;
const HIGH = 400;

/** By the group of a geom in its model: scenery, limbs on the far side, bodies, limbs, targets. */
const PAINT = [COLORS.edge, COLORS.danger, COLORS.driven, COLORS.carried, COLORS.goal];

/** MuJoCo's numbers of types. */
const SPHERE = 2;
const CAPSULE = 3;
const HINGE = 3;

/** Draws where the simulation has placed its geoms: spheres, capsules, and the hinges between them. */
export function drawSimulation(canvas: CanvasRenderingContext2D, simulation: Simulation, camera: Camera): void {
  const { model, arrays } = simulation;
  const { qpos, geom_xpos, geom_xmat, xanchor } = arrays;
  const { geom_type, geom_size, geom_group, geom_bodyid, jnt_type, body_jntnum, body_jntadr, body_geomadr } = model;
  const { right, up, follows } = camera;
  const scale = WIDE / camera.width;
  const toward = cross(right, up);
  const [x, y, z] = camera.centre;
  const eye: Vector = [follows ? qpos[0] : x, follows === "x and y" ? qpos[1] : y, z];
  const pixel = (point: Vector): [number, number] => [
    WIDE / 2 + scale * (dot(right, point) - dot(right, eye)),
    HIGH / 2 - scale * (dot(up, point) - dot(up, eye)),
  ];

  /** What is nearer, to a millimetre, is drawn later; in one plane, higher groups are. */
  const order = (geom: number) => Math.round(1000 * dot(toward, vector(geom_xpos, geom))) * 8 + geom_group[geom];
  const geoms = Array.from({ length: model.ngeom }, (_, geom) => geom);
  geoms.sort((a, b) => order(a) - order(b));

  scene(canvas, WIDE, HIGH, () => {
    if (follows === "x") drawFloor(canvas, eye[0], pixel);
    if (follows === "x and y") drawGrid(canvas, eye, pixel);
    for (const geom of geoms) {
      const [radius, half] = [geom_size[3 * geom], geom_size[3 * geom + 1]];
      const color = PAINT[geom_group[geom]];
      const middle = vector(geom_xpos, geom);
      if (geom_type[geom] === SPHERE) disc(canvas, ...pixel(middle), scale * radius, color);
      // A capsule lies along the third axis of its frame.
      const end = (side: number): Vector => [
        middle[0] + side * half * geom_xmat[9 * geom + 2],
        middle[1] + side * half * geom_xmat[9 * geom + 5],
        middle[2] + side * half * geom_xmat[9 * geom + 8],
      ];
      if (geom_type[geom] === CAPSULE) {
        strokeLine(canvas, [...pixel(end(-1)), ...pixel(end(1))], color, 2 * scale * radius);
      }
      // What hangs on another body has one joint; several let a body move freely in its plane, and are not to be seen.
      const body = geom_bodyid[geom];
      const joint = body_jntadr[body];
      if (body_geomadr[body] === geom && body_jntnum[body] === 1 && jnt_type[joint] === HINGE) {
        hinge(canvas, ...pixel(vector(xanchor, joint)), 0.6 * scale * radius);
      }
    }
  });
}

/** The floor from the side, with a mark at each metre. */
function drawFloor(canvas: CanvasRenderingContext2D, x: number, pixel: (point: Vector) => [number, number]): void {
  const reach = 10;
  const [left, level] = pixel([x - reach, 0, 0]);
  const [end] = pixel([x + reach, 0, 0]);
  fillBox(canvas, left, level, end - left, HIGH, COLORS.ground);
  strokeLine(canvas, [left, level, end, level], COLORS.edge, 3);
  for (let metre = Math.floor(x) - reach; metre <= x + reach; metre++) {
    const [at] = pixel([metre, 0, 0]);
    strokeLine(canvas, [at, level + 4, at, level + (metre % 5 === 0 ? 26 : 12)], COLORS.edge, 3);
  }
}

/** The floor from above, with a line at each metre. */
function drawGrid(canvas: CanvasRenderingContext2D, eye: Vector, pixel: (point: Vector) => [number, number]): void {
  const reach = 8;
  const [x, y] = [Math.floor(eye[0]), Math.floor(eye[1])];
  for (let k = -reach; k <= reach; k++) {
    const along = [...pixel([x - reach, y + k, 0]), ...pixel([x + reach, y + k, 0])];
    const across = [...pixel([x + k, y - reach, 0]), ...pixel([x + k, y + reach, 0])];
    for (const line of [along, across]) strokeLine(canvas, line, COLORS.ground, 3);
  }
}

/** Vector number i of an array of vectors. */
function vector(array: Float64Array, i: number): Vector {
  return [array[3 * i], array[3 * i + 1], array[3 * i + 2]];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
