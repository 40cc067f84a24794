/** Pictures as an animated GIF (GIF89a, CompuServe 1990): of every picture but the first, the box that changed is kept. */

import type { Gifenc } from "./libraries.ts";
import { Colors, choosePalette } from "./palette.ts";

/** One colour of the 256 says that a pixel stays as it was. */
const COLORS = 255;
const UNCHANGED = 0xffff;
/** A graphic control extension is so long; what follows are an image's separator, and then its place. */
const CONTROL_BYTES = 8;
/** Leave the frame where it is, and draw the next one over it. */
const KEEP = 1;

interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** `[height, width]` numbers of colours, or UNCHANGED. */
  readonly pixels: Uint16Array;
  seconds: number;
}

export class GifAnimation {
  readonly #width: number;
  readonly #height: number;
  readonly #colors = new Colors();
  readonly #frames: Frame[] = [];
  #last: Uint32Array | undefined;
  #seconds = 0;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
  }

  /** Different pictures so far. */
  get frames(): number {
    return this.#frames.length;
  }

  /** How long it is. */
  get seconds(): number {
    return this.#seconds;
  }

  /**
   * Adds a picture; one that is equal to the last makes that longer.
   * @param pixels `[height, width, 4]` RGBA
   * @param seconds how long it is shown
   */
  add(pixels: Uint8ClampedArray, seconds: number): void {
    const picture = new Uint32Array(pixels.slice().buffer);
    const box = this.#changed(picture);
    const last = this.#last;
    this.#last = picture;
    if (box === undefined) {
      this.hold(seconds);
      return;
    }
    const { x, y, width, height } = box;
    const numbers = new Uint16Array(width * height);
    for (let row = 0, i = 0; row < height; row++) {
      for (let column = 0, at = (y + row) * this.#width + x; column < width; column++, i++, at++) {
        numbers[i] = last && last[at] === picture[at] ? UNCHANGED : this.#colors.number(picture[at]);
      }
    }
    this.#frames.push({ ...box, pixels: numbers, seconds: 0 });
    this.hold(seconds);
  }

  /** Shows the last picture longer. */
  hold(seconds: number): void {
    const last = this.#frames.at(-1);
    if (!last) return;
    last.seconds += seconds;
    this.#seconds += seconds;
  }

  /** The file's bytes. It repeats for ever. */
  encode(gifenc: Gifenc): Uint8Array {
    const { colors, indices } = choosePalette(this.#colors, COLORS, gifenc);
    const transparentIndex = colors.length;
    const palette = [...colors, [0, 0, 0] as const];
    const colorDepth = bits(palette.length);
    const encoder = gifenc.GIFEncoder();
    let [shown, begin] = [0, 0];
    for (const [i, { x, y, width, height, pixels, seconds }] of this.#frames.entries()) {
      const from = encoder.bytesView().length;
      // Hundredths of a second, rounded so that the whole keeps its length.
      begin += seconds;
      const hundredths = Math.round(100 * begin) - shown;
      shown += hundredths;
      encoder.writeFrame(
        Uint8Array.from(pixels, (number) => (number === UNCHANGED ? transparentIndex : indices[number])),
        width,
        height,
        {
          ...(i === 0 && { palette }),
          ...{ delay: 10 * hundredths, transparent: i > 0, transparentIndex, colorDepth, dispose: KEEP },
        },
      );
      if (i > 0) place(encoder.bytesView().subarray(from), x, y);
    }
    encoder.finish();
    return encoder.bytesView().slice();
  }

  /** The smallest box around what differs from the last picture; undefined if nothing does. */
  #changed(picture: Uint32Array): { x: number; y: number; width: number; height: number } | undefined {
    const [wide, high, last] = [this.#width, this.#height, this.#last];
    if (!last) return { x: 0, y: 0, width: wide, height: high };
    let [left, right, top, bottom] = [wide, -1, high, -1];
    for (let y = 0, at = 0; y < high; y++) {
      for (let x = 0; x < wide; x++, at++) {
        if (picture[at] === last[at]) continue;
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = y;
      }
    }
    return bottom < 0 ? undefined : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
  }
}

/** Moves a frame, which gifenc writes to 0, 0. */
function place(frame: Uint8Array, x: number, y: number): void {
  new DataView(frame.buffer, frame.byteOffset).setUint16(CONTROL_BYTES + 1, x, true);
  new DataView(frame.buffer, frame.byteOffset).setUint16(CONTROL_BYTES + 3, y, true);
}

/** How many bits number `count` things. */
function bits(count: number): number {
  return Math.max(1, 32 - Math.clz32(count - 1));
}
