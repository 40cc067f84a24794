import { ConfigError } from "../../errors.ts";
import { readOptions } from "../options.ts";

export const PONG_DEFAULTS = {
  /** Frames that one action lasts. */
  frameSkip: 4,
  /**
   * Sticky actions: probability with which the agent's last move goes on for a frame, whatever the action is. 0.25 is what Machado
   * et al. (2018), "Revisiting the Arcade Learning Environment", recommend.
   */
  repeatActionProbability: 0,
  /** Number of actions: 3 (stay, up, down), 2 (up, down; the default of `PongDifference-v0`) or Atari's 6, see `MOVES`. */
  nActions: 3,
};

export type PongOptions = typeof PONG_DEFAULTS;

/**
 * Where each action moves the paddle, by how many there are. Three: stay, up and down. Six: Atari's NOOP, FIRE, RIGHT, LEFT, RIGHTFIRE and
 * LEFTFIRE; turning the knob to the right moves the paddle up, and the button does nothing, as serves come by themselves. Two: up and down.
 */
export const MOVES: Readonly<Record<number, readonly number[]>> = {
  2: [-1, 1],
  3: [0, -1, 1],
  6: [0, 0, -1, 1, -1, 1],
};

/** @throws ConfigError for an unknown option or a value of the wrong kind or size */
export function pongOptions(id: string, given: Partial<PongOptions>, defaults = PONG_DEFAULTS): PongOptions {
  const options = readOptions(id, given, defaults);
  const { frameSkip, repeatActionProbability, nActions } = options;
  requireFrameSkip(id, frameSkip);
  if (!(repeatActionProbability >= 0 && repeatActionProbability < 1)) {
    const field = `${id} option repeatActionProbability`;
    throw new ConfigError({ field, value: repeatActionProbability, allowed: "at least 0 and below 1" });
  }
  if (MOVES[nActions] === undefined) {
    throw new ConfigError({ field: `${id} option nActions`, value: nActions, allowed: "2, 3 or 6" });
  }
  return options;
}

/** @throws ConfigError unless it is a positive integer */
export function requireFrameSkip(id: string, frameSkip: number): void {
  if (Number.isSafeInteger(frameSkip) && frameSkip > 0) return;
  throw new ConfigError({ field: `${id} option frameSkip`, value: frameSkip, allowed: "a positive integer" });
}
