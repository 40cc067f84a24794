import { ConfigError, ShapeError } from "../errors.ts";
import type { Random } from "../random/index.ts";

export interface BootstrapOptions {
  /** Share of the resampled statistics that lie within the interval; default 0.95. */
  readonly confidence?: number;
  /** Default 2000. */
  readonly resamples?: number;
}

/**
 * A percentile bootstrap interval (Efron 1979): the statistic of many samples that are drawn from the values with replacement,
 * without the outermost ones. With few values it is too narrow rather than too wide.
 * @returns the lower and the upper end
 * @throws ShapeError for no values, ConfigError for a confidence outside (0, 1) or less than 1 resample
 */
export function bootstrapInterval(
  values: ArrayLike<number>,
  statistic: (sample: Float64Array) => number,
  random: Random,
  { confidence = 0.95, resamples = 2000 }: BootstrapOptions = {},
): [low: number, high: number] {
  if (values.length === 0) throw new ShapeError({ field: "values", value: 0, allowed: "at least 1 number long" });
  if (!(confidence > 0 && confidence < 1)) {
    throw new ConfigError({ field: "confidence", value: confidence, allowed: "a number above 0 and below 1" });
  }
  if (!(Number.isSafeInteger(resamples) && resamples >= 1)) {
    throw new ConfigError({ field: "resamples", value: resamples, allowed: "a positive integer" });
  }
  const indices = new Int32Array(values.length);
  const sample = new Float64Array(values.length);
  const statistics = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    random.fillInteger(indices, values.length);
    for (let i = 0; i < sample.length; i++) sample[i] = values[indices[i]];
    statistics[r] = statistic(sample);
  }
  statistics.sort();
  const beyond = (1 - confidence) / 2;
  return [quantile(statistics, beyond), quantile(statistics, 1 - beyond)];
}

/** By linear interpolation between neighbours, as NumPy's default. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
