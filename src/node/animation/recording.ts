/** Episodes as an animation: what `evaluate` plays, drawn as it goes on. */

import { callEnv } from "../../envs/contract.ts";
import { type AnyEnv, envDescription, envIds, type Json, makeEnv } from "../../envs/index.ts";
import { ConfigError, refuseUnknown } from "../../errors.ts";
import type { EvaluationMoment } from "../../training/index.ts";
import { atomicWrite } from "../atomic-write.ts";
import { drawingSize } from "./drawing-size.ts";
import { GifAnimation } from "./gif.ts";
import { type AnimationLibraries, loadAnimationLibraries } from "./libraries.ts";

/** Pictures per second at most: browsers slow down what is faster than 50, and more than 30 only makes a file larger. */
const MOST_PER_SECOND = 30;
/** Where an environment knows no time, slow enough to see every step. */
const STEPS_PER_SECOND = 4;
/** An environment of one's own, of which nothing is known. */
const OWN_STEPS_PER_SECOND = 30;
/** How long the end of an episode is shown, or the last picture. */
const PAUSE = 1;

export interface RecordingOptions {
  /** The registered id of what is played; left out for an environment of one's own. */
  readonly env?: string;
  /** Nothing is recorded after so many seconds of the animation. Default 30. */
  readonly seconds?: number;
  /** Frames that the environment plays in a second. Default: what a registered one says, or 30. */
  readonly fps?: number;
  /** Pixels; both or none. Default: the drawing's own proportions, at most 600 × 420. */
  readonly width?: number;
  readonly height?: number;
}

const OPTIONS: readonly (keyof RecordingOptions)[] = ["env", "seconds", "fps", "width", "height"];

/**
 * Records episodes while they are played:
 *
 *     const recording = await openRecording({ env: "Pong-v0" });
 *     evaluate(policy, { env: "Pong-v0", episodes: 1, watch: recording.watch });
 *     recording.save("pong.gif");
 *
 * @throws ConfigError for a wrong option, and where the libraries that draw are not installed
 */
export async function openRecording(options: RecordingOptions = {}): Promise<Recording> {
  refuseUnknown("openRecording", options, OPTIONS);
  for (const field of ["seconds", "fps", "width", "height"] as const) {
    const value = options[field];
    const isSize = field === "width" || field === "height";
    if (value === undefined || (value > 0 && value < 65_536 && (!isSize || Number.isInteger(value)))) continue;
    const allowed = isSize ? "an integer from 1 to 65535" : "a positive number below 65536";
    throw new ConfigError({ field, value, allowed });
  }
  if ((options.width === undefined) !== (options.height === undefined)) {
    throw new ConfigError("width and height must be given together, or neither of them");
  }
  return new Recording(options, await loadAnimationLibraries());
}

/** What `openRecording` makes. */
export class Recording {
  readonly #options: RecordingOptions;
  readonly #libraries: AnimationLibraries;
  readonly #limit: number;
  /** What messages call the environment. */
  readonly #name: string;
  /** Of the environment. */
  readonly #fps: number;
  /** Every so many frames are drawn. */
  readonly #stride: number;
  readonly #perStep: number;
  /** Plays the frames between two steps, from the state before them. */
  readonly #between: AnyEnv | undefined;
  #before: Json = null;
  #canvas: CanvasRenderingContext2D | undefined;
  #gif: GifAnimation | undefined;
  /** Of the episode. */
  #frame = 0;
  #drawn = 0;
  #episodes = 0;
  #isFull = false;

  /** @internal */
  constructor(options: RecordingOptions, libraries: AnimationLibraries) {
    this.#options = options;
    this.#libraries = libraries;
    this.#limit = options.seconds ?? 30;
    this.#name = options.env ?? "the environment";
    const about = options.env !== undefined && envIds().includes(options.env) ? envDescription(options.env) : undefined;
    this.#fps = options.fps ?? (about ? (about.renderFps ?? STEPS_PER_SECOND) : OWN_STEPS_PER_SECOND);
    this.#stride = Math.ceil(this.#fps / MOST_PER_SECOND);
    const frames = about?.renderFrames;
    this.#perStep = frames?.perStep ?? 1;
    this.#between = frames && makeEnv(about!.id, { ...frames.options });
  }

