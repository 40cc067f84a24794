/**
 * Values that change over a run, such as a learning rate: from a piece of JSON in the run's configuration to a function of
 * the progress that remains, which is 1 at the start and 0 at the end (Stable-Baselines3's convention).
 */

import { z } from "zod";
import { ConfigError } from "../errors.ts";
import { cos } from "../math/index.ts";

/**
 * A schedule's value when `progressRemaining` of the run is still to come, 1 at the start and 0 at the end. Beyond these
 * ends the value is that of the end: the last rollout overshoots `steps`, and a learning rate must not turn negative there.
 */
export type Schedule = (progressRemaining: number) => number;

const FORMS =
  'a number, "lin_0.001", {"schedule":"linear","from":a,"to":b}, {"schedule":"cosine","from":a,"to":b} (to is 0 if left ' +
  'out) or {"schedule":"piecewise","points":[[progress,value],…]} with progress rising within 0 … 1';

const forms = z.union([
  z.number(),
  z
    .string()
    .regex(/^lin_[0-9]*\.?[0-9]+(e[+-]?[0-9]+)?$/i)
    .refine((text) => Number.isFinite(startOfLine(text))),
  z.strictObject({ schedule: z.enum(["linear", "cosine"]), from: z.number(), to: z.number().optional() }),
  z.strictObject({
    schedule: z.literal("piecewise"),
    points: z
      .array(z.tuple([z.number().min(0).max(1), z.number()]))
      .min(1)
      .refine(isRising),
  }),
]);

/** What {@link scheduleSchema} accepts. */
export type ScheduleSpec = z.infer<typeof forms>;

/**
 * A schedule as a run's configuration holds it:
 * - a number: the same value throughout;
 * - `"lin_0.001"`: from 0.001 to 0 in a straight line (the short form of rl-baselines3-zoo);
 * - `linear`: from `from` to `to` (default 0) in a straight line;
 * - `cosine`: from `from` to `to` (default 0) along half a cosine period (Loshchilov & Hutter 2017, "SGDR", equation 5,
 *   without restarts);
 * - `piecewise`: straight lines between `[progress, value]` points, where progress runs from 0 at the start to 1 at the end;
 *   constant before the first point and after the last.
 *
 * Whatever is wrong, there is one issue, whose message lists these forms (a union alone would report a sub-field of one).
 */
export const scheduleSchema = z
  .custom<ScheduleSpec>((value) => forms.safeParse(value).success, { error: `must be ${FORMS}` })
  .pipe(forms);

/**
 * The function that a schedule's JSON stands for.
 * @throws ConfigError if `spec` is not of the forms that {@link scheduleSchema} lists.
 */
export function makeSchedule(spec: ScheduleSpec): Schedule {
  const parsed = scheduleSchema.safeParse(spec);
  if (!parsed.success) throw new ConfigError({ field: "schedule", value: spec, allowed: FORMS });
  const shape = shapeOf(parsed.data);
  return (progressRemaining) => shape(Math.min(1, Math.max(0, progressRemaining)));
}

/** The smallest value of a schedule; all of its forms run between the values that they name. */
export function lowestOf(spec: ScheduleSpec): number {
  if (typeof spec === "number") return spec;
  if (typeof spec === "string") return 0;
  if (spec.schedule === "piecewise") return spec.points.reduce((least, [, value]) => Math.min(least, value), Infinity);
  return Math.min(spec.from, spec.to ?? 0);
}

/** The largest value of a schedule. */
export function highestOf(spec: ScheduleSpec): number {
  if (typeof spec === "number") return spec;
  if (typeof spec === "string") return startOfLine(spec);
  if (spec.schedule === "piecewise") return spec.points.reduce((most, [, value]) => Math.max(most, value), -Infinity);
  return Math.max(spec.from, spec.to ?? 0);
}

function shapeOf(spec: ScheduleSpec): Schedule {
  if (typeof spec === "number") return () => spec;
  if (typeof spec === "string") return linear(startOfLine(spec), 0);
  if (spec.schedule === "piecewise") return piecewise(spec.points);
  return (spec.schedule === "linear" ? linear : cosine)(spec.from, spec.to ?? 0);
}

/** 0.001 of "lin_0.001". */
function startOfLine(text: string): number {
  return Number(text.slice("lin_".length));
}

function linear(from: number, to: number): Schedule {
  return (remaining) => mix(from, to, remaining);
}

function cosine(from: number, to: number): Schedule {
  return (remaining) => mix(from, to, (1 + cos(Math.PI * (1 - remaining))) / 2);
}

function piecewise(points: readonly (readonly [progress: number, value: number])[]): Schedule {
  return (remaining) => {
    const progress = 1 - remaining;
    const next = points.findIndex(([at]) => at > progress);
    if (next === 0) return points[0]![1];
    if (next === -1) return points[points.length - 1]![1];
    const [begin, from] = points[next - 1]!;
    const [end, to] = points[next]!;
    return mix(from, to, (end - progress) / (end - begin));
  };
}

/** `weight` of `from` and the rest of `to`, in the form that is exact at both ends. */
function mix(from: number, to: number, weight: number): number {
  return from * weight + to * (1 - weight);
}

function isRising(points: readonly (readonly [number, number])[]): boolean {
  return points.every(([at], i) => i === 0 || at > points[i - 1]![0]);
}
