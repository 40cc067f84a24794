import type { Random } from "../../random/index.ts";
import { addCraft, type Craft, LEG_DOWN } from "./craft.ts";
import { type Exhausts, fireEngines, OFF, type Throttle } from "./engines.ts";
import { addMoon, drawTerrain, PAD, type Terrain } from "./moon.ts";
import type { LunarLanderOptions } from "./options.ts";
import { type Body, type PhysicsWorld, World } from "./physics.ts";
import { FPS, HEIGHT, WIDTH } from "./scale.ts";
import { drawWindStart, windAt } from "./wind.ts";

/** As many as Gymnasium has the physics take. */
const VELOCITY_ITERATIONS = 6 * 30;
const POSITION_ITERATIONS = 2 * 30;

const MAIN_FUEL = 0.3;
const SIDE_FUEL = 0.03;

/** How many steps an engine's exhaust can be seen. */
export const EXHAUST_STEPS = 7;

/** One episode in the physics, from the push at the start to the landing. */
export class Flight {
  readonly gravity: number;
  readonly terrain: Terrain;
  readonly craft: Craft;
  /** What the engines did in the latest steps, the latest last. */
  readonly exhausts: Exhausts[] = [];
  /** What is observed, in float64: x, y, ẋ, ẏ, angle, angular velocity, ground under each leg. `[8]` */
  readonly state = new Float64Array(8);
  readonly #options: LunarLanderOptions;
  readonly #random: Random;
  readonly #world: PhysicsWorld;
  #hasCrashed = false;
  #wind: number;
  #turbulence: number;
  #shaping: number;

  constructor(options: LunarLanderOptions, random: Random) {
    this.#options = options;
    this.#random = random;
    this.gravity = options.gravity;
    this.#world = new World({ gravity: { x: 0, y: this.gravity } });
    this.terrain = drawTerrain(random);
    addMoon(this.#world, this.terrain);
    this.craft = addCraft(this.#world, random);
    this.#wind = options.enableWind ? drawWindStart(random) : 0;
    this.#turbulence = options.enableWind ? drawWindStart(random) : 0;
    this.#world.on("begin-contact", (contact) => this.#touch(contact.getFixtureA().getBody(), true));
    this.#world.on("begin-contact", (contact) => this.#touch(contact.getFixtureB().getBody(), true));
    this.#world.on("end-contact", (contact) => this.#touch(contact.getFixtureA().getBody(), false));
    this.#world.on("end-contact", (contact) => this.#touch(contact.getFixtureB().getBody(), false));
    // The first observation is that after a step without engines, in which the push acts.
    this.#advance(OFF);
    this.#shaping = shapingOf(this.state);
  }

  /** @returns whether the task ended, and the reward */
  step(throttle: Throttle): { reward: number; terminated: boolean } {
    this.#advance(throttle);
    const shaping = shapingOf(this.state);
    const gained = shaping - this.#shaping;
    this.#shaping = shaping;
    if (!this.craft.hull.isAwake()) return { reward: 100, terminated: true };
    if (this.#hasCrashed || Math.abs(this.state[0]) >= 1) return { reward: -100, terminated: true };
    return { reward: gained - throttle.main * MAIN_FUEL - throttle.side * SIDE_FUEL, terminated: false };
  }

  #advance(throttle: Throttle): void {
    const { hull } = this.craft;
    if (this.#options.enableWind && this.state[6] === 0 && this.state[7] === 0) {
      hull.applyForceToCenter({ x: this.#options.windPower * windAt(this.#wind++), y: 0 }, true);
      hull.applyTorque(this.#options.turbulencePower * windAt(this.#turbulence++), true);
    }
    this.exhausts.push(fireEngines(hull, throttle, this.#random));
    if (this.exhausts.length > EXHAUST_STEPS) this.exhausts.shift();
    this.#world.step(1 / FPS, VELOCITY_ITERATIONS, POSITION_ITERATIONS);

    const position = hull.getPosition();
    const velocity = hull.getLinearVelocity();
    this.state[0] = (position.x - WIDTH / 2) / (WIDTH / 2);
    this.state[1] = (position.y - (PAD.y + LEG_DOWN)) / (HEIGHT / 2);
    this.state[2] = (velocity.x * (WIDTH / 2)) / FPS;
    this.state[3] = (velocity.y * (HEIGHT / 2)) / FPS;
    this.state[4] = hull.getAngle();
    this.state[5] = (20 * hull.getAngularVelocity()) / FPS;
  }

  /** A leg that leaves one chunk of the ground counts as off it, though it may touch another, as in Gymnasium. */
  #touch(body: Body, begins: boolean): void {
    if (body === this.craft.hull) this.#hasCrashed ||= begins;
    const leg = this.craft.legs.indexOf(body);
    if (leg >= 0) this.state[6 + leg] = begins ? 1 : 0;
  }
}

/** What a step's reward is the gain of: nearer, slower, more upright, and ten points for each leg on the ground. */
function shapingOf([x, y, vx, vy, angle, , right, left]: Float64Array): number {
  const distance = Math.sqrt(x * x + y * y);
  const speed = Math.sqrt(vx * vx + vy * vy);
  return -100 * distance - 100 * speed - 100 * Math.abs(angle) + 10 * right + 10 * left;
}
