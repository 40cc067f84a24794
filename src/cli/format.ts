/** Numbers for people. */

/** `51,200`. Not by `toLocaleString`, which loads the tables of all languages: 10 ms before the first update. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `391.2`, with fewer decimals where it is large and more where it is small. */
export function reward(value: number): string {
  return value.toFixed(decimals(Math.abs(value)));
}

/** `0.978 ± 0.020 (lowest 0.940, highest 1.000)`: all with the same number of decimals. */
export function rewards(returns: { mean: number; std: number; min: number; max: number }): string {
  const { mean, std } = returns;
  const digits = decimals(Math.max(Math.abs(mean), std));
  const [middle, spread, lowest, highest] = [mean, std, returns.min, returns.max].map((value) => value.toFixed(digits));
  return `${middle} ± ${spread} (lowest ${lowest}, highest ${highest})`;
}

function decimals(size: number): number {
  if (size >= 1000) return 0;
  return size >= 1 || size === 0 ? 1 : 3;
}

/** `5.93 s`. */
export function seconds(value: number): string {
  return value < 60 ? `${value.toFixed(value < 10 ? 2 : 1)} s` : duration(value);
}

/** `3 s`, `2:05`, `1:02:05`. */
export function duration(value: number): string {
  const total = Math.ceil(value);
  if (total < 60) return `${total} s`;
  const two = (part: number) => String(part).padStart(2, "0");
  const minutes = Math.floor(total / 60);
  const hours = Math.floor(minutes / 60);
  const clock = `${two(minutes % 60)}:${two(total % 60)}`;
  return hours > 0 ? `${hours}:${clock}` : clock.replace(/^0/, "");
}
