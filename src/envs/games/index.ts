/** Games of one choice or two, whose policy gradients can be worked out by hand. */
import { leftRightSpec } from "./left-right.ts";
import { stayOrStopSpec } from "./stay-or-stop.ts";
import { thresholdSpecs } from "./threshold.ts";

export const gameSpecs = [leftRightSpec, ...thresholdSpecs, stayOrStopSpec];
export { leftRight } from "./left-right.ts";
export { stayOrStop } from "./stay-or-stop.ts";
export { type SmoothThresholdOptions, smoothThreshold, threshold } from "./threshold.ts";
