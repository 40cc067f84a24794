import { Box } from "../../spaces/index.ts";
import { shownAt, toShowAt } from "./picture.ts";
import { addMirrored, addPicture, clearPicture, sampling } from "./sampling.ts";
import type { PongView } from "./view.ts";

const SIZE = 80;
const PICTURES = 2;

/** Rows 35, 37, … 193 and columns 0, 2, … 158 of the screen. */
const pixels = sampling(
  Array.from({ length: SIZE }, (_, i) => 2 * i + 1),
  Array.from({ length: SIZE }, (_, i) => 2 * i),
);

/**
 * `[80, 80]`: what has changed since the step before: 1 where paddle or ball are now, −1 where they were, 0 where they are and
 * were, and where neither is. The first observation of a game is 0 everywhere.
 *
 * As in Karpathy (2016), "Deep Reinforcement Learning: Pong from Pixels": cropped, every second pixel, the background erased,
 * everything else 1, and the picture before subtracted.
 */
export const differenceView: PongView = {
  space: new Box(-1, 1, [SIZE, SIZE]),
  pictures: PICTURES,
  isStack: false,
  write(states, s, out, at) {
    for (let i = 0; i < PICTURES; i++) clearPicture(pixels, states, shownAt(s, i), out, at);
    addPicture(pixels, states, toShowAt(s, PICTURES, 0), out, at, -1);
    addPicture(pixels, states, toShowAt(s, PICTURES, 1), out, at, 1);
  },
  writeMirrored(states, s, out, at) {
    addMirrored(pixels, states, toShowAt(s, PICTURES, 0), out, at, -1);
    addMirrored(pixels, states, toShowAt(s, PICTURES, 1), out, at, 1);
  },
};
