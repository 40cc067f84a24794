import { cos, sin } from "../../math/index.ts";
import type { Random } from "../../random/index.ts";
import type { Body } from "./physics.ts";
import { SCALE } from "./scale.ts";

/** Impulse of a firing engine per metre of its distance from the lander's middle [N·s/m]. */
export const MAIN_POWER = 13;
export const SIDE_POWER = 0.6;
/** Where the engines are [m]. */
const MAIN_DOWN = 4 / SCALE;
const SIDE_AWAY = 12 / SCALE;
/** Along the hull, but x and y differ, in Gymnasium too: so the torque of the side engines depends on the angle a little. */
const SIDE_UP_X = 17 / SCALE;
const SIDE_UP_Y = 14 / SCALE;

/** What fires in one step. */
export interface Throttle {
  /** 0 is off, else 0.5 … 1. */
  readonly main: number;
  /** 0 is off, else 0.5 … 1. */
  readonly side: number;
  /** Which side engine: −1 the left one, 1 the right one. */
  readonly direction: number;
}

/** Discrete actions: nothing, left engine, main engine, right engine. */
const DISCRETE: readonly Throttle[] = [
  { main: 0, side: 0, direction: 0 },
  { main: 0, side: 1, direction: -1 },
  { main: 1, side: 0, direction: 0 },
  { main: 0, side: 1, direction: 1 },
];

export const OFF = DISCRETE[0];

export function discreteThrottle(action: number): Throttle {
  return DISCRETE[action];
}

/**
 * Continuous actions, cut off at −1 and 1: the main engine fires above 0, with half its power and more; a side engine
 * beyond ±0.5, with as much of its power.
 */
export function continuousThrottle(main: number, lateral: number): Throttle {
  const side = Math.abs(lateral) > 0.5 ? Math.min(Math.abs(lateral), 1) : 0;
  return { main: main > 0 ? (Math.min(main, 1) + 1) / 2 : 0, side, direction: Math.sign(lateral) };
}

/** Where an engine fired, and the impulse that its exhaust took along (the hull got the opposite). [m], [N·s] */
export interface Exhaust {
  readonly x: number;
  readonly y: number;
  readonly impulseX: number;
  readonly impulseY: number;
  /** 0.5 … 1 */
  readonly strength: number;
}

export interface Exhausts {
  readonly main: Exhaust | undefined;
  readonly side: Exhaust | undefined;
}

/** Fires the engines at the hull, each a little beside its place. Draws two random numbers, whatever fires. */
export function fireEngines(hull: Body, { main, side, direction }: Throttle, random: Random): Exhausts {
  const tipX = sin(hull.getAngle());
  const tipY = cos(hull.getAngle());
  const along = (2 * random.uniform() - 1) / SCALE;
  const across = (2 * random.uniform() - 1) / SCALE;
  const { x, y } = hull.getPosition();
  // Across the hull is (−tipY, tipX).
  const fire = (down: number, aside: number, upX: number, upY: number, power: number, strength: number): Exhaust => {
    const dx = tipX * down - tipY * aside;
    const dy = -tipY * down - tipX * aside;
    const exhaust = { x: x + dx + upX, y: y + dy + upY, impulseX: dx * power, impulseY: dy * power, strength };
    hull.applyLinearImpulse({ x: -exhaust.impulseX, y: -exhaust.impulseY }, exhaust, true);
    return exhaust;
  };
  return {
    main: main > 0 ? fire(MAIN_DOWN + 2 * along, across, 0, 0, MAIN_POWER * main, main) : undefined,
    side:
      side > 0
        ? fire(along, 3 * across + direction * SIDE_AWAY, -tipX * SIDE_UP_X, tipY * SIDE_UP_Y, SIDE_POWER * side, side)
        : undefined,
  };
}
