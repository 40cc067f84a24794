/** Iterates a run and keeps what comes of it: metrics, TensorBoard events, checkpoints, and news for who watches. */

import { setImmediate } from "node:timers/promises";
import type { Metrics } from "../algorithms/algorithm.ts";
import { TensorBoardWriter } from "../node/tensorboard.ts";
import type { Progress, TrainingMessage } from "./messages.ts";
import { isLong, pauseAfter } from "./save-pauses.ts";
import type { Session } from "./session.ts";

/** Seconds between news of the progress. */
const NEWS_PAUSE = 0.1;

export class Recorder {
  readonly #session: Session;
  readonly #post: (message: TrainingMessage) => void;
  readonly #board: TensorBoardWriter;
  /** In environment steps; undefined: by time. */
  readonly #checkpointEvery: number | undefined;
  readonly #firstStep: number;
  readonly #begin = now();
  #seconds = 0;
  #savedAt: number | undefined;
  #nextSave = 0;
  /** How long the last save took. */
  #saveSeconds = 0;
  #nextNews = 0;

  constructor(session: Session, post: (message: TrainingMessage) => void, checkpointEvery: number | undefined) {
    const { run, resumedAt } = session;
    this.#session = session;
    this.#board = openBoard(session);
    this.#checkpointEvery = checkpointEvery;
    this.#firstStep = run.step;
    // A run that is done has its checkpoint; a new one has none.
    this.#savedAt = resumedAt === 0 ? undefined : resumedAt;
    this.#post = post;
  }

  /** Trains until the run is done or asked to stop; the last iteration is complete and saved in both cases. */
  async record(isStopRequested: () => boolean): Promise<void> {
    const { run } = this.#session;
    if (!run.done) this.#tell({ step: run.step, speed: 0, return: undefined });
    while (!run.done && !isStopRequested()) {
      const begin = now();
      const { step, metrics } = run.iterate();
      this.#seconds = now() - this.#begin;
      const timed = { "time/seconds": this.#seconds, "time/stepsPerSecond": this.#speed() };
      this.#write(step, { ...metrics, ...timed });
      for (const record of this.#session.inspection?.take() ?? []) {
        this.#session.directory.inspection.append({ ...record });
      }
      if (this.#isSaveDue(step) || isLong(now() - begin, this.#saveSeconds)) this.#save();
      if (run.done || now() >= this.#nextNews)
        this.#tell({ step, speed: this.#speed(), return: metrics["episode/return"], done: run.done });
      await setImmediate(); // lets out what the environment prints, and in what it waits for
    }
    if (this.#savedAt !== run.step) this.#save();
  }

  /** Notes an evaluation of the trained policy, unless nothing was trained since the last one. */
  evaluated(evaluation: Readonly<Record<string, number>>): void {
    const { run } = this.#session;
    if (this.steps === 0) return;
    this.#write(run.step, Object.fromEntries(Object.entries(evaluation).map(([key, v]) => [`evaluation/${key}`, v])));
  }

  /** Step of the newest checkpoint, where there is one. */
  get savedAt(): number | undefined {
    return this.#savedAt;
  }

  /** Steps that this process has trained for. */
  get steps(): number {
    return this.#session.run.step - this.#firstStep;
  }

  /** Time that this process has trained for. */
  timing(): { seconds: number; stepsPerSecond: number } {
    return { seconds: round(this.#seconds, 3), stepsPerSecond: round(this.#speed(), 0) };
  }

  /** Closes everything, the run's directory too. */
  close(): void {
    this.#board.close();
    this.#session.directory.close();
  }

  #tell(progress: Progress): void {
    this.#post({ kind: "progress", progress });
    this.#nextNews = now() + NEWS_PAUSE;
  }

  #write(step: number, metrics: Metrics): void {
    this.#session.directory.metrics.append({ step, ...metrics });
    this.#board.write(step, metrics);
  }

  #isSaveDue(step: number): boolean {
    const every = this.#checkpointEvery;
    return every === undefined
      ? now() >= this.#nextSave
      : Math.floor(step / every) > Math.floor((this.#savedAt ?? -1) / every);
  }

  #save(): void {
    const begin = now();
    const { run, directory } = this.#session;
    directory.saveCheckpoint(run.step, run.checkpoint());
    this.#savedAt = run.step;
    this.#saveSeconds = now() - begin;
    this.#nextSave = now() + pauseAfter(this.#saveSeconds);
  }

  #speed(): number {
    return this.#seconds > 0 ? this.steps / this.#seconds : 0;
  }
}

/** @throws RunError, with the run's directory closed, if the file cannot be made */
function openBoard({ directory, resumedAt }: Session): TensorBoardWriter {
  try {
    return new TensorBoardWriter(directory.path, { resumedAt });
  } catch (error) {
    directory.close();
    throw error;
  }
}

function now(): number {
  return performance.now() / 1000;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
