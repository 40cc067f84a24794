/** What the lander uses of planck, with its types. planck is a port of Box2D 2.3 to JavaScript, in float64. */

import type * as Planck from "planck";
import { planck } from "./planck.generated.ts";

type Used = Pick<typeof Planck, "Box" | "Edge" | "Polygon" | "RevoluteJoint" | "World">;

export const { Box, Edge, Polygon, RevoluteJoint, World } = planck as Used;

export type { Body, RevoluteJointDef, TimeStep, Vec2Value, World as PhysicsWorld } from "planck";
