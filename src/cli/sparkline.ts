const BARS = "▁▂▃▄▅▆▇█";

/** Number of bars at most. */
const WIDTH = 16;

/** A row of numbers as a row of bars, from the lowest to the highest; when there are too many, neighbours are averaged. */
export class Sparkline {
  readonly #bars: number[] = [];
  /** How many numbers one bar stands for. */
  #perBar = 1;
  #sum = 0;
  #count = 0;

  add(value: number): void {
    this.#sum += value;
    this.#count++;
    if (this.#count < this.#perBar) return;
    this.#bars.push(this.#sum / this.#count);
    this.#sum = 0;
    this.#count = 0;
    if (this.#bars.length < 2 * WIDTH) return;
    for (let i = 0; i < WIDTH; i++) this.#bars[i] = (this.#bars[2 * i] + this.#bars[2 * i + 1]) / 2;
    this.#bars.length = WIDTH;
    this.#perBar *= 2;
  }

  /** At most 16 bars; none before the first number. */
  text(): string {
    const bars = this.#bars.length <= WIDTH ? this.#bars : halved(this.#bars);
    const low = Math.min(...bars);
    const range = Math.max(...bars) - low;
    return bars.map((bar) => BARS[range > 0 ? Math.round(((bar - low) / range) * (BARS.length - 1)) : 0]).join("");
  }
}

function halved(values: readonly number[]): number[] {
  return Array.from({ length: Math.ceil(values.length / 2) }, (_, i) => {
    const pair = values.slice(2 * i, 2 * i + 2);
    return pair.reduce((sum, value) => sum + value, 0) / pair.length;
  });
}
