/**
 * The rules of Pong: two paddles, a ball, and who has how many points. Pure functions on the numbers of one game.
 *
 * In each frame the paddles move, then the ball. It bounces off the walls as off a mirror. A paddle that it meets sends it back
 * with a slope that depends on where it was hit alone: of seven parts of the paddle, the middle one sends it straight across,
 * the outermost ones three pixels up or down for two across. With the fourth and the twelfth hit of a rally the ball becomes
 * faster. Who misses it loses a point and gets the next serve. Everything is the same for both players, seen in a mirror.
 *
 * The built-in opponent follows the ball with limited speed, with the upper half of its paddle, and its aim is a little off. It is
 * too slow for steep balls that do not come back from a wall, and for fast ones the more.
 *
 * Sources: seven slopes, set by the part that was hit, and the faster ball after 4 and after 12 hits: Pong's circuits (1972),
 * Edwards (2012), "Reconstructing Pong on an FPGA". Serves to who lost the point, 21 points: the manual of Video Olympics (1977).
 * The opponent that follows with at most 2 lines per frame and stands still in every eighth: Montfort & Bogost (2009), "Racing
 * the Beam", chapter 2.
 */

import type { Random } from "../../random/index.ts";
import * as court from "./court.ts";

/** Where the numbers of a game lie. */
export const LEFT_Y = 0;
/** Pixels that the paddle moved in the last frame. */
export const LEFT_SPEED = 1;
export const RIGHT_Y = 2;
export const RIGHT_SPEED = 3;
/** Left and upper edge of the ball; in the middle until it is served. */
export const BALL_X = 4;
export const BALL_Y = 5;
/** Pixels per frame; before the serve, those across are already what they will be. */
export const BALL_SPEED_X = 6;
export const BALL_SPEED_Y = 7;
/** Hits of this rally. */
export const HITS = 8;
/** Frames until the serve; 0: the ball is in play. */
export const WAIT = 9;
export const LEFT_POINTS = 10;
export const RIGHT_POINTS = 11;
/** Frames of the game so far, modulo 8. */
export const CLOCK = 12;
/** Where the right player moved last: −1, 0 or 1. */
export const LAST_MOVE = 13;
/** In which row of its reach the built-in opponent wants to meet the ball. */
export const AIM = 14;
/** Numbers of one game. */
export const GAME_SIZE = 15;

/** In the place of the left player's move: the built-in opponent, which follows the ball. */
export const FOLLOW = 2;

/** Writes the start of a game: paddles in the middle, no points, and the first serve to either side. */
export function startGame(states: Float64Array, s: number, random: Random): void {
  states.fill(0, s, s + GAME_SIZE);
  states[s + LEFT_Y] = (court.PADDLE_MIN + court.PADDLE_MAX) / 2;
  states[s + RIGHT_Y] = (court.PADDLE_MIN + court.PADDLE_MAX) / 2;
  states[s + BALL_X] = court.MIDDLE_X;
  states[s + BALL_Y] = court.MIDDLE_Y;
  states[s + BALL_SPEED_X] = random.integer(2) === 0 ? -court.SERVE_SPEED : court.SERVE_SPEED;
  states[s + WAIT] = court.PAUSE;
  states[s + AIM] = court.AIMS / 2;
}

export function isOver(states: Float64Array, s: number): boolean {
  return states[s + LEFT_POINTS] === court.POINTS || states[s + RIGHT_POINTS] === court.POINTS;
}

/**
 * Plays some frames of the game whose numbers begin at `states[s]`, or less where it ends.
 * @param left move of the left player: −1 up, 0 stay, 1 down; or `FOLLOW`
 * @param right move of the right player
 * @param random draws the serves
 * @returns points that the right player won, less those that the left one did
 */
