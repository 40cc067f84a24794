/** The pilot that Gymnasium documents for its lunar lander: two proportional-derivative controllers. */

const limited = (value: number, most: number) => Math.max(-most, Math.min(most, value));

/** What is wanted of the angle and of the height, from an observation `[8]`. */
function wanted([x, y, vx, vy, angle, spin, right, left]: ArrayLike<number> & Iterable<number>) {
  // On the ground nothing is left to do but to fall more slowly.
  if (right || left) return { turn: 0, climb: -0.5 * vy };
  // Leaning against where it is and where it drifts to, and higher the farther away it is.
  const lean = limited(0.5 * x + vx, 0.4);
  return { turn: 0.5 * (lean - angle) - spin, climb: 0.5 * (0.55 * Math.abs(x) - y) - 0.5 * vy };
}

export function discretePilot(observation: Float32Array): number {
  const { turn, climb } = wanted(observation);
  if (climb > Math.abs(turn) && climb > 0.05) return 2;
  return turn < -0.05 ? 3 : turn > 0.05 ? 1 : 0;
}

export function continuousPilot(observation: Float32Array): Float32Array {
  const { turn, climb } = wanted(observation);
  return Float32Array.of(limited(20 * climb - 1, 1), limited(-20 * turn, 1));
}
