import { disc, fillPolygon, scene, strokeLine } from "../drawing.ts";
import { HULL, LEG } from "./craft.ts";
import type { Exhaust } from "./engines.ts";
import type { Flight } from "./flight.ts";
import { cornerX, groundAt, PAD, type Terrain } from "./moon.ts";
import type { Body } from "./physics.ts";
import { FPS, HEIGHT, SCALE } from "./scale.ts";

/** As everybody knows it: the colours are Gymnasium's, but for the ground, which is white there. */
const COLORS = {
  sky: "#000000",
  ground: "#e6e6e6",
  craft: "rgb(128, 102, 230)",
  edge: "rgb(77, 77, 128)",
  pole: "#ffffff",
  flag: "rgb(204, 204, 0)",
};
/** A fleck of exhaust: radius [m], mass [kg] after the main engine and a side engine. */
const FLECK = 2 / SCALE;
const MAIN_MASS = 3.5 * Math.PI * FLECK * FLECK;
const SIDE_MASS = 0.7 * Math.PI * FLECK * FLECK;
/** What a fleck's strength loses by the step; without any it is no longer seen. */
const FADING = 0.15;

/** Draws one moment of a flight. */
export function drawFlight(canvas: CanvasRenderingContext2D, flight: Flight): void {
  const { terrain, craft, exhausts } = flight;
  scene(canvas, 600, 400, () => {
    fillPolygon(canvas, [-600, -400, 1200, -400, 1200, 800, -600, 800], COLORS.sky);
    drawGround(canvas, terrain);
    exhausts.forEach(({ main, side }, i) => {
      const age = exhausts.length - i;
      if (main) drawFleck(canvas, flight, main, MAIN_MASS, age);
      if (side) drawFleck(canvas, flight, side, SIDE_MASS, age);
    });
    drawBody(canvas, craft.hull, HULL);
    const [across, up] = LEG;
    const corners = [
      [-across, -up],
      [across, -up],
      [across, up],
      [-across, up],
    ] as const;
    for (const leg of craft.legs) drawBody(canvas, leg, corners);
    for (const x of [PAD.left, PAD.right]) drawFlag(canvas, right(x), down(PAD.y));
  });
}

const right = (x: number) => x * SCALE;
const down = (y: number) => (HEIGHT - y) * SCALE;

function drawGround(canvas: CanvasRenderingContext2D, terrain: Terrain): void {
  const corners = [...terrain].flatMap((y, i) => [right(cornerX(i)), down(y)]);
  const level = (i: number) => down(terrain.at(i)!);
  fillPolygon(canvas, [-600, 1000, -600, level(0), ...corners, 1200, level(-1), 1200, 1000], COLORS.ground);
}

function drawFlag(canvas: CanvasRenderingContext2D, x: number, foot: number): void {
  const top = foot - 50;
  strokeLine(canvas, [x, foot, x, top], COLORS.pole, 1);
  fillPolygon(canvas, [x, top, x, top + 10, x + 25, top + 5], COLORS.flag);
}

/** @param corners in the body's own coordinates [pixels] */
function drawBody(canvas: CanvasRenderingContext2D, body: Body, corners: readonly (readonly [number, number])[]): void {
  const points = corners.flatMap(([x, y]) => {
    const corner = body.getWorldPoint({ x: x / SCALE, y: y / SCALE });
    return [right(corner.x), down(corner.y)];
  });
  fillPolygon(canvas, points, COLORS.craft);
  strokeLine(canvas, [...points, points[0], points[1]], COLORS.edge, 1);
}

/** Exhaust flies on as it left the engine, and fades; on the ground it stays. */
function drawFleck(
  canvas: CanvasRenderingContext2D,
  { terrain, gravity }: Flight,
  exhaust: Exhaust,
  mass: number,
  age: number,
): void {
  const strength = exhaust.strength - FADING * age;
  if (strength < 0) return;
  const time = age / FPS;
  const x = exhaust.x + (exhaust.impulseX / mass) * time;
  const y = exhaust.y + (exhaust.impulseY / mass) * time + (gravity / 2) * time * time;
  const red = Math.floor(255 * Math.max(0.2, 0.15 + strength));
  const rest = Math.floor(255 * Math.max(0.2, 0.5 * strength));
  const color = `rgb(${Math.min(red, 255)}, ${rest}, ${rest})`;
  disc(canvas, right(x), down(Math.max(y, groundAt(terrain, x))), FLECK * SCALE, color);
}
