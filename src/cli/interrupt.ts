import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * A signal that asks to stop: the first one is noted, so that the iteration can be finished and saved; from then on the
 * system's own handling is back, and a second one ends the process at once.
 */
export class Interrupt {
  #signal: (typeof SIGNALS)[number] | undefined;

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

  /** Gives signals back to the system. */
  dispose(): void {
    for (const signal of SIGNALS) process.off(signal, this.#note);
  }

  readonly #note = (signal: NodeJS.Signals): void => {
    this.#signal ??= signal as (typeof SIGNALS)[number];
    this.dispose();
  };
}