  /** To be given to `evaluate`. @throws ConfigError for an environment that does not draw itself */
  readonly watch = ({ env, step, action, isOver }: EvaluationMoment): void => {
    if (this.#isFull) return;
    if (step === 0) this.#begin(env);
    else this.#goOn(env, action, isOver);
    if (this.#between) this.#before = env.state?.() ?? null;
  };

  /** Pixels; 0 before anything was recorded. */
  get width(): number {
    return this.#canvas?.canvas.width ?? 0;
  }

  get height(): number {
    return this.#canvas?.canvas.height ?? 0;
  }

  /** Different pictures so far. */
  get frames(): number {
    return this.#gif?.frames ?? 0;
  }

  /** How long it plays. */
  get seconds(): number {
    return this.#gif?.seconds ?? 0;
  }

  /** Episodes of which something was recorded. */
  get episodes(): number {
    return this.#episodes;
  }

  /** Whether the recording is full, so that the end of the last of them may be missing. */
  get isCut(): boolean {
    return this.#isFull;
  }

  /** The animation as a GIF that repeats for ever. @throws ConfigError if nothing was recorded */
  bytes(): Uint8Array {
    if (!this.#gif) throw new ConfigError("a recording must have watched an episode before it is saved");
    return this.#gif.encode(this.#libraries.gifenc);
  }

  /** Writes the animation, whole or not at all. @returns its size in bytes @throws RunError where that is refused */
  save(path: string): number {
    const bytes = this.bytes();
    atomicWrite(path, bytes);
    return bytes.length;
  }

  #begin(env: AnyEnv): void {
    if (!this.#canvas) this.#open(env);
    this.#episodes++;
    this.#frame = this.#drawn = 0;
    this.#draw(env);
  }

  #open(env: AnyEnv): void {
    if (!env.render) throw new ConfigError(`${this.#name} does not draw itself: it must have render to be recorded`);
    const natural = callEnv("render", this.#name, () => drawingSize(env));
    const { width = natural.width, height = natural.height } = this.#options;
    this.#canvas = this.#libraries.createCanvas(width, height);
    this.#gif = new GifAnimation(width, height);
  }

  #goOn(env: AnyEnv, action: unknown, isOver: boolean): void {
    this.#between?.restore?.(this.#before);
    let isBetweenOver = false;
    for (let rest = this.#perStep - 1; rest >= 0 && !this.#isFull; rest--) {
      this.#frame++;
      if (rest > 0) isBetweenOver ||= this.#between!.step(action).terminated;
      const isDue = this.#frame % this.#stride === 0 && !isBetweenOver;
      if (rest > 0 ? isDue : isDue || isOver) this.#draw(rest > 0 ? this.#between! : env);
    }
    if (isOver && !this.#isFull) this.#gif!.hold(PAUSE);
  }

  #draw(env: AnyEnv): void {
    const [canvas, gif] = [this.#canvas!, this.#gif!];
    const { width, height } = canvas.canvas;
    // The last picture was shown until now; the shortest time is that of a stride.
    if (this.#frame > 0) gif.hold(Math.max(this.#frame - this.#drawn, this.#stride) / this.#fps);
    this.#drawn = this.#frame;
    canvas.clearRect(0, 0, width, height);
    callEnv("render", this.#name, () => env.render?.(canvas));
    gif.add(canvas.getImageData(0, 0, width, height).data, 0);
    // Sums of thirtieths are a little off.
    this.#isFull = gif.seconds >= this.#limit - 1e-6;
    if (this.#isFull) gif.hold(PAUSE);
  }
}
