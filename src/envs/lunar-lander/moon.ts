import type { Random } from "../../random/index.ts";
import { Edge, type PhysicsWorld } from "./physics.ts";
import { HEIGHT, WIDTH } from "./scale.ts";

const CORNERS = 11;
const MIDDLE = (CORNERS - 1) / 2;

/** Heights of the ground at equal distances, from the left edge of the picture to the right one. */
export type Terrain = Float64Array;

/** x of the corners of the ground. */
export const cornerX = (i: number): number => (WIDTH / (CORNERS - 1)) * i;

/** The landing pad, between the flags. */
export const PAD = { left: cornerX(MIDDLE - 1), right: cornerX(MIDDLE + 1), y: HEIGHT / 4 };

/** Hills of random heights, smoothed over three corners, and flat where the pad is. `[CORNERS]` */
export function drawTerrain(random: Random): Terrain {
  const heights = Float64Array.from({ length: CORNERS + 1 }, () => (HEIGHT / 2) * random.uniform());
  heights.fill(PAD.y, MIDDLE - 2, MIDDLE + 3);
  // As Gymnasium: what is before the first is the last, and a third is 0.33, so that the pad lies a little below its flags.
  return Float64Array.from({ length: CORNERS }, (_, i) => 0.33 * (heights.at(i - 1)! + heights[i] + heights[i + 1]));
}

/** The moon in the physics, which nothing moves. */
export function addMoon(world: PhysicsWorld, terrain: Terrain): void {
  const moon = world.createBody();
  moon.createFixture({ shape: new Edge({ x: 0, y: 0 }, { x: WIDTH, y: 0 }) });
  for (let i = 0; i + 1 < CORNERS; i++) {
    const from = { x: cornerX(i), y: terrain[i] };
    const to = { x: cornerX(i + 1), y: terrain[i + 1] };
    moon.createFixture({ shape: new Edge(from, to), friction: 0.1 });
  }
}

/** Height of the ground at x. */
export function groundAt(terrain: Terrain, x: number): number {
  const at = Math.min(Math.max((x / WIDTH) * (CORNERS - 1), 0), CORNERS - 1);
  const i = Math.min(Math.floor(at), CORNERS - 2);
  return terrain[i] + (at - i) * (terrain[i + 1] - terrain[i]);
}
