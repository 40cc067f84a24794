import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type Signal = (typeof SIGNALS)[number];

/** Below this many milliseconds, two signals are one key press: npm passes on what its child got from the terminal already. */
const SAME_PRESS = 500;

/** Signals that ask to stop: the first one politely, a second one at once. */
export class Interrupt {
  readonly #onFirst: () => void;
  readonly #onSecond: () => void;
  #signal: Signal | undefined;
  #notedAt = 0;

  constructor(handlers: { first(): void; second(): void }) {
    this.#onFirst = handlers.first;
    this.#onSecond = handlers.second;
    for (const signal of SIGNALS) process.on(signal, this.#note);
  }

  /** The signal that came first, if one did. */
  get signal(): Signal | undefined {
    return this.#signal;
  }

  /** What a shell reports for a process that this signal ended: 130 for Ctrl-C. */
  get exitCode(): number {
    return this.#signal ? 128 + constants.signals[this.#signal] : 0;
  }

  /** Ends the process as the signal by itself would have. */
  endProcess(): void {
    this.dispose();
    if (this.#signal) process.kill(process.pid, this.#signal);
  }

  /** Gives signals back to the system, whose own way is to end the process. */
  dispose(): void {
    for (const signal of SIGNALS) process.off(signal, this.#note);
  }

  readonly #note = (signal: NodeJS.Signals): void => {
    if (this.#signal === undefined) {
      this.#signal = signal as Signal;
      this.#notedAt = performance.now();
      this.#onFirst();
    } else if (performance.now() - this.#notedAt > SAME_PRESS) {
      this.#onSecond();
    }
  };
}
