/** Pong as Atari draws it: a brown court between white walls, the players' points above. Every edge is on a whole pixel. */

import * as court from "./court.ts";
import * as game from "./rules.ts";

/** Colours of the Atari 2600, as the Arcade Learning Environment shows them. */
export const PONG_COLORS = {
  court: "#904811",
  wall: "#ececec",
  left: "#d5824a",
  right: "#5cba5c",
  ball: "#ececec",
} as const;

/** Ten digits of 3 × 5 blocks, row by row. */
const DIGITS = [
  ...[
    "###,#.#,#.#,#.#,###",
    ".#.,.#.,.#.,.#.,.#.",
    "###,..#,###,#..,###",
    "###,..#,.##,..#,###",
    "#.#,#.#,###,..#,..#",
  ],
  ...[
    "###,#..,###,..#,###",
    "#..,#..,###,#.#,###",
    "###,..#,..#,..#,..#",
    "###,#.#,###,#.#,###",
    "###,#.#,###,..#,..#",
  ],
].map((digit) => digit.split(","));
const BLOCK = 4;
const DIGIT_STEP = 4 * BLOCK;
const DIGITS_TOP = 2;
/** Right edges of the players' points. */
const LEFT_DIGITS_END = 64;
const RIGHT_DIGITS_END = 140;

type Box = readonly [x: number, y: number, width: number, height: number, color: string];

/** Draws a game, scaled to fit and centred, with its edges on whole pixels of the canvas whatever the scale is. */
export function drawPong(canvas: CanvasRenderingContext2D, state: Float64Array): void {
  const { width, height } = canvas.canvas;
  const scale = Math.min(width / court.SCREEN_WIDTH, height / court.SCREEN_HEIGHT);
  const snap = (place: number) => Math.round(place * scale) / scale;
  canvas.save();
  canvas.fillStyle = PONG_COLORS.court;
  canvas.fillRect(0, 0, width, height);
  canvas.translate(
    Math.floor((width - court.SCREEN_WIDTH * scale) / 2),
    Math.floor((height - court.SCREEN_HEIGHT * scale) / 2),
  );
  canvas.scale(scale, scale);
  for (const [x, y, wide, high, color] of boxes(state)) {
    canvas.fillStyle = color;
    canvas.fillRect(snap(x), snap(y), snap(x + wide) - snap(x), snap(y + high) - snap(y));
  }
  canvas.restore();
}

/** What is to be seen, in pixels of Atari's screen. */
function boxes(state: Float64Array): Box[] {
  const { SCREEN_WIDTH, SCREEN_HEIGHT, WALL_TOP, COURT_TOP, COURT_BOTTOM, PADDLE_WIDTH, PADDLE_HEIGHT } = court;
  const { wall, left, right, ball } = PONG_COLORS;
  const list: Box[] = [
    ...points(state[game.LEFT_POINTS], LEFT_DIGITS_END, left),
    ...points(state[game.RIGHT_POINTS], RIGHT_DIGITS_END, right),
    [court.LEFT_X, Math.floor(state[game.LEFT_Y]), PADDLE_WIDTH, PADDLE_HEIGHT, left],
    [court.RIGHT_X, Math.floor(state[game.RIGHT_Y]), PADDLE_WIDTH, PADDLE_HEIGHT, right],
    [0, WALL_TOP, SCREEN_WIDTH, COURT_TOP - WALL_TOP, wall],
    [0, COURT_BOTTOM, SCREEN_WIDTH, SCREEN_HEIGHT - COURT_BOTTOM, wall],
  ];
  if (state[game.WAIT] > 0) return list;
  const from = Math.max(state[game.BALL_X], 0);
  const to = Math.min(state[game.BALL_X] + court.BALL_WIDTH, SCREEN_WIDTH);
  return [...list, [from, Math.floor(state[game.BALL_Y]), to - from, court.BALL_HEIGHT, ball]];
}

/** The digits of a number, the last one before column `end`. */
function points(count: number, end: number, color: string): Box[] {
  const digits = [...String(count)];
  return digits.flatMap((digit, i) => {
    const x = end - (digits.length - i) * DIGIT_STEP + BLOCK;
    return DIGITS[Number(digit)].flatMap((row, r) =>
      [...row].flatMap((block, c): Box[] =>
        block === "#" ? [[x + c * BLOCK, DIGITS_TOP + r * BLOCK, BLOCK, BLOCK, color]] : [],
      ),
    );
  });
}
