/**
 * `limpid train --seeds N`: the same run for several seeds at once, one on each core, and what they say together. Each seed has
 * a run's directory of its own within the group's; nothing in it depends on the number of workers.
 */

import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { MessageChannel } from "node:worker_threads";
import { Piscina } from "piscina";
import { atomicWrite } from "../node/atomic-write.ts";
import { releaseOwnLock } from "../node/run-lock.ts";
import { DescribedFailure } from "./failure.ts";
import { count, rewards, seconds } from "./format.ts";
import { Interrupt, TERMINATION } from "./interrupt.ts";
import type { Failure, Progress, TrainCommandOptions, TrainingMessage, TrainResult } from "./messages.ts";
import { commandLine, readInteger } from "./options.ts";
import { Output } from "./output.ts";
import { overSeeds, seedsTable } from "./over-seeds.ts";
import { beginGroup, type Group, resumeGroup } from "./seed-group.ts";
import type { SeedOutcome, SeedTask } from "./seed-worker.ts";
import { Status } from "./status.ts";

/** How often a seed is begun whose worker dies. */
const ATTEMPTS = 3;

export async function trainSeeds(
  algorithm: string | undefined,
  env: string | undefined,
  options: TrainCommandOptions,
): Promise<number> {
  const output = new Output(options.json);
  const workers = readInteger("workers", options.workers ?? String(availableParallelism()), 1);
  const { path, group } =
    options.resume === undefined ? await beginGroup(algorithm, env, options) : resumeGroup(options);
  const training = new SeedsTraining(path, group, output, Math.min(workers, group.seeds.length));
  return await training.end();
}

class SeedsTraining {
  readonly #path: string;
  readonly #group: Group;
  readonly #output: Output;
  readonly #workers: number;
  readonly #interrupt: Interrupt;
  readonly #status: Status;
  readonly #progress = new Map<number, Progress>();
  readonly #results = new Map<number, TrainResult>();
  readonly #failures = new Map<number, Failure>();

  constructor(path: string, group: Group, output: Output, workers: number) {
    this.#path = path;
    this.#group = group;
    this.#output = output;
    this.#workers = workers;
    this.#interrupt = new Interrupt({ isBusy: () => true, waiting: (sentence) => this.#say(sentence) });
    this.#status = new Status(output.stream, 0);
  }

