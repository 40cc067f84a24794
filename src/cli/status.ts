/** How a run is going: one line that is rewritten on a terminal, now and then a plain line elsewhere. */

import { count, duration, reward } from "./format.ts";
import type { Progress } from "./messages.ts";
import { Sparkline } from "./sparkline.ts";

/** Seconds between lines. */
const TERMINAL_PAUSE = 0.1;
const PLAIN_PAUSE = 2;

export class Status {
  readonly #stream: NodeJS.WriteStream;
  /** Steps to train for. */
  total: number;
  /** Whether the line can be written over. */
  readonly #rewrites: boolean;
  readonly #returns = new Sparkline();
  readonly #clock: () => number;
  #last: Progress | undefined;
  #shownAt: number;
  #isShown = true;

  /** @param clock seconds */
  constructor(stream: NodeJS.WriteStream, total: number, clock: () => number = () => performance.now() / 1000) {
    this.#stream = stream;
    this.total = total;
    this.#clock = clock;
    this.#rewrites = stream.isTTY && process.env.TERM !== "dumb";
    this.#shownAt = this.#rewrites ? Number.NEGATIVE_INFINITY : clock();
  }

  /** Notes how far the run is, and shows it where the last line is old enough. */
  update(progress: Progress): void {
    if (progress.return !== undefined) this.#returns.add(progress.return);
    this.#last = progress;
    this.#isShown = false;
    if (this.#clock() - this.#shownAt >= (this.#rewrites ? TERMINAL_PAUSE : PLAIN_PAUSE)) this.#show();
  }

  /** Shows the last state and leaves the line standing. */
  finish(): void {
    if (!this.#isShown) this.#show();
    if (this.#last && this.#rewrites) this.#stream.write("\n");
    this.#last = undefined;
    this.#isShown = true;
  }

  #show(): void {
    if (!this.#last) return;
    // A terminal that does not know its size says 0.
    const columns = this.#stream.columns || 80;
    const isTTY = this.#rewrites;
    // The last column stays free: some terminals wrap as soon as it is written.
    const line = statusLine(this.#last, this.total, this.#returns, isTTY ? columns - 1 : Number.POSITIVE_INFINITY);
    this.#stream.write(isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
    this.#shownAt = this.#clock();
    this.#isShown = true;
  }
}

/** `51,200/100,000 steps · return 391.2 ▁▂▃▅▇ · 16,600 steps/s · 3 s left`, less where it does not fit into `width`. */
export function statusLine(progress: Progress, total: number, returns: Sparkline, width: number): string {
  const steps = `${count(progress.step)}/${count(total)} steps`;
  const speed = progress.speed > 0 ? `${count(progress.speed)} steps/s` : "";
  const remaining = (total - progress.step) / progress.speed;
  const left = !progress.done && remaining > 0 && Number.isFinite(remaining) ? `${duration(remaining)} left` : "";
  const recent = progress.return === undefined ? "" : `return ${reward(progress.return)}`;
  const choices = [
    [steps, recent && `${recent} ${returns.text()}`, speed, left],
    [steps, recent, speed, left],
    [steps, recent, left],
    [steps, recent],
    [steps],
  ].map((parts) => parts.filter((part) => part !== "").join(" · "));
  return choices.find((line) => line.length <= width) ?? steps.slice(0, Math.max(0, width));
}
