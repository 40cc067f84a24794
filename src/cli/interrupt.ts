import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type Signal = (typeof SIGNALS)[number];

/** Below this many milliseconds, two signals are one key press: npm passes on what its child got from the terminal already. */
const SAME_PRESS = 500;

/**
 * A signal that asks to stop: the first one is noted, so that the iteration can be finished and saved; a second one ends
 * the process at once. (A handler runs between iterations: that is how long either may have to wait.)
 */
export class Interrupt {
  #signal: Signal | undefined;
  #notedAt = 0;

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#note);
  }

  /** The signal that came, if one did. */
  get signal(): string | undefined {
    return this.#signal;
  }

  /** What a shell reports for a process that this signal ended: 130 for Ctrl-C. */
  get exitCode(): number {
    return this.#signal ? 128 + constants.signals[this.#signal] : 0;
  }

  /** Gives signals back to the system, whose own way is to end the process. */
  dispose(): void {
    for (const signal of SIGNALS) process.off(signal, this.#note);
  }

  readonly #note = (signal: NodeJS.Signals): void => {
    if (this.#signal === undefined) {
      this.#signal = signal as Signal;
      this.#notedAt = performance.now();
    } else if (performance.now() - this.#notedAt > SAME_PRESS) {
      process.exit(this.exitCode);
    }
  };
}
