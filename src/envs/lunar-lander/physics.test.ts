import { readFileSync } from "node:fs";
import * as original from "planck";
import { describe, expect, it } from "vitest";
import { Key } from "../../random/index.ts";
import { LegJoint } from "./leg-joint.ts";
import * as copy from "./physics.ts";

type Planck = Pick<typeof original, "World" | "Box" | "Edge" | "RevoluteJoint">;
type MakeJoint = (joint: Omit<original.RevoluteJointDef, "maxMotorTorque"> & Motor) => original.Joint;
type Motor = { lowerAngle: number; upperAngle: number; motorSpeed: number; maxMotorTorque: number };

/** A body with two legs that falls, tumbles and comes to rest on a slope: its and its legs' places and velocities by step. */
function fall({ World, Box, Edge }: Planck, makeJoint: MakeJoint, seed = 1, steps = 250): number[][] {
  const random = Key.fromSeed(seed).stream();
  const world = new World({ gravity: { x: 0, y: -10 } });
  const ground = world.createBody();
  for (let i = 0; i < 10; i++) {
    const [from, to] = [i, i + 1].map((k) => ({ x: 4 * k - 20, y: k % 3 }));
    ground.createFixture({ shape: new Edge(from, to), friction: 0.1 });
  }
  const middle = world.createBody({ type: "dynamic", position: { x: 0, y: 4 + random.uniform() } });
  middle.createFixture({
    shape: new Box(0.5, 0.4),
    density: 5,
    friction: 0.1,
    filterMaskBits: 1,
    filterCategoryBits: 2,
  });
  const legs = ([-1, 1] as const).map((side) => {
    const leg = world.createBody({ type: "dynamic", position: { x: 0.7 * side, y: 4 }, angle: 0.05 * side });
    leg.createFixture({ shape: new Box(0.1, 0.3), density: 1, filterMaskBits: 1, filterCategoryBits: 2 });
    const anchors = { localAnchorA: { x: 0, y: 0 }, localAnchorB: { x: -0.7 * side, y: 0.6 } };
    const [lowerAngle, upperAngle] = side < 0 ? [-0.4, 0.1] : [-0.1, 0.4];
    const motor = { lowerAngle, upperAngle, motorSpeed: 0.3 * side, maxMotorTorque: seed % 2 === 0 ? 400 : 4 };
    world.createJoint(makeJoint({ bodyA: middle, bodyB: leg, ...anchors, ...motor }));
    return leg;
  });
  middle.setLinearVelocity({ x: 4 * random.uniform() - 2, y: 0 });
  middle.setAngularVelocity(4 * random.uniform() - 2);
  return Array.from({ length: steps }, () => {
    world.step(1 / 50, 180, 60);
    return [middle, ...legs].flatMap((body) => {
      const [{ x, y }, v] = [body.getPosition(), body.getLinearVelocity()];
      return [x, y, body.getAngle(), v.x, v.y, body.getAngularVelocity(), body.isAwake() ? 1 : 0];
    });
  });
}

const plain =
  ({ RevoluteJoint }: Planck): MakeJoint =>
  (joint) =>
    new RevoluteJoint({ ...joint, referenceAngle: 0, enableMotor: true, enableLimit: true });
const lean: MakeJoint = (joint) => new LegJoint(joint);
/** Weak motors and strong ones in turn. */
const SEEDS = [1, 2, 3, 4];

describe("the copy of planck", () => {
  it("uses of Math what is exact, and no clock", () => {
    const code = readFileSync(new URL("./planck.generated.ts", import.meta.url), "utf8");
    const used = new Set([...code.matchAll(/\bMath\.\w+/g)].map(([use]) => use));
    expect([...used].sort()).toEqual(["Math.PI", "Math.abs", "Math.max", "Math.min", "Math.sqrt"]);
    expect(code).toMatch(/^import \{ atan2, cos, sin \} from "..\/..\/math\/index.ts";$/m);
    expect(code).not.toMatch(/Date\.now|performance\./);
    expect(code).toContain("The above copyright notice and this permission notice shall be included");
  });

  it("computes what planck computes, but for last bits that grow", () => {
    for (const seed of SEEDS) {
      const [ours, theirs] = [copy, original].map((planck) => fall(planck, plain(planck), seed, 60));
      const expected = theirs!.flat();
      const differences = ours!.flat().map((value, i) => Math.abs(value - expected[i]!));
      expect(Math.max(...differences)).toBeLessThan(1e-6);
    }
  });
});

describe("LegJoint", () => {
  it("is planck's revolute joint with motor and limits, bit for bit", () => {
    for (const seed of SEEDS) expect(fall(copy, lean, seed)).toEqual(fall(copy, plain(copy), seed));
  });

  it("is compared in motion, at both limits, in collisions and until the body is at rest", () => {
    const falls = SEEDS.map((seed) => fall(copy, lean, seed));
    const angles = falls.flatMap((steps) => steps.map((step) => step[16]! - step[2]!));
    expect(angles.filter((angle) => angle > 0.399).length).toBeGreaterThan(10);
    expect(angles.filter((angle) => angle < -0.099).length).toBeGreaterThan(10);
    expect(angles.filter((angle) => Math.abs(angle - 0.15) < 0.2).length).toBeGreaterThan(10);
    expect(falls.some((steps) => steps.at(-1)![6] === 0)).toBe(true);
  });

  it("unlike a joint whose motor turns a little faster, or whose limit lies elsewhere", () => {
    const faster: MakeJoint = (joint) => new LegJoint({ ...joint, motorSpeed: joint.motorSpeed * (1 + 1e-12) });
    const wider: MakeJoint = (joint) => new LegJoint({ ...joint, upperAngle: joint.upperAngle + 1e-9 });
    for (const other of [faster, wider]) expect(fall(copy, other, 2)).not.toEqual(fall(copy, lean, 2));
  });
});
