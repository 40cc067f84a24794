/**
 * `limpid train`: trains, shows how it goes, keeps the run, evaluates, and says what to do next. The training itself is in a
 * thread of its own (training-thread.ts); here are the terminal and the signals.
 */

import { setTimeout } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { ConfigError } from "../errors.ts";
import { DescribedFailure } from "./failure.ts";
import { count } from "./format.ts";
import { isGroup } from "./group-file.ts";
import { Interrupt, TERMINATION } from "./interrupt.ts";
import type { Begun, TrainCommandOptions, TrainingMessage, TrainingTask, TrainResult } from "./messages.ts";
import { Output } from "./output.ts";
import { Status } from "./status.ts";

export async function trainCommand(
  algorithm: string | undefined,
  env: string | undefined,
  options: TrainCommandOptions,
): Promise<number> {
  if (options.seeds !== undefined || (options.resume !== undefined && isGroup(options.resume))) {
    return (await import("./seeds.ts")).trainSeeds(algorithm, env, options);
  }
  if (options.workers !== undefined) {
    throw new ConfigError({ field: "--workers", value: options.workers, allowed: "left out without --seeds" });
  }
  return new Training({ algorithm, env, options }).end();
}

class Training {
  readonly #output: Output;
  readonly #worker: Worker;
  readonly #interrupt: Interrupt;
  readonly #startedAt = performance.now();
  #status: Status | undefined;
  #begun: Begun | undefined;
  /** Whether everything is trained and saved. */
  #isTrained = false;
  #result: TrainResult | undefined;
  #failure: Error | undefined;

  constructor(given: Pick<TrainingTask, "algorithm" | "env" | "options">) {
    this.#output = new Output(given.options.json);
    this.#interrupt = new Interrupt({
      isBusy: () => this.#begun !== undefined && !this.#isTrained,
      waiting: (sentence) => this.#sayWhileWaiting(sentence),
    });
    const workerData: TrainingTask = { ...given, script: process.argv[1], stop: this.#interrupt.stop };
    // What an environment prints goes where all words for people go.
    this.#worker = new Worker(new URL("./training-thread.js", import.meta.url), { workerData, stdout: true });
    this.#worker.stdout.pipe(this.#output.stream, { end: false });
    this.#worker.on("message", (message: TrainingMessage) => this.#hear(message));
  }

  /** Waits for the end. @returns the exit code */
  async end(): Promise<number> {
    try {
      const isGone = await this.#ending();
      this.#status?.finish();
      if (this.#result) this.#report(this.#result);
      else if (this.#failure) throw this.#failure;
      else if (this.#interrupt.signal) await this.#reportCut();
      else throw endedByEnvironment();
      if (!isGone) this.#interrupt.endProcess();
      return this.#isStopped ? this.#interrupt.exitCode : 0;
    } finally {
      this.#interrupt.dispose();
    }
  }

  /** @returns whether the thread is gone; one that waits within the system cannot be ended alone */
  async #ending(): Promise<boolean> {
    const ended = new Promise<"ended">((resolve) => {
      this.#worker.once("error", (error) => {
        this.#failure ??= error;
      });
      this.#worker.once("exit", () => resolve("ended"));
    });
    let isGone = true;
    if ((await Promise.race([this.#interrupt.givenUp, ended])) !== "ended") {
      void this.#worker.terminate();
      isGone = (await Promise.race([ended, setTimeout(TERMINATION, "late", { ref: false })])) === "ended";
    }
    // A thread that did not come to its own end could not give back what it held.
    if (this.#begun && !this.#result) (await import("../node/run-lock.ts")).releaseOwnLock(this.#begun.directory);
    return isGone;
  }

  /** Whether a signal kept the run from its end, or from its evaluation. */
  get #isStopped(): boolean {
    return this.#interrupt.signal !== undefined && !this.#result?.evaluation;
  }

  #hear(message: TrainingMessage): void {
    switch (message.kind) {
      case "say":
        this.#status?.finish();
        this.#output.say(message.text);
        return;
      case "begun":
        this.#begun = message.begun;
        this.#status = new Status(this.#output.stream, message.begun.steps);
        return;
      case "progress":
        if (this.#interrupt.signal === undefined) this.#status?.update(message.progress);
        return;
      case "trained":
        this.#isTrained = true;
        return;
      case "result":
        this.#result = message.result;
        return;
      case "failed":
        this.#failure = new DescribedFailure(message.failure);
    }
  }

  /** Nothing after SIGHUP: the terminal is gone, and a word to it would end the process. */
  #sayWhileWaiting(sentence: string): void {
    if (this.#result || this.#interrupt.signal === "SIGHUP") return;
    this.#status?.finish();
    this.#output.say(sentence);
  }

  #report(result: TrainResult): void {
    const { signal } = this.#interrupt;
    if (!this.#isStopped) {
      this.#output.result(result);
      return;
    }
    const { evaluation, parametersSha256, ...facts } = result;
    this.#output.say(`Stopped by ${signal} after ${count(result.steps)} steps; saved in ${result.run}.`);
    this.#output.say(`To go on: ${this.#begun?.resume}`);
    this.#output.result({ ...facts, interrupted: signal, evaluation, parametersSha256 });
  }

  /** What is left of a run that was cut short is what its directory says. */
  async #reportCut(): Promise<void> {
    const { signal } = this.#interrupt;
    if (this.#begun === undefined) {
      this.#output.say(`Stopped by ${signal} before training began.`);
      this.#output.result({ run: null, steps: 0, interrupted: signal, evaluation: null });
      return;
    }
    const { directory, step, resume } = this.#begun;
    const { savedRun } = await import("./saved-run.ts");
    const { algorithm, env, seed, steps, parametersSha256 } = savedRun(directory);
    const where = this.#isTrained ? "during the evaluation" : "within an iteration";
    const saved =
      steps === undefined ? "nothing was saved yet" : `the run up to step ${count(steps)} is in ${directory}`;
    this.#output.say(`Stopped by ${signal} ${where}; ${saved}.`);
    this.#output.say(`To ${steps === undefined ? "begin anew" : "go on"}: ${resume}`);
    const seconds = Number(((performance.now() - this.#startedAt) / 1000).toFixed(3));
    const stepsPerSecond = Math.round(((steps ?? step) - step) / seconds);
    const facts = { run: directory, algorithm, env, seed, steps: steps ?? 0, seconds, stepsPerSecond };
    this.#output.result({ ...facts, interrupted: signal, evaluation: null, parametersSha256 });
  }
}

function endedByEnvironment(): Error {
  const sentence = "limpid: the environment ended the thread that trains (process.exit). It must return, or throw.";
  return new DescribedFailure({ sentence, exitCode: 1, trace: "" });
}
