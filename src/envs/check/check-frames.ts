import type { AnyEnv } from "../env.ts";
import type { Findings } from "./finding.ts";
import { Probe } from "./probe.ts";

const STEPS = 200;
const FIX = "Use frameStack, or leave stackedFrames out.";

/** Where observations are said to be stacks of frames, a replay buffer keeps one frame of each: they must be just that. */
export function checkFrames(env: AnyEnv, seed: number, findings: Findings): void {
  const { stackedFrames: depth } = env;
  if (depth === undefined) return;
  const width = env.observationSpace.flatSize / depth;
  if (!(Number.isInteger(width) && Number.isInteger(depth) && depth > 0)) {
    const message = `stackedFrames is ${depth}, which does not divide the ${env.observationSpace.flatSize} entries of an observation`;
    findings.add("error", "stackedFrames", message, FIX);
    return;
  }
  const probe = new Probe(env, findings, seed);
  const frame = (stack: Float32Array, i: number) => stack.subarray(i * width, (i + 1) * width);
  const isSame = (a: Float32Array, b: Float32Array) => a.every((value, i) => Object.is(value, b[i]));
  let stack: Float32Array | undefined;
  for (let t = 0; t < STEPS; t++) {
    const before = stack;
    const moment = before && probe.step().moment;
    const now = moment?.observation ?? probe.reset(t === 0 ? seed : undefined).observation;
    if (now.length === 0) return; // does not fit its space, which is a finding of its own
    for (let i = 0; i < depth - 1; i++) {
      const older = before ? frame(before, i + 1) : frame(now, depth - 1);
      if (isSame(frame(now, i), older)) continue;
      const message = before
        ? "stackedFrames is given, but the older frames of an observation are not the newer ones of that before"
        : "stackedFrames is given, but an episode does not begin with its first frame alone";
      findings.add("error", "stackedFrames", message, FIX);
      return;
    }
    stack = moment?.terminated || moment?.truncated ? undefined : now;
  }
}
