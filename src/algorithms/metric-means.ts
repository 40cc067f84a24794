import type { Metrics } from "./algorithm.ts";

/** Averages of what an update measures at each of its gradient steps. */
export class MetricMeans {
  readonly #sums = new Map<string, { sum: number; count: number }>();

  add(measured: Metrics): void {
    for (const name in measured) {
      const entry = this.#sums.get(name);
      if (entry === undefined) this.#sums.set(name, { sum: measured[name]!, count: 1 });
      else {
        entry.sum += measured[name]!;
        entry.count++;
      }
    }
  }

  result(): Metrics {
    return Object.fromEntries([...this.#sums].map(([name, { sum, count }]) => [name, sum / count]));
  }
}
