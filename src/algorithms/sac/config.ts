import { z } from "zod";
import * as field from "../config.ts";

/** What both kinds of soft actor-critic take of their own. */
export const softFields = {
  entCoef: z
    .union([z.literal("auto"), z.number().nonnegative()])
    .default("auto")
    .describe(
      'Temperature α: what a nat of entropy is worth in reward; "auto": learned. Usual: "auto", or 0.01 to 0.5.',
    ),
  targetUpdateInterval: field.count(
    1,
    "Gradient steps between moves of the target networks. Usual: 1, or 1000 with tau 1.",
  ),
};

/** The entropy that a learned temperature keeps the policy at. */
export function targetEntropyField(automatic: string) {
  return z
    .union([z.literal("auto"), z.number()])
    .default("auto")
    .describe(`Entropy in nats that a learned temperature keeps the policy at; "auto": ${automatic}.`);
}