  /** Trains all seeds. @returns the exit code */
  async end(): Promise<number> {
    const { seeds } = this.#group;
    const filename = new URL("./seed-worker.js", import.meta.url).href;
    const pool = new Piscina({ filename, minThreads: this.#workers, maxThreads: this.#workers });
    const waiting = [...seeds];
    this.#say(`Training ${seeds.length} seeds in ${this.#path}, ${this.#workers} at a time. Ctrl-C saves and stops.`);
    try {
      const working = Array.from({ length: this.#workers }, async () => {
        while (waiting.length > 0 && !this.#isStopping) await this.#trainSeed(pool, waiting.shift()!);
      });
      await Promise.race([Promise.all(working), this.#interrupt.givenUp]);
      this.#status.finish();
      return this.#report();
    } finally {
      this.#interrupt.dispose();
      const gone = pool.destroy().then(() => true);
      const isGone = await Promise.race([gone, setTimeout(TERMINATION, false, { ref: false })]);
      for (const seed of seeds) if (!this.#results.has(seed)) releaseOwnLock(this.#directory(seed));
      if (!isGone) this.#interrupt.endProcess();
    }
  }

  get #isStopping(): boolean {
    return this.#interrupt.signal !== undefined;
  }

  #directory(seed: number): string {
    return join(this.#path, `seed-${seed}`);
  }

  async #trainSeed(pool: Piscina, seed: number): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        const outcome = await this.#runSeed(pool, seed);
        if ("result" in outcome) this.#note(seed, outcome.result);
        else if (outcome.failure.exitCode === 2) throw new DescribedFailure(outcome.failure);
        else this.#fail(seed, outcome.failure);
        return;
      } catch (error) {
        if (error instanceof DescribedFailure) throw error;
        // Given up, and the whole pool with it.
        if (this.#isStopping) return;
        // What the dead worker held is free again, and what it had saved is gone on with.
        releaseOwnLock(this.#directory(seed));
        const reason = (error as Error).message;
        if (attempt === ATTEMPTS) {
          this.#fail(seed, { sentence: `its worker died ${ATTEMPTS} times (${reason})`, exitCode: 1, trace: "" });
          return;
        }
        this.#say(`The worker of seed ${seed} died (${reason}); the seed is run again.`);
      }
    }
  }

  async #runSeed(pool: Piscina, seed: number): Promise<SeedOutcome> {
    const { algorithm, env, options } = this.#group;
    const { port1, port2 } = new MessageChannel();
    port1.on("message", (message: TrainingMessage) => this.#hear(seed, message));
    const out = this.#directory(seed);
    const isBegun = existsSync(join(out, "config.json"));
    const { steps, envModule, checkpointEvery } = options;
    const own = isBegun ? { resume: out, steps, envModule, checkpointEvery } : { ...options, out, seed: String(seed) };
    const names = isBegun ? {} : { algorithm, env };
    const task: SeedTask = {
      ...{ algorithm: undefined, env: undefined, ...names, options: own },
      ...{ script: process.argv[1], stop: this.#interrupt.stop, port: port2 },
    };
    try {
      return await pool.run(task, { transferList: [port2] });
    } finally {
      port1.close();
    }
  }

  #hear(seed: number, message: TrainingMessage): void {
    if (message.kind === "begun") this.#status.total = this.#group.seeds.length * message.begun.steps;
    if (message.kind !== "progress" || this.#isStopping) return;
    this.#progress.set(seed, message.progress);
    const all = [...this.#progress.values()];
    const sum = (of: (progress: Progress) => number) => all.reduce((total, progress) => total + of(progress), 0);
    const running = all.length - this.#results.size - this.#failures.size;
    const returns = all.flatMap((progress) => progress.return ?? []);
    this.#status.update({
      step: sum(({ step }) => step),
      speed: (sum(({ speed }) => speed) / all.length) * Math.max(1, running),
      return: returns.length > 0 ? returns.reduce((a, b) => a + b) / returns.length : undefined,
    });
  }

  #note(seed: number, result: TrainResult): void {
    const { evaluation, steps } = result;
    if (!evaluation && this.#isStopping) return;
    this.#results.set(seed, result);
    const found = evaluation ? `return ${rewards(evaluation)}` : "not evaluated";
    this.#say(`Seed ${seed}: ${found}, after ${count(steps)} steps in ${seconds(result.seconds)}.`);
  }

  #fail(seed: number, failure: Failure): void {
    this.#failures.set(seed, failure);
    this.#say(`Seed ${seed} failed: ${failure.sentence.replace(/^limpid: /, "")}`);
  }

  #say(text: string): void {
    if (this.#interrupt.signal === "SIGHUP") return;
    this.#status.finish();
    this.#output.say(text);
  }

  #report(): number {
    const { seeds, options } = this.#group;
    const { signal } = this.#interrupt;
    const results = seeds.flatMap((seed) => this.#results.get(seed) ?? []);
    const failures = [...this.#failures].map(([seed, { sentence }]) => ({ seed, error: sentence }));
    const summary = overSeeds(results);
    const whole = { runs: this.#path, seeds, results, failures, summary };
    const isStopped = signal !== undefined && results.length + failures.length < seeds.length;
    if (isStopped) {
      const module = options.envModule === undefined ? [] : ["--env-module", options.envModule];
      this.#output.say(`Stopped by ${signal}; ${results.length} of ${seeds.length} seeds are done, in ${this.#path}.`);
      this.#output.say(`To go on: ${commandLine("train", "--resume", this.#path, ...module)}`);
      this.#output.result({ ...whole, interrupted: signal });
      return this.#interrupt.exitCode;
    }
    atomicWrite(join(this.#path, "summary.json"), `${JSON.stringify(whole, null, 2)}\n`);
    this.#output.say(seedsTable(results, summary));
    this.#output.say(`The runs are in ${this.#path}.`);
    this.#output.result(whole);
    return failures.length > 0 ? 1 : 0;
  }
}
