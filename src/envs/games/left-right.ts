/**
 * Left or right: one choice, +1 for left and −1 for right. The smallest game that can be learned at all, and one without a
 * derivative: nothing tells how much more to the left would have been better.
 *
 * state = observation: 0 to choose, 1 went left, 2 went right. Actions: 0 left, 1 right.
 */

import { COLORS, disc, fillPolygon, scene, strokeLine } from "../drawing.ts";
import { dynamicsSpec } from "../dynamics-spec.ts";
import { type FiniteDynamics, finiteDynamics } from "../finite-dynamics.ts";
import { certain, uniformOver } from "../finite-mdp.ts";
import { readOptions } from "../options.ts";

const LEFT = 0;

/** It has no options. @throws ConfigError where one is given */
export function leftRight(given: Record<string, never> = {}): FiniteDynamics {
  readOptions("LeftRight-v0", given, {});
  const mdp = {
    states: 3,
    actions: 2,
    initial: uniformOver(3, [0]),
    outcomes(state: number, action: number) {
      if (state !== 0) return certain(state, 0, true);
      return action === LEFT ? certain(1, 1, true) : certain(2, -1, true);
    },
  };
  return finiteDynamics(mdp, drawLeftRight);
}

/** Registry entry. */
export const leftRightSpec = dynamicsSpec(
  {
    id: "LeftRight-v0",
    rewardThreshold: 1,
    description: "One choice: +1 for left, −1 for right.",
    source: "the smallest game that can be learned",
  },
  leftRight,
);

/** A fork with a good and a bad end, and the dot that chooses. */
function drawLeftRight(canvas: CanvasRenderingContext2D, state: number): void {
  scene(canvas, 500, 300, () => {
    const ends = [
      { x: 110, color: COLORS.gain },
      { x: 390, color: COLORS.goal },
    ];
    for (const { x, color } of ends) {
      strokeLine(canvas, [250, 220, x, 110], COLORS.edge, 8);
      disc(canvas, x, 110, 42, color);
      strokeLine(canvas, [x - 18, 110, x + 18, 110], COLORS.paper, 9);
    }
    strokeLine(canvas, [110, 92, 110, 128], COLORS.paper, 9);
    const agent = state === 0 ? { x: 250, y: 220 } : { x: ends[state - 1].x, y: 180 };
    disc(canvas, agent.x, agent.y, 26, COLORS.driven);
    if (state === 0) fillPolygon(canvas, [238, 186, 262, 186, 250, 168], COLORS.driven, 4);
  });
}
