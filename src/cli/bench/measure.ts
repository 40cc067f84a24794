/** Timings that can be trusted on a noisy machine: warmed up, repeated, and the median of many samples. */

/** Median seconds per call of `fn` over `samples` samples of about `sampleSeconds` each, after as much warm-up. */
export function secondsPerCall(fn: () => void, { samples = 15, sampleSeconds = 0.05 } = {}): number {
  const timed = (calls: number) => {
    const start = performance.now();
    for (let i = 0; i < calls; i++) fn();
    return (performance.now() - start) / 1000;
  };
  let calls = 1;
  let warm = timed(calls);
  while (warm < sampleSeconds) {
    calls = Math.max(calls + 1, Math.ceil(calls * Math.min(10, (1.2 * sampleSeconds) / Math.max(warm, 1e-9))));
    warm = timed(calls);
  }
  for (let i = 0; i < 3; i++) timed(calls);
  return median(Array.from({ length: samples }, () => timed(calls) / calls));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
