/** What the runs of several seeds say together. */

import { bootstrapInterval, interquartileMean } from "../estimators/index.ts";
import { Key } from "../random/index.ts";
import { count, reward, seconds } from "./format.ts";
import type { TrainResult } from "./messages.ts";

/** Over the seeds' mean evaluation returns. */
export interface OverSeeds {
  readonly mean: number;
  /** Population standard deviation. */
  readonly std: number;
  readonly interquartileMean: number;
  /** 95 % bootstrap interval of the interquartile mean. */
  readonly interval: readonly [low: number, high: number];
  readonly min: number;
  readonly max: number;
}

/** null where no seed was evaluated. */
export function overSeeds(results: readonly TrainResult[]): OverSeeds | null {
  const means = results.flatMap(({ evaluation }) => evaluation?.mean ?? []);
  if (means.length === 0) return null;
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
  const variance = means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / means.length;
  const random = Key.fromSeed(0).split("interval over seeds").stream();
  return {
    mean,
    std: Math.sqrt(variance),
    interquartileMean: interquartileMean(means),
    interval: bootstrapInterval(means, interquartileMean, random),
    min: Math.min(...means),
    max: Math.max(...means),
  };
}

/** A row for each seed, and a last line for all. */
export function seedsTable(results: readonly TrainResult[], summary: OverSeeds | null): string {
  const rows = results.map(({ seed, steps, seconds: time, evaluation }) => [
    ...[String(seed), count(steps), seconds(time)],
    ...(evaluation ? [evaluation.mean, evaluation.std].map(reward) : ["", ""]),
  ]);
  const cells = [["seed", "steps", "time", "return", "± std"], ...rows];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const lines = cells.map((row) => row.map((cell, column) => cell.padStart(widths[column]!)).join("  "));
  if (summary) {
    const [low, high] = summary.interval.map(reward);
    const spread = `95 % interval ${low} to ${high}`;
    lines.push(`mean ${reward(summary.mean)} · interquartile mean ${reward(summary.interquartileMean)} (${spread})`);
  }
  const missing = results.filter(({ evaluation }) => evaluation === null).length;
  if (missing > 0) lines.push(`Without ${missing} of ${results.length} seeds, which could not be evaluated.`);
  return lines.join("\n");
}
