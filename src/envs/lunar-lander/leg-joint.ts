import { cos, sin } from "../../math/index.ts";
import { RevoluteJoint, type RevoluteJointDef, type TimeStep, type Vec2Value } from "./physics.ts";

/** Tolerances of Box2D [m], [rad]. */
const LINEAR_SLOP = 0.005;
const ANGULAR_SLOP = (2 / 180) * Math.PI;
const MAX_CORRECTION = (8 / 180) * Math.PI;

/** A body while the physics solves it; planck does not publish these fields. */
interface SolvedBody {
  readonly m_sweep: { readonly localCenter: Vec2Value };
  readonly m_invMass: number;
  readonly m_invI: number;
  readonly c_position: { readonly c: Vec2Value; a: number };
  readonly c_velocity: { readonly v: Vec2Value; w: number };
}

/**
 * planck's revolute joint with motor and limits, bit for bit, without objects for intermediate vectors: a step solves each
 * joint 180 times, which was most of its time.
 *
 * A and B are the bodies; r is the way from a body's centre of mass to the joint; k is the 3 × 3 effective mass
 * (Catto 2009, "Modeling and solving constraints").
 */
export class LegJoint extends RevoluteJoint {
  readonly #a: SolvedBody;
  readonly #b: SolvedBody;
  readonly #anchorA: Vec2Value;
  readonly #anchorB: Vec2Value;
  readonly #lower: number;
  readonly #upper: number;
  readonly #motorSpeed: number;
  readonly #maxMotorTorque: number;
  /** −1 at the lower limit, 1 at the upper one, 0 between. */
  #limit = 0;
  /** Accumulated impulses: x and y at the point, z at the limit, and the motor's. */
  #x = 0;
  #y = 0;
  #z = 0;
  #motor = 0;
  #rAx = 0;
  #rAy = 0;
  #rBx = 0;
  #rBy = 0;
  #k11 = 0;
  #k12 = 0;
  #k13 = 0;
  #k22 = 0;
  #k23 = 0;
  #k33 = 0;

  /** @param joint with enableMotor and enableLimit, and limits apart from each other */
  constructor(joint: RevoluteJointDef & { lowerAngle: number; upperAngle: number; motorSpeed: number }) {
    super({ ...joint, referenceAngle: 0, enableMotor: true, enableLimit: true });
    this.#a = joint.bodyA as unknown as SolvedBody;
    this.#b = joint.bodyB as unknown as SolvedBody;
    this.#anchorA = joint.localAnchorA;
    this.#anchorB = joint.localAnchorB;
    this.#lower = joint.lowerAngle;
    this.#upper = joint.upperAngle;
    this.#motorSpeed = joint.motorSpeed;
    this.#maxMotorTorque = joint.maxMotorTorque ?? 0;
  }

