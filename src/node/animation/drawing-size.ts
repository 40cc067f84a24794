import { recordingCanvas } from "../../envs/check/recording-canvas.ts";
import type { AnyEnv } from "../../envs/index.ts";

/** Pixels that a drawing gets at most. */
const WIDEST = 600;
const HIGHEST = 420;
/** Where a drawing does not say how it fits into a canvas. */
const DEFAULT = { width: 600, height: 400 };
/** Side of the canvas that is tried. */
const SIDE = 1000;

/**
 * How large a canvas for an environment should be, so that its drawing fills it.
 *
 * The built-in drawings fit themselves into a canvas and centre themselves there: what they leave free at the edges of a square tells
 * how wide and high they are. One that begins in another way takes what it gets.
 */
export function drawingSize(env: AnyEnv): { width: number; height: number } {
  const { canvas, calls } = recordingCanvas(SIDE, SIDE);
  env.render?.(canvas);
  const [first, second] = calls.filter(({ method }) => method === "translate" || method === "scale");
  if (first?.method !== "translate" || second?.method !== "scale") return DEFAULT;
  const [left, top] = first.args as [number, number];
  const isCentred = Math.min(left, top) === 0 && Math.max(left, top) < SIDE / 2;
  if (!isCentred) return DEFAULT;
  const [wide, high] = [SIDE - 2 * left, SIDE - 2 * top];
  const scale = Math.min(WIDEST / wide, HIGHEST / high);
  return { width: Math.round(wide * scale), height: Math.round(high * scale) };
}
