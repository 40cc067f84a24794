import { FormatError } from "../../errors.ts";
import type { Json } from "../env.ts";
import { packArray, readRecord, unpackArray } from "../packing.ts";

/**
 * Mean and population variance of a stream of rows, updated batch by batch.
 *
 * Two sets of moments merge by Chan, Golub & LeVeque (1979), "Updating formulae and a pairwise algorithm for computing
 * sample variances", eq. 2.1. The count starts at a small number instead of 0, as in Stable-Baselines3's
 * `RunningMeanStd`, so that the variance before the first batch is 1.
 */
export class RunningMeanStd {
  /** `[size]` */
  readonly mean: Float64Array;
  /** `[size]` population variance */
  readonly variance: Float64Array;
  /** Rows seen, plus the initial count. */
  count: number;
  readonly #batchMean: Float64Array;
  readonly #batchVariance: Float64Array;

  constructor(size: number, initialCount = 1e-4) {
    this.mean = new Float64Array(size);
    this.variance = new Float64Array(size).fill(1);
    this.count = initialCount;
    this.#batchMean = new Float64Array(size);
    this.#batchVariance = new Float64Array(size);
  }

  /**
   * Takes in `rows` rows.
   * @param values `[rows, size]`
   */
  update(values: ArrayLike<number>, rows: number): void {
    const size = this.mean.length;
    const mean = this.#batchMean.fill(0);
    const variance = this.#batchVariance.fill(0);
    for (let row = 0, i = 0; row < rows; row++) for (let j = 0; j < size; j++) mean[j] += values[i++];
    for (let j = 0; j < size; j++) mean[j] /= rows;
    for (let row = 0, i = 0; row < rows; row++) {
      for (let j = 0; j < size; j++) {
        const deviation = values[i++] - mean[j];
        variance[j] += deviation * deviation;
      }
    }
    for (let j = 0; j < size; j++) variance[j] /= rows;
    this.#merge(mean, variance, rows);
  }

  /** Takes in what another stream has seen. */
  merge(other: RunningMeanStd): void {
    this.#merge(other.mean, other.variance, other.count);
  }

  /**
   * out = (values − mean) / √(variance + epsilon), limited to −clip … clip.
   * @param values `[rows, size]`
   * @param out `[rows, size]`, may be `values`
   */
  normalize(
    values: ArrayLike<number>,
    out: Float32Array | Float64Array,
    rows: number,
    epsilon: number,
    clip: number,
  ): void {
    const size = this.mean.length;
    for (let j = 0; j < size; j++) {
      const mean = this.mean[j];
      const deviation = Math.sqrt(this.variance[j] + epsilon);
      for (let row = 0, i = j; row < rows; row++, i += size) {
        out[i] = Math.min(Math.max((values[i] - mean) / deviation, -clip), clip);
      }
    }
  }

  state(): Json {
    return { mean: packArray(this.mean), variance: packArray(this.variance), count: this.count };
  }

  /** @throws FormatError, leaving everything as it was, where `state` is not what `state()` gave */
  restore(state: Json): void {
    const { mean, variance, count } = readRecord("running statistics", state);
    if (typeof count !== "number" || !(count > 0 && count < Number.POSITIVE_INFINITY)) {
      throw new FormatError({ field: "running statistics.count", value: count, allowed: "a positive number" });
    }
    const [means, variances] = [new Float64Array(this.mean.length), new Float64Array(this.mean.length)];
    unpackArray("running statistics.mean", mean, means);
    unpackArray("running statistics.variance", variance, variances);
    // A policy that reads observations through NaN still acts, and nobody notices.
    if (means.some(Number.isNaN)) {
      throw new FormatError({ field: "running statistics.mean", value: means, allowed: "made of numbers" });
    }
    if (!variances.every((v) => v >= 0)) {
      throw new FormatError({ field: "running statistics.variance", value: variances, allowed: "at least 0" });
    }
    this.mean.set(means);
    this.variance.set(variances);
    this.count = count;
  }

  #merge(mean: Float64Array, variance: Float64Array, count: number): void {
    const total = this.count + count;
    for (let j = 0; j < mean.length; j++) {
      const delta = mean[j] - this.mean[j];
      const squares =
        this.variance[j] * this.count + variance[j] * count + (delta * delta * this.count * count) / total;
      this.mean[j] += (delta * count) / total;
      this.variance[j] = squares / total;
    }
    this.count = total;
  }
}
