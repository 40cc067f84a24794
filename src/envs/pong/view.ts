import type { Box } from "../../spaces/index.ts";

/** One way to look at a game. */
export interface PongView {
  readonly space: Box;
  /** Pictures that an observation is made of, the present one and those of the steps before; 0: it is made of the game's numbers. */
  readonly pictures: number;
  /** Whether an observation is the last pictures one after another. */
  readonly isStack: boolean;
  /**
   * Writes what the right player observes into `out[at …]`, where either zeros are or what the last call wrote for this game:
   * a view of pictures only changes what moved.
   */
  write(states: Float64Array, s: number, out: Float32Array, at: number): void;
  /** Writes what the left player observes, in a mirror, so that it looks as if it were the right one; over zeros. */
  writeMirrored(states: Float64Array, s: number, out: Float32Array, at: number): void;
}
