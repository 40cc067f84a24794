import type { Random } from "../../random/index.ts";
import { LegJoint } from "./leg-joint.ts";
import { type Body, Box, type PhysicsWorld, Polygon } from "./physics.ts";
import { HEIGHT, SCALE, WIDTH } from "./scale.ts";

/** Corners of the hull [pixels]. */
export const HULL = [
  [-14, 17],
  [-17, 0],
  [-17, -10],
  [17, -10],
  [17, 0],
  [14, 17],
] as const;
/** Half the width and height of a leg [pixels]. */
export const LEG = [2, 8] as const;
const LEG_AWAY = 20 / SCALE;
/** How far a leg's joint lies above its middle [m]. */
export const LEG_DOWN = 18 / SCALE;
/** Largest force of the push that the lander begins with [N], along each axis. */
const INITIAL_PUSH = 1000;

/** What collides with what: everything with the ground, and with nothing else. */
const GROUND = 0x0001;
const HULL_CATEGORY = 0x0010;
const LEG_CATEGORY = 0x0020;

/** The lander and its legs in the physics. */
export interface Craft {
  readonly hull: Body;
  readonly legs: readonly [right: Body, left: Body];
}

/** A lander at the middle of the picture's upper edge, pushed at random. */
export function addCraft(world: PhysicsWorld, random: Random): Craft {
  const x = WIDTH / 2;
  const y = HEIGHT;
  const hull = world.createBody({ type: "dynamic", position: { x, y } });
  hull.createFixture({
    shape: new Polygon(HULL.map(([across, up]) => ({ x: across / SCALE, y: up / SCALE }))),
    density: 5,
    friction: 0.1,
    filterCategoryBits: HULL_CATEGORY,
    filterMaskBits: GROUND,
  });
  const push = () => INITIAL_PUSH * (2 * random.uniform() - 1);
  hull.applyForceToCenter({ x: push(), y: push() }, true);
  const addLeg = (side: -1 | 1): Body => {
    const leg = world.createBody({ type: "dynamic", position: { x: x - side * LEG_AWAY, y }, angle: side * 0.05 });
    const shape = new Box(LEG[0] / SCALE, LEG[1] / SCALE);
    leg.createFixture({ shape, density: 1, filterCategoryBits: LEG_CATEGORY, filterMaskBits: GROUND });
    world.createJoint(
      new LegJoint({
        bodyA: hull,
        bodyB: leg,
        localAnchorA: { x: 0, y: 0 },
        localAnchorB: { x: side * LEG_AWAY, y: LEG_DOWN },
        // The spring: a motor that presses the leg outwards, against its limit.
        maxMotorTorque: 40,
        motorSpeed: 0.3 * side,
        lowerAngle: side < 0 ? 0.9 - 0.5 : -0.9,
        upperAngle: side < 0 ? 0.9 : -0.9 + 0.5,
      }),
    );
    return leg;
  };
  return { hull, legs: [addLeg(-1), addLeg(1)] };
}
