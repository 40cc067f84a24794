/**
 * Sizes and speeds of Pong, in pixels of Atari's screen (160 wide, 210 high, y downwards) and frames of 1/60 s.
 *
 * Places and sizes of court, paddles and ball are those of the Atari 2600's Pong (Video Olympics, 1977) as the Arcade Learning
 * Environment shows it and Delfosse et al. (2023), "OCAtari", read it from its memory.
 */

export const SCREEN_WIDTH = 160;
export const SCREEN_HEIGHT = 210;
/** The court between its two walls: rows 34 … 193. */
export const COURT_TOP = 34;
export const COURT_BOTTOM = 194;
export const WALL_TOP = 24;

export const PADDLE_WIDTH = 4;
export const PADDLE_HEIGHT = 16;
/** Left edges of the two paddles; the one on the right is the agent's, as in Atari. */
export const LEFT_X = 16;
export const RIGHT_X = 140;
/** Highest and lowest place of a paddle's upper edge: ten of its rows may be behind a wall. */
export const PADDLE_MIN = WALL_TOP;
export const PADDLE_MAX = COURT_BOTTOM - PADDLE_HEIGHT + 10;
/** A paddle that is moved gains so much speed per frame, and reaches this. */
export const PADDLE_ACCELERATION = 0.5;
export const PADDLE_SPEED = 4;

export const BALL_WIDTH = 2;
export const BALL_HEIGHT = 4;
export const BALL_MIN = COURT_TOP;
export const BALL_MAX = COURT_BOTTOM - BALL_HEIGHT;
/** Where the ball is when it is in the middle. */
export const MIDDLE_X = (SCREEN_WIDTH - BALL_WIDTH) / 2;
export const MIDDLE_Y = (BALL_MIN + BALL_MAX) / 2;
/** Across, the ball begins with 2 pixels per frame, and has 3 from the fourth hit of a rally on and 4 from the twelfth. */
export const SERVE_SPEED = 2;
export const FASTER_AT = 4;
export const FASTER_SPEED = 3;
export const FASTEST_AT = 12;
export const FASTEST_SPEED = 4;
/** Seven slopes, −3 … 3 half pixels down per pixel across, by which seventh of the paddle the ball hit. */
export const SLOPES = 7;
export const STEEPEST = 3;
/** Rows from where a ball just misses a paddle at its upper end to where it just misses it at its lower end. */
export const REACH = PADDLE_HEIGHT + BALL_HEIGHT;

/** Points that win. */
export const POINTS = 21;
/** Frames from a point to the next serve. */
export const PAUSE = 20;
/** Serves start from one of so many rows around the middle, with a slope of −2 … 2. */
export const SERVE_ROWS = 77;
export const SERVE_SLOPES = 5;

/** The built-in opponent moves up to 2 pixels per frame, and not at all in every eighth. */
export const FOLLOW_SPEED = 2;
export const FOLLOW_PERIOD = 8;
/** It wants to meet the ball in one of so many rows, from just above its paddle, where it misses, to the paddle's middle. */
export const AIMS = 12;
