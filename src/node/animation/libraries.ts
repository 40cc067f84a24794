/** What drawing and writing an animation need: two libraries that do not come with limpid. */

import { isMissing } from "../../envs/on-demand.ts";
import { ConfigError } from "../../errors.ts";

/** What is used of `gifenc`, which brings no types. */
export interface Gifenc {
  GIFEncoder(): {
    writeFrame(indices: Uint8Array, width: number, height: number, options: GifFrameOptions): void;
    finish(): void;
    /** What is written so far; the next frame may move it elsewhere. */
    bytesView(): Uint8Array;
  };
  /** A palette of at most `count` colours for pixels of four bytes. */
  quantize(rgba: Uint8Array, count: number): number[][];
}

interface GifFrameOptions {
  /** Of the first frame alone: all others share it. */
  readonly palette?: readonly Rgb[];
  /** Milliseconds. */
  readonly delay: number;
  readonly transparent: boolean;
  readonly transparentIndex: number;
  readonly colorDepth: number;
  readonly dispose: number;
}

/** Red, green and blue, 0 … 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

export interface AnimationLibraries {
  readonly gifenc: Gifenc;
  /** A canvas of `@napi-rs/canvas`, as environments draw on it. */
  createCanvas(width: number, height: number): CanvasRenderingContext2D;
}

/** As npm installs them. */
const NEEDS = ["@napi-rs/canvas@1.1.1", "gifenc@1.0.3"];

/** @throws ConfigError where one of them is not installed */
export async function loadAnimationLibraries(): Promise<AnimationLibraries> {
  try {
    const canvas = await import("@napi-rs/canvas");
    // @ts-expect-error It has no types: `Gifenc` says what is used of it.
    const module = (await import("gifenc")) as Gifenc | { default: Gifenc };
    // It is CommonJS: Node hands over its exports as one default, bundlers and vitest each by its name.
    const gifenc = "quantize" in module ? module : module.default;
    const createCanvas = (width: number, height: number) =>
      canvas.createCanvas(width, height).getContext("2d") as unknown as CanvasRenderingContext2D;
    return { gifenc, createCanvas };
  } catch (cause) {
    if (!NEEDS.some((library) => isMissing(library, cause))) throw cause;
    const fix = `npm install ${NEEDS.join(" ")}`;
    throw new ConfigError(`an animation needs libraries that are not installed: ${fix}`, { cause });
  }
}
