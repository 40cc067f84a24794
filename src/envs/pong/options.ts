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
  /** Atari's six actions instead of three; see `SIX_MOVES`. */
  sixActions: false,
};

export type PongOptions = typeof PONG_DEFAULTS;

/** Where actions 0, 1, 2 move the paddle: they are stay, up and down. */
export const THREE_MOVES: readonly number[] = [0, -1, 1];

/**
 * The same of Atari's NOOP, FIRE, RIGHT, LEFT, RIGHTFIRE and LEFTFIRE: turning the knob to the right moves the paddle up. The
 * button does nothing, as serves come by themselves.
 */
export const SIX_MOVES: readonly number[] = [0, 0, -1, 1, -1, 1];

/** @throws ConfigError for an unknown option or a value of the wrong kind or size */
export function pongOptions(id: string, given: Partial<PongOptions>): PongOptions {
  const options = readOptions(id, given, PONG_DEFAULTS);
  const { frameSkip, repeatActionProbability } = options;
  requireFrameSkip(id, frameSkip);
  if (!(repeatActionProbability >= 0 && repeatActionProbability < 1)) {
    const field = `${id} option repeatActionProbability`;
    throw new ConfigError({ field, value: repeatActionProbability, allowed: "at least 0 and below 1" });
  }
  return options;
}

/** @throws ConfigError unless it is a positive integer */
export function requireFrameSkip(id: string, frameSkip: number): void {
  if (Number.isSafeInteger(frameSkip) && frameSkip > 0) return;
  throw new ConfigError({ field: `${id} option frameSkip`, value: frameSkip, allowed: "a positive integer" });
}