export function play(
  states: Float64Array,
  s: number,
  left: number,
  right: number,
  frames: number,
  random: Random,
): number {
  let leftY = states[s + LEFT_Y];
  let leftSpeed = states[s + LEFT_SPEED];
  let rightY = states[s + RIGHT_Y];
  let rightSpeed = states[s + RIGHT_SPEED];
  let ballX = states[s + BALL_X];
  let ballY = states[s + BALL_Y];
  let speedX = states[s + BALL_SPEED_X];
  let speedY = states[s + BALL_SPEED_Y];
  let hits = states[s + HITS];
  let wait = states[s + WAIT];
  let clock = states[s + CLOCK];
  let aim = states[s + AIM];
  let reward = 0;
  for (let frame = 0; frame < frames; frame++) {
    const rightTo = moved(rightY, accelerated(rightSpeed, right));
    rightSpeed = rightTo - rightY;
    rightY = rightTo;
    const leftTo = moved(leftY, left === FOLLOW ? following(leftY, ballY, aim, clock) : accelerated(leftSpeed, left));
    leftSpeed = leftTo - leftY;
    leftY = leftTo;
    clock = clock === court.FOLLOW_PERIOD - 1 ? 0 : clock + 1;

    if (wait > 0) {
      wait--;
      if (wait > 0) continue;
      ballY = court.MIDDLE_Y + random.integer(court.SERVE_ROWS) - (court.SERVE_ROWS - 1) / 2;
      speedY = random.integer(court.SERVE_SLOPES) - (court.SERVE_SLOPES - 1) / 2;
      if (left === FOLLOW) aim = random.integer(court.AIMS);
      continue;
    }

    ballX += speedX;
    ballY += speedY;
    if (ballY < court.BALL_MIN) {
      ballY = 2 * court.BALL_MIN - ballY;
      speedY = -speedY;
    } else if (ballY > court.BALL_MAX) {
      ballY = 2 * court.BALL_MAX - ballY;
      speedY = -speedY;
    }

    const isToTheRight = speedX > 0;
    const paddleX = isToTheRight ? court.RIGHT_X : court.LEFT_X;
    // How far the ball is below where it just misses the paddle's upper end.
    const below = ballY - (isToTheRight ? rightY : leftY) + court.BALL_HEIGHT;
    if (ballX > paddleX - court.BALL_WIDTH && ballX < paddleX + court.PADDLE_WIDTH) {
      if (below <= 0 || below >= court.REACH) continue;
      hits++;
      const speed = speedAfter(hits);
      ballX = isToTheRight ? court.RIGHT_X - court.BALL_WIDTH : court.LEFT_X + court.PADDLE_WIDTH;
      speedX = isToTheRight ? -speed : speed;
      speedY = ((Math.floor((below * court.SLOPES) / court.REACH) - court.STEEPEST) * speed) / 2;
      if (isToTheRight && left === FOLLOW) aim = random.integer(court.AIMS);
    } else if (ballX <= -court.BALL_WIDTH || ballX >= court.SCREEN_WIDTH) {
      reward += isToTheRight ? -1 : 1;
      const points = ++states[s + (isToTheRight ? LEFT_POINTS : RIGHT_POINTS)];
      ballX = court.MIDDLE_X;
      ballY = court.MIDDLE_Y;
      speedX = isToTheRight ? court.SERVE_SPEED : -court.SERVE_SPEED;
      speedY = 0;
      hits = 0;
      wait = court.PAUSE;
      if (points === court.POINTS) break;
    }
  }
  states[s + LEFT_Y] = leftY;
  states[s + LEFT_SPEED] = leftSpeed;
  states[s + RIGHT_Y] = rightY;
  states[s + RIGHT_SPEED] = rightSpeed;
  states[s + BALL_X] = ballX;
  states[s + BALL_Y] = ballY;
  states[s + BALL_SPEED_X] = speedX;
  states[s + BALL_SPEED_Y] = speedY;
  states[s + HITS] = hits;
  states[s + WAIT] = wait;
  states[s + CLOCK] = clock;
  states[s + LAST_MOVE] = right;
  states[s + AIM] = aim;
  return reward;
}

/** Pixels per frame across, with the given hit of a rally. */
function speedAfter(hits: number): number {
  if (hits < court.FASTER_AT) return court.SERVE_SPEED;
  return hits < court.FASTEST_AT ? court.FASTER_SPEED : court.FASTEST_SPEED;
}

/** Speed of a paddle that is moved on: it grows while the direction is kept, and is gone when it is not. */
function accelerated(speed: number, move: number): number {
  return move * Math.min(Math.max(move * speed, 0) + court.PADDLE_ACCELERATION, court.PADDLE_SPEED);
}

/** Speed of the built-in opponent's paddle. */
function following(y: number, ballY: number, aim: number, clock: number): number {
  if (clock === 0) return 0;
  const missing = ballY + court.BALL_HEIGHT - aim - y;
  return Math.min(Math.max(missing, -court.FOLLOW_SPEED), court.FOLLOW_SPEED);
}

/** Where a paddle is a frame later. */
function moved(y: number, speed: number): number {
  return Math.min(Math.max(y + speed, court.PADDLE_MIN), court.PADDLE_MAX);
}
