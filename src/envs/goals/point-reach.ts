/**
 * Point reach: move a point in a square to a goal and stay there. Every step costs 1 unless it ends within the tolerance of the
 * goal, and nothing tells how far away that is. It never terminates.
 *
 * The planar form of Gymnasium-Robotics' FetchReach (Plappert et al. 2018, "Multi-goal reinforcement learning: challenging
 * robotics environments and request for research"): the same reward, tolerance and 50 steps, without the arm.
 *
 * state: x, y of the point, x, y of the goal, each from −1 to 1 and of float32 precision, so that goals as they are observed
 * tell the reward exactly; action: the way along x and y, in units of the greatest.
 */

import type { Random } from "../../random/index.ts";
import { Box, Dict } from "../../spaces/index.ts";
import { COLORS, disc, fillBox, ring, scene, strokeLine } from "../drawing.ts";
import type { DynamicsWithGoals } from "../dynamics.ts";
import { dynamicsSpec } from "../dynamics-spec.ts";
import { readOptions } from "../options.ts";
import { requirePositive } from "../wrappers/normalize-observation.ts";
import type { GoalRules } from "./goal-rules.ts";

export const POINT_REACH_DEFAULTS = {
  /** Distance from the goal that counts as there. */
  tolerance: 0.05,
  /** Greatest way along each axis in one step. */
  stride: 0.1,
};

export type PointReachOptions = typeof POINT_REACH_DEFAULTS;

/** @throws ConfigError for an unknown option or a value that is not a positive number */
export function pointReach(given: Partial<PointReachOptions> = {}): DynamicsWithGoals<ArrayLike<number>> {
  const { tolerance, stride } = readOptions("PointReach-v0", given, POINT_REACH_DEFAULTS);
  requirePositive("PointReach-v0 option tolerance", tolerance);
  requirePositive("PointReach-v0 option stride", stride);
  const goals: GoalRules = {
    computeReward(achieved, desired) {
      const [dx, dy] = [achieved[0] - desired[0], achieved[1] - desired[1]];
      return dx * dx + dy * dy <= tolerance * tolerance ? 0 : -1;
    },
    computeTerminated: () => false,
  };
  const square = () => new Box(-1, 1, [2]);
  return {
    stateSize: 4,
    observationSpace: new Dict({ observation: square(), achievedGoal: square(), desiredGoal: square() }),
    actionSpace: square(),
    goals,

    start(states: Float64Array, offset: number, random: Random): void {
      for (let i = 0; i < 4; i++) states[offset + i] = Math.fround(-1 + 2 * random.uniform());
    },

    advance(states, actions, rewards, terminated, count): void {
      for (let n = 0; n < count; n++) {
        for (let axis = 0; axis < 2; axis++) {
          const way = stride * Math.min(Math.max(actions[2 * n + axis], -1), 1);
          states[4 * n + axis] = Math.fround(Math.min(Math.max(states[4 * n + axis] + way, -1), 1));
        }
        rewards[n] = goals.computeReward(states.subarray(4 * n, 4 * n + 2), states.subarray(4 * n + 2, 4 * n + 4));
        terminated[n] = 0;
      }
    },

    observe(states, observations, from, to): void {
      for (let n = from; n < to; n++) {
        for (let axis = 0; axis < 2; axis++) {
          observations[6 * n + axis] = states[4 * n + axis];
          observations[6 * n + 2 + axis] = states[4 * n + axis];
          observations[6 * n + 4 + axis] = states[4 * n + 2 + axis];
        }
      }
    },

    draw: (canvas, state) => drawPoint(canvas, tolerance, state, goals),
  };
}

/** Registry entry. */
export const pointReachSpec = dynamicsSpec(
  {
    id: "PointReach-v0",
    maxEpisodeSteps: 50,
    description: "Move a point to a goal and stay there; every step elsewhere costs the same, near or far.",
    source: "FetchReach of Plappert et al. 2018, in the plane",
  },
  pointReach,
);

/** The square, the goal with its tolerance, and the point; a line between them where it is not there yet. */
function drawPoint(
  canvas: CanvasRenderingContext2D,
  tolerance: number,
  state: Float64Array,
  { computeReward }: GoalRules,
): void {
  scene(canvas, 500, 500, () => {
    const half = 220;
    const [x, goalX] = [250 + half * state[0], 250 + half * state[2]];
    const [y, goalY] = [250 - half * state[1], 250 - half * state[3]];
    const isThere = computeReward(state.subarray(0, 2), state.subarray(2, 4)) === 0;
    fillBox(canvas, 250 - half, 250 - half, 2 * half, 2 * half, COLORS.ground);
    if (!isThere) strokeLine(canvas, [x, y, goalX, goalY], COLORS.edge, 2);
    ring(canvas, goalX, goalY, Math.max(6, half * tolerance), isThere ? COLORS.gain : COLORS.goal, 5);
    disc(canvas, goalX, goalY, 3, COLORS.ink);
    disc(canvas, x, y, 8, COLORS.driven);
  });
}
