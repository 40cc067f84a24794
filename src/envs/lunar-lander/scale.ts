/** Sizes that everything else is given in. Lengths are in metres of the physics; the picture is 600 × 400 pixels. */

/** Pixels per metre. */
export const SCALE = 30;
/** Of the picture [m]. */
export const WIDTH = 600 / SCALE;
export const HEIGHT = 400 / SCALE;
/** Steps per second. */
export const FPS = 50;
