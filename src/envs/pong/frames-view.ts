import { Box } from "../../spaces/index.ts";
import { shownAt, toShowAt } from "./picture.ts";
import { addMirrored, addPicture, clearPicture, sampling } from "./sampling.ts";
import type { PongView } from "./view.ts";

const SIZE = 84;
const PIXELS = SIZE * SIZE;
const PICTURES = 4;

/** Of the court's 160 rows and columns, the 84 whose middles are nearest to evenly spread ones. */
const spread = Array.from({ length: SIZE }, (_, i) => Math.floor(((i + 0.5) * 160) / SIZE));
const pixels = sampling(spread, spread);

/**
 * `[4, 84, 84]`: the last four pictures, oldest first; 1 where a paddle or the ball is, 0 elsewhere. At the start of a game the
 * first picture stands in for those before it.
 *
 * The size and the stack are those of Mnih et al. (2015). Theirs is the whole screen in shades of grey; this is the court in
 * black and white, so that almost everything is 0 and a byte holds the rest.
 */
export const framesView: PongView = {
  space: new Box(0, 1, [PICTURES, SIZE, SIZE], "uint8"),
  pictures: PICTURES,
  isStack: true,
  write(states, s, out, at) {
    for (let i = 0; i < PICTURES; i++) clearPicture(pixels, states, shownAt(s, i), out, at + i * PIXELS);
    for (let i = 0; i < PICTURES; i++) {
      addPicture(pixels, states, toShowAt(s, PICTURES, i), out, at + i * PIXELS, 1);
    }
  },
  writeMirrored(states, s, out, at) {
    for (let i = 0; i < PICTURES; i++) {
      addMirrored(pixels, states, toShowAt(s, PICTURES, i), out, at + i * PIXELS, 1);
    }
  },
};
