/** `limpid train`: trains, shows how it goes, keeps the run, evaluates, and says what to do next. */

import { evaluationEnv } from "../envs/index.ts";
import { evaluate } from "../training/index.ts";
import { count, rewards, seconds } from "./format.ts";
import { Interrupt } from "./interrupt.ts";
import { commandLine, readInteger } from "./options.ts";
import { Output } from "./output.ts";
import { Recorder } from "./recorder.ts";
import { openSession, type Session, type SessionOptions } from "./session.ts";

export interface TrainCommandOptions extends SessionOptions {
  readonly checkpointEvery?: string;
  readonly json?: boolean;
}

export async function trainCommand(
  algorithm: string | undefined,
  env: string | undefined,
  options: TrainCommandOptions,
): Promise<number> {
  const output = new Output(options.json);
  const every = options.checkpointEvery;
  const checkpointEvery = every === undefined ? undefined : readInteger("checkpointEvery", every, 1);
  const session = await openSession(algorithm, env, options);
  const recorder = new Recorder(session, output.stream, checkpointEvery);
  const interrupt = new Interrupt();
  try {
    for (const line of [opening(session), ...session.notes]) output.say(line);
    await recorder.record(interrupt);
    if (interrupt.signal) {
      stopped(session, recorder, output, interrupt.signal);
      return interrupt.exitCode;
    }
    // The run is saved: what follows may be cut short.
    interrupt.dispose();
    return finished(session, recorder, output);
  } catch (error) {
    const { savedAt } = recorder;
    if (savedAt !== undefined) output.say(`The run up to step ${count(savedAt)} is in ${session.directory.path}.`);
    throw error;
  } finally {
    interrupt.dispose();
    recorder.close();
  }
}

function stopped(session: Session, recorder: Recorder, output: Output, signal: string): void {
  const { run, directory } = session;
  const { parametersSha256, ...facts } = factsOf(session, recorder);
  output.say(`Stopped by ${signal} after ${count(run.step)} steps; saved in ${directory.path}.`);
  output.say(`To go on: ${resumeCommand(session)}`);
  output.result({ ...facts, interrupted: signal, evaluation: null, parametersSha256 });
}

function finished(session: Session, recorder: Recorder, output: Output): number {
  const { run, directory, makeEnv, moduleOptions } = session;
  output.say(trained(session, recorder));
  const trainedIn = run.config.env;
  const place = makeEnv ? trainedIn : evaluationEnv(trainedIn);
  const { episodes, mean, std, min, max, lengths } = evaluate(run.policy, { env: makeEnv ?? place, episodes: 20 });
  const length = lengths.reduce((sum, value) => sum + value, 0) / episodes;
  recorder.evaluated({ mean, std, min, max, length });
  const { parametersSha256, ...facts } = factsOf(session, recorder);
  const lines = [
    `Evaluated over ${episodes} episodes${place === trainedIn ? "" : ` of ${place}`}: return ${rewards({ mean, std, min, max })}.`,
    `The run is in ${directory.path}. Next:`,
    `  ${commandLine("evaluate", directory.path, "--episodes", "100", ...moduleOptions)}`,
    `  ${resumeCommand(session, "--steps", String(2 * run.config.steps))}`,
  ];
  output.say(lines.join("\n"));
  output.result({ ...facts, evaluation: { episodes, mean, std, min, max }, parametersSha256 });
  return 0;
}

/** What this process has done, and how far the run is where others did some of it. */
function trained({ run }: Session, recorder: Recorder): string {
  const { seconds: time, stepsPerSecond } = recorder.timing();
  const inAll = recorder.steps === run.step ? "" : `, ${count(run.step)} in all`;
  if (recorder.steps === 0) return `Nothing was left to train: the run has its ${count(run.step)} steps.`;
  return `Trained ${count(recorder.steps)} steps in ${seconds(time)} (${count(stepsPerSecond)} steps/s)${inAll}.`;
}

function factsOf({ run, directory }: Session, recorder: Recorder) {
  const { algorithm, env, seed } = run.config;
  const parametersSha256 = run.parametersSha256();
  return { run: directory.path, algorithm, env, seed, steps: run.step, ...recorder.timing(), parametersSha256 };
}

function resumeCommand({ directory, moduleOptions }: Session, ...options: readonly string[]): string {
  return commandLine("train", "--resume", directory.path, ...options, ...moduleOptions);
}

function opening({ run, directory, resumedAt, preset }: Session): string {
  const { algorithm, env, seed, steps } = run.config;
  if (resumedAt !== undefined) return `Going on with ${directory.path} at step ${count(resumedAt)} of ${count(steps)}.`;
  const tuned = preset ? `, hyperparameters tuned for ${env}` : "";
  return `Training ${algorithm} on ${env} for ${count(steps)} steps (seed ${seed}${tuned}). Ctrl-C saves and stops.`;
}