  override initVelocityConstraints(step: TimeStep): void {
    const { m_invMass: mA, m_invI: iA } = this.#a;
    const { m_invMass: mB, m_invI: iB } = this.#b;
    const { a: aA } = this.#a.c_position;
    const { a: aB } = this.#b.c_position;
    const velocityA = this.#a.c_velocity;
    const velocityB = this.#b.c_velocity;
    this.#turnArms(aA, aB);
    const rAx = this.#rAx;
    const rAy = this.#rAy;
    const rBx = this.#rBx;
    const rBy = this.#rBy;

    this.#k11 = mA + mB + rAy * rAy * iA + rBy * rBy * iB;
    this.#k12 = -rAy * rAx * iA - rBy * rBx * iB;
    this.#k13 = -rAy * iA - rBy * iB;
    this.#k22 = mA + mB + rAx * rAx * iA + rBx * rBx * iB;
    this.#k23 = rAx * iA + rBx * iB;
    this.#k33 = iA + iB;

    const angle = aB - aA;
    const limit = angle <= this.#lower ? -1 : angle >= this.#upper ? 1 : 0;
    if (limit !== this.#limit || limit === 0) this.#z = 0;
    this.#limit = limit;

    // Begins with the impulses of the step before.
    this.#x *= step.dtRatio;
    this.#y *= step.dtRatio;
    this.#z *= step.dtRatio;
    this.#motor *= step.dtRatio;
    velocityA.v.x -= mA * this.#x;
    velocityA.v.y -= mA * this.#y;
    velocityA.w -= iA * (rAx * this.#y - rAy * this.#x + this.#motor + this.#z);
    velocityB.v.x += mB * this.#x;
    velocityB.v.y += mB * this.#y;
    velocityB.w += iB * (rBx * this.#y - rBy * this.#x + this.#motor + this.#z);
  }

  override solveVelocityConstraints(step: TimeStep): void {
    const { m_invMass: mA, m_invI: iA, c_velocity: velocityA } = this.#a;
    const { m_invMass: mB, m_invI: iB, c_velocity: velocityB } = this.#b;
    const { v: vA } = velocityA;
    const { v: vB } = velocityB;
    const rAx = this.#rAx;
    const rAy = this.#rAy;
    const rBx = this.#rBx;
    const rBy = this.#rBy;
    const k11 = this.#k11;
    const k12 = this.#k12;
    const k22 = this.#k22;
    let wA = velocityA.w;
    let wB = velocityB.w;

    const before = this.#motor;
    const most = step.dt * this.#maxMotorTorque;
    this.#motor = clamp(before + -(1 / this.#k33) * (wB - wA - this.#motorSpeed), -most, most);
    const push = this.#motor - before;
    wA -= iA * push;
    wB += iB * push;

    // How fast the two ends of the joint part.
    const dx = vB.x + -wB * rBy - (vA.x + -wA * rAy);
    const dy = vB.y + wB * rBx - (vA.y + wA * rAx);
    let x: number;
    let y: number;
    let z = 0;
    if (this.#limit === 0) {
      const determinant = inverse(k11 * k22 - k12 * k12);
      x = determinant * (k22 * -dx - k12 * -dy);
      y = determinant * (k11 * -dy - k12 * -dx);
    } else {
      const k13 = this.#k13;
      const k23 = this.#k23;
      const k33 = this.#k33;
      const dw = wB - wA;
      const cx = k22 * k33 - k23 * k23;
      const cy = k23 * k13 - k12 * k33;
      const cz = k12 * k23 - k22 * k13;
      const determinant = inverse(k11 * cx + k12 * cy + k13 * cz);
      x = -(determinant * (dx * cx + dy * cy + dw * cz));
      y = -(determinant * (k11 * (dy * k33 - dw * k23) + k12 * (dw * k13 - dx * k33) + k13 * (dx * k23 - dy * k13)));
      z = -(determinant * (k11 * (k22 * dw - k23 * dy) + k12 * (k23 * dx - k12 * dw) + k13 * (k12 * dy - k22 * dx)));
      // A limit pushes only inwards.
      if ((this.#z + z) * this.#limit > 0) {
        const right = this.#z * k13 - dx;
        const up = this.#z * k23 - dy;
        const determinant22 = inverse(k11 * k22 - k12 * k12);
        x = determinant22 * (k22 * right - k12 * up);
        y = determinant22 * (k11 * up - k12 * right);
        z = -this.#z;
        this.#z = 0;
      } else {
        this.#z += z;
      }
    }
    this.#x += x;
    this.#y += y;
    vA.x -= mA * x;
    vA.y -= mA * y;
    vB.x += mB * x;
    vB.y += mB * y;
    velocityA.w = wA - iA * (rAx * y - rAy * x + z);
    velocityB.w = wB + iB * (rBx * y - rBy * x + z);
  }

  override solvePositionConstraints(): boolean {
    const { m_invMass: mA, m_invI: iA, c_position: positionA } = this.#a;
    const { m_invMass: mB, m_invI: iB, c_position: positionB } = this.#b;
    const { c: cA } = positionA;
    const { c: cB } = positionB;
    let aA = positionA.a;
    let aB = positionB.a;

    let angularError = 0;
    if (this.#limit !== 0) {
      const beyond = aB - aA - (this.#limit < 0 ? this.#lower : this.#upper);
      angularError = this.#limit * beyond;
      const correction =
        this.#limit < 0
          ? clamp(beyond + ANGULAR_SLOP, -MAX_CORRECTION, 0)
          : clamp(beyond - ANGULAR_SLOP, 0, MAX_CORRECTION);
      const impulse = -(1 / this.#k33) * correction;
      aA -= iA * impulse;
      aB += iB * impulse;
    }
    this.#turnArms(aA, aB);
    const rAx = this.#rAx;
    const rAy = this.#rAy;
    const rBx = this.#rBx;
    const rBy = this.#rBy;
    const dx = cB.x + rBx - (cA.x + rAx);
    const dy = cB.y + rBy - (cA.y + rAy);
    const k11 = mA + mB + iA * rAy * rAy + iB * rBy * rBy;
    const k12 = -iA * rAx * rAy - iB * rBx * rBy;
    const k22 = mA + mB + iA * rAx * rAx + iB * rBx * rBx;
    const determinant = inverse(k11 * k22 - k12 * k12);
    const x = -(determinant * (k22 * dx - k12 * dy));
    const y = -(determinant * (k11 * dy - k12 * dx));
    cA.x -= mA * x;
    cA.y -= mA * y;
    cB.x += mB * x;
    cB.y += mB * y;
    positionA.a = aA - iA * (rAx * y - rAy * x);
    positionB.a = aB + iB * (rBx * y - rBy * x);
    return Math.sqrt(dx * dx + dy * dy) <= LINEAR_SLOP && angularError <= ANGULAR_SLOP;
  }

  /** r of both bodies at these angles. */
  #turnArms(aA: number, aB: number): void {
    const { localCenter: centreA } = this.#a.m_sweep;
    const { localCenter: centreB } = this.#b.m_sweep;
    const sA = sin(aA);
    const cA = cos(aA);
    const sB = sin(aB);
    const cB = cos(aB);
    const xA = this.#anchorA.x - centreA.x;
    const yA = this.#anchorA.y - centreA.y;
    const xB = this.#anchorB.x - centreB.x;
    const yB = this.#anchorB.y - centreB.y;
    this.#rAx = cA * xA - sA * yA;
    this.#rAy = sA * xA + cA * yA;
    this.#rBx = cB * xB - sB * yB;
    this.#rBy = sB * xB + cB * yB;
  }
}

function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}

function inverse(determinant: number): number {
  return determinant === 0 ? 0 : 1 / determinant;
}
