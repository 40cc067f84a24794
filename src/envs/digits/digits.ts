/**
 * Digits: say which digit an image of handwriting shows. One image, one answer, reward 1 where it is right: a contextual bandit,
 * in which whoever learns from rewards is never told what the right answer would have been. It is also in `labels`, for
 * supervised learning, so that the two can be compared on the same images with the same network.
 *
 * Data: the test set of "Optical Recognition of Handwritten Digits", E. Alpaydin and C. Kaynak 1998, UCI Machine Learning
 * Repository, licence CC BY 4.0 (images.ts). 1797 images of 13 writers; every fifth one is held out: Digits-v0 shows the other 1438,
 * DigitsUnseen-v0 those 359 alone, without labels. The same writers are in both.
 *
 * state: number of the image, the answer given last (only drawn; −1 before)
 * observation: 8 × 8 pixels row by row, 0 (paper) … 1 (ink)
 */

import { Box, Discrete } from "../../spaces/index.ts";
import { COLORS, fillPolygon, scene } from "../drawing.ts";
import type { DynamicsWithNumbers } from "../dynamics.ts";
import { dynamicsSpec } from "../dynamics-spec.ts";
import type { LabelledExamples } from "../labels.ts";
import { readOptions } from "../options.ts";
import { digitImages, PIXELS } from "./decode.ts";

const SIDE = 8;
const INK = 16;

/** Numbers of the images that are held out, or of the others. */
function imagesOf(isHeldOut: boolean): number[] {
  return Array.from({ length: digitImages().count }, (_, i) => i).filter((i) => (i % 5 === 4) === isHeldOut);
}

let kept: LabelledExamples | undefined;

/** Made once, for all environments. */
function heldOut(): LabelledExamples {
  if (kept) return kept;
  const numbers = imagesOf(true);
  const observations = new Float32Array(numbers.length * PIXELS);
  numbers.forEach((number, i) => {
    show(number, observations, i);
  });
  kept = { observations, labels: Int32Array.from(numbers, (number) => digitImages().labels[number]) };
  return kept;
}

function show(number: number, observations: Float32Array, row: number): void {
  const { pixels } = digitImages();
  for (let i = 0; i < PIXELS; i++) observations[row * PIXELS + i] = pixels[number * PIXELS + i] / INK;
}

/** @param isHeldOut whether it shows the images that are held out, instead of the others */
function digits(id: string, isHeldOut: boolean, given: Record<string, never>): DynamicsWithNumbers<number> {
  readOptions(id, given, {});
  const numbers = imagesOf(isHeldOut);
  const { labels } = digitImages();
  return {
    stateSize: 2,
    observationSpace: new Box(0, 1, [SIDE, SIDE]),
    actionSpace: new Discrete(10),
    // Whoever learned from the labels of what is held out would be tested on what it learned.
    ...(!isHeldOut && {
      labels: {
        write(states, written, from, to) {
          for (let n = from; n < to; n++) written[n] = labels[states[2 * n]];
        },
        heldOut: heldOut(),
      },
    }),

    start(states, offset, random): void {
      states[offset] = numbers[random.integer(numbers.length)];
      states[offset + 1] = -1;
    },

    advance(states, actions, rewards, terminated, count): void {
      for (let n = 0; n < count; n++) {
        rewards[n] = actions[n] === labels[states[2 * n]] ? 1 : 0;
        states[2 * n + 1] = actions[n];
        terminated[n] = 1;
      }
    },

    observe(states, observations, from, to): void {
      for (let n = from; n < to; n++) show(states[2 * n], observations, n);
    },

    draw: drawDigit,
  };
}

const SOURCE = "Alpaydin & Kaynak 1998, Optical Recognition of Handwritten Digits, UCI, CC BY 4.0";

/** Registry entry. */
export const digitsSpec = dynamicsSpec(
  {
    id: "Digits-v0",
    maxEpisodeSteps: 1,
    evaluationEnv: "DigitsUnseen-v0",
    description: "Say which digit an image of real handwriting shows: one image, one answer.",
    source: SOURCE,
  },
  (options: Record<string, never>) => digits("Digits-v0", false, options),
);

/** Registry entry. */
export const digitsUnseenSpec = dynamicsSpec(
  {
    id: "DigitsUnseen-v0",
    maxEpisodeSteps: 1,
    description: "The images that Digits-v0 never shows, to test what was learned there.",
    source: SOURCE,
  },
  (options: Record<string, never>) => digits("DigitsUnseen-v0", true, options),
);

/** The image, and below it a place for each digit from 0 to 9: the answer given is blue where it was right, else red. */
function drawDigit(canvas: CanvasRenderingContext2D, [number, answer]: Float64Array): void {
  const { pixels, labels } = digitImages();
  scene(canvas, 400, 460, () => {
    for (let i = 0; i < PIXELS; i++) {
      const ink = pixels[number * PIXELS + i];
      if (ink === 0) continue;
      const [x, y] = [40 * (1 + (i % SIDE)), 40 * (1 + Math.floor(i / SIDE))];
      canvas.globalAlpha = ink / INK;
      fillPolygon(canvas, [x, y, x + 40, y, x + 40, y + 40, x, y + 40], COLORS.ink);
    }
    canvas.globalAlpha = 1;
    for (let digit = 0; digit < 10; digit++) {
      const x = 40 + 32 * digit;
      const given = labels[number] === digit ? COLORS.driven : COLORS.goal;
      fillPolygon(canvas, [x + 4, 390, x + 28, 390, x + 28, 414, x + 4, 414], COLORS.ground);
      if (digit === answer) fillPolygon(canvas, [x + 4, 390, x + 28, 390, x + 28, 414, x + 4, 414], given, 6);
    }
  });
}
