/** What `limpid train` does in its thread: one run, from its configuration to its evaluation. */

import { evaluationEnv } from "../envs/index.ts";
import { RunError } from "../errors.ts";
import { type Evaluation, evaluate } from "../training/index.ts";
import { count, rewards, seconds } from "./format.ts";
import type { Begun, EvaluationResult, TrainingMessage, TrainingTask, TrainResult } from "./messages.ts";
import { commandLine, readInteger } from "./options.ts";
import { Recorder } from "./recorder.ts";
import { openSession, resumeCommand, type Session } from "./session.ts";

/**
 * Trains one run, from its configuration to its evaluation. Everything that it says goes to `post`.
 * @throws LimpidError, in one sentence; what was saved before is there
 */
export async function trainSession(task: TrainingTask, post: (message: TrainingMessage) => void): Promise<TrainResult> {
  const { algorithm, env, options, script, stop } = task;
  // Messages name the command as it was called, which was not by the file of a thread.
  if (script !== undefined) process.argv[1] = script;
  const say = (text: string) => post({ kind: "say", text });
  const every = options.checkpointEvery;
  const checkpointEvery = every === undefined ? undefined : readInteger("checkpointEvery", every, 1);
  const session = await openSession(algorithm, env, options);
  const recorder = new Recorder(session, post, checkpointEvery);
  post({ kind: "begun", begun: begunOf(session) });
  try {
    const looking = session.inspection ? [session.inspection.describe()] : [];
    for (const line of [opening(session), ...session.notes, ...looking, ...overshoot(session)]) say(line);
    await recorder.record(() => Atomics.load(stop, 0) !== 0);
    const isStopped = Atomics.load(stop, 0) !== 0;
    if (!isStopped) {
      post({ kind: "trained" });
      say(trained(session, recorder));
    }
    const evaluation = isStopped ? null : finalEvaluation(session, recorder, say);
    return resultOf(session, recorder, evaluation);
  } catch (error) {
    const { savedAt } = recorder;
    if (savedAt !== undefined) say(`The run up to step ${count(savedAt)} is in ${session.directory.path}.`);
    throw error;
  } finally {
    recorder.close();
  }
}

/** Plays with the trained policy, and says what to do next. Where its episodes never end, the training is good all the same. */
function finalEvaluation(session: Session, recorder: Recorder, say: (text: string) => void): EvaluationResult {
  const { run, directory, makeEnv, moduleOptions } = session;
  const trainedIn = run.config.env;
  const place = makeEnv ? trainedIn : evaluationEnv(trainedIn);
  let evaluation: Evaluation | undefined;
  try {
    evaluation = evaluate(run.policy, { env: makeEnv ?? place, episodes: 20 });
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    const [what] = error.message.split(". ");
    say(`Not evaluated: ${what}. A time limit in the environment would end it, or more training.`);
  }
  const next = [`The run is in ${directory.path}. Next:`];
  if (evaluation) {
    const { episodes, mean, std, min, max, lengths } = evaluation;
    const length = lengths.reduce((sum, value) => sum + value, 0) / episodes;
    recorder.evaluated({ mean, std, min, max, length });
    say(
      `Evaluated over ${episodes} episodes${place === trainedIn ? "" : ` of ${place}`}: return ${rewards(evaluation)}.`,
    );
    next.push(`  ${commandLine("evaluate", directory.path, "--episodes", "100", ...moduleOptions)}`);
  }
  if (session.inspection) next.push(`  ${commandLine("inspect", directory.path)}`);
  // Where nothing is left to learn before the steps are used up, more of them change nothing.
  if (run.step >= run.config.steps) {
    const twice = 2 * run.config.steps > run.step ? 2 * run.config.steps : 2 * run.step;
    next.push(`  ${resumeCommand(session, "--steps", String(twice))}`);
  }
  if (next.length > 1) say(next.join("\n"));
  else say(`The run is in ${directory.path}.`);
  if (!evaluation) return null;
  const { episodes, mean, std, min, max } = evaluation;
  return { episodes, mean, std, min, max };
}

/** Iterations are whole: one may be longer than what is left to train. */
function overshoot({ run }: Session): string[] {
  const left = run.config.steps - run.step;
  if (run.done || run.stepsPerIteration === undefined || run.stepsPerIteration <= left) return [];
  return [
    `One iteration takes ${count(run.stepsPerIteration)} steps, more than the ${count(left)} to train: it is the only one.`,
  ];
}

function begunOf(session: Session): Begun {
  const { run, directory } = session;
  return { directory: directory.path, step: run.step, steps: run.config.steps, resume: resumeCommand(session) };
}

/** What this process has done, and how far the run is where others did some of it. */
function trained({ run }: Session, recorder: Recorder): string {
  const { seconds: time, stepsPerSecond } = recorder.timing();
  const inAll = recorder.steps === run.step ? "" : `, ${count(run.step)} in all`;
  if (recorder.steps === 0) return `Nothing was left to train: the run has its ${count(run.step)} steps.`;
  return `Trained ${count(recorder.steps)} steps in ${seconds(time)} (${count(stepsPerSecond)} steps/s)${inAll}.`;
}

function resultOf({ run, directory }: Session, recorder: Recorder, evaluation: EvaluationResult): TrainResult {
  const { algorithm, env, seed } = run.config;
  const parametersSha256 = run.parametersSha256();
  const timing = recorder.timing();
  return { run: directory.path, algorithm, env, seed, steps: run.step, ...timing, evaluation, parametersSha256 };
}

function opening({ run, directory, resumedAt, preset }: Session): string {
  const { algorithm, env, seed, steps } = run.config;
  if (resumedAt !== undefined) return `Going on with ${directory.path} at step ${count(resumedAt)} of ${count(steps)}.`;
  const tuned = preset ? `, hyperparameters tuned for ${env}` : "";
  return `Training ${algorithm} on ${env} for ${count(steps)} steps (seed ${seed}${tuned}). Ctrl-C saves and stops.`;
}
