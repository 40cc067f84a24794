import { count } from "./format.ts";

/** Seconds between lines. */
const PAUSE = 0.2;

/** How many episodes are played: one line on a terminal, rewritten and gone in the end; elsewhere nothing. */
export class EpisodeStatus {
  readonly #stream: NodeJS.WriteStream;
  readonly #total: number;
  #shownAt = performance.now() / 1000;
  #isShown = false;

  constructor(stream: NodeJS.WriteStream, total: number) {
    this.#stream = stream;
    this.#total = total;
  }

  /** @param episode the one that is playing, from 0 */
  update(episode: number, step: number): void {
    if (!this.#stream.isTTY || process.env.TERM === "dumb") return;
    const now = performance.now() / 1000;
    if (now - this.#shownAt < PAUSE) return;
    this.#stream.write(`\r\u001b[2Kepisode ${episode + 1} of ${this.#total} · step ${count(step)}`);
    this.#shownAt = now;
    this.#isShown = true;
  }

  clear(): void {
    if (this.#isShown) this.#stream.write("\r\u001b[2K");
    this.#isShown = false;
  }
}
