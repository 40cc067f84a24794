import { constants } from "node:os";
import { setTimeout } from "node:timers/promises";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type Signal = (typeof SIGNALS)[number];

/** Below this many milliseconds, two signals are one key press: npm passes on what its child got from the terminal already. */
const SAME_PRESS = 500;
/** Milliseconds that work has to come to a good end after a signal. */
const GRACE = 5_000;
/** Milliseconds that a thread has to end when it is told to: one that waits within the system cannot be ended alone. */
export const TERMINATION = 2_000;
/** After so many the user is told what is waited for. */
const PATIENCE = 500;

export interface InterruptHooks {
  /** Whether there is work whose end is worth a wait. */
  isBusy(): boolean;
  /** Called when the work has not ended at once. */
  waiting(sentence: string): void;
}

/** A signal that asks to stop: work may come to a good end for some seconds; then, or at a second signal, it is given up. */
export class Interrupt {
  /** `[1]`, shared with other threads: a number other than 0 asks to stop at the next good place. */
  readonly stop = new Int32Array(new SharedArrayBuffer(4));
  /** Settles when the work is to be given up. */
  readonly givenUp: Promise<void>;
  readonly #hooks: InterruptHooks;
  #giveUp: () => void = () => {};
  #signal: Signal | undefined;
  #notedAt = 0;

  constructor(hooks: InterruptHooks) {
    this.#hooks = hooks;
    this.givenUp = new Promise((resolve) => {
      this.#giveUp = resolve;
    });
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
      void this.#askToStop();
    } else if (performance.now() - this.#notedAt > SAME_PRESS) {
      this.#giveUp();
    }
  };

  async #askToStop(): Promise<void> {
    if (this.#hooks.isBusy()) {
      Atomics.store(this.stop, 0, 1);
      await setTimeout(PATIENCE, undefined, { ref: false });
      this.#hooks.waiting(`Finishing the iteration, for at most ${GRACE / 1000} s; once more stops at once.`);
      await setTimeout(GRACE - PATIENCE, undefined, { ref: false });
    }
    this.#giveUp();
  }
}
