#!/usr/bin/env node
/**
 * The command `limpid`. Only the names of commands and options live here; what a command does is loaded when it is called,
 * so that help and mistakes are answered at once.
 */

import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { endWithReader, reportFailure } from "./failure.ts";

const repeated = (value: string, values: string[] = []) => [...values, value];
const SET = "set a hyperparameter; may be given again (hidden=64,64 for lists, preset=none for plain defaults)";
const OWN_ENV = "an environment of your own: ./my-env.ts, or ./my-env.ts#Name for a named export";
const JSON_OUTPUT = "print one JSON value on the last line of stdout, and everything else on stderr";

function program(): Command {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const limpid = new Command("limpid")
    .description("Deep reinforcement learning you can see through.")
    .version(version)
    .showSuggestionAfterError()
    .configureOutput({ outputError: () => {} })
    .exitOverride();

  command(limpid, "train", "train an agent, or go on with a run that was interrupted")
    .argument("[algorithm]", "see: limpid list algorithms")
    .argument("[env]", "see: limpid list envs; or a file of your own, as for --env-module")
    .option("--steps <n>", "environment steps to train for")
    .option("--seed <n>", "everything random follows from it")
    .option("--out <directory>", "where to keep the run (default: runs/<algorithm>-<env>-<seed>)")
    .option("--set <name=value>", SET, repeated)
    .option("--dataset <file>", "recorded transitions to learn from, no step taken (limpid record)")
    .option("--resume <directory>", "go on with this run; --steps may raise its goal")
    .option("--checkpoint-every <steps>", "save every so many steps (default: as often as costs about 1 % of the time)")
    .option("--inspect", "look at what each sample does to the network, about 50 times in the run (limpid inspect)")
    .option("--inspect-every <steps>", "look so often instead")
    .option("--env-module <file>", OWN_ENV)
    .option("--seeds <n>", "train n seeds, from --seed on, and say what they reach together")
    .option("--workers <n>", "how many seeds at the same time (default: one on each core)")
    .addHelpText("after", "\nCtrl-C saves the run and says how to go on (exit code 130).")
    .action(async (...given) => run((await import("./train.ts")).trainCommand, given));

  command(limpid, "evaluate", "play whole episodes with a trained policy")
    .argument("<run>", "a run's directory, or one checkpoint")
    .option("--episodes <n>", "default: 20")
    .option("--seed <n>", "start states follow from it (default: 0)")
    .option("--stochastic", "sample actions instead of taking the best")
    .option("--record <file.gif>", "draw the first episodes, as an animation")
    .option("--record-seconds <n>", "how long the animation gets at most (default: 30)")
    .option("--env-module <file>", OWN_ENV)
    .action(async (...given) => run((await import("./evaluate.ts")).evaluateCommand, given));

  command(limpid, "record", "keep what a policy does as a dataset, to learn from it later")
    .argument("[run]", "a run's directory, or one checkpoint; or an environment, for random actions")
    .option("--steps <n>", "transitions to record (default: 10000)")
    .option("--seed <n>", "start states and random actions follow from it (default: 0)")
    .option("--stochastic", "sample actions instead of taking the best")
    .option("--random <share>", "share of the actions, 0 to 1, that are random instead")
    .option("--out <file>", "where to write (default: dataset.safetensors)")
    .option("--env-module <file>", OWN_ENV)
    .action(async (...given) => run((await import("./record.ts")).recordCommand, given));

  command(limpid, "inspect", "what differs between exploring and exploiting, of runs that were trained with --inspect")
    .argument("<runs...>", "a run's directory; several that differ in nothing but the seed, or a directory of --seeds")
    .option(
      "--out <directory>",
      "where to draw the figures, SVG and PNG (default: figures in the first run's directory)",
    )
    .action(async (...given) => run((await import("./inspect.ts")).inspectCommand, given));

  command(limpid, "lab", "answer a question by an experiment, with figures and the verdict that they allow")
    .argument("<name>", "see: limpid list labs")
    .option("--thorough", "more repetitions and longer runs, for narrower intervals")
    .option("--seed <n>", "everything random follows from it (default: 1)")
    .option("--out <directory>", "where to write the page and the figures as JSON (default: labs)")
    .option("--figures", "write each figure as SVG and PNG too, into a directory named after the lab")
    .action(async (...given) => run((await import("./lab.ts")).labCommand, given));

  command(limpid, "doctor", "find out why an agent does not learn: its environment, its learner, its run")
    .argument(
      "[what...]",
      "a run's directory, a .json with its configuration, an environment, or: <algorithm> <env> [name=value …]",
    )
    .option("--set <name=value>", SET, repeated)
    .option("--seed <n>", "everything random follows from it (default: the run's, or 0)")
    .option("--env-module <file>", OWN_ENV)
    .addHelpText("after", "\nThe exit code is 1 where something was found.")
    .action(async (...given) => run((await import("./doctor.ts")).doctorCommand, given));

  command(limpid, "list", "what there is: algorithms and what they suit, envs, metrics, labs")
    .argument("[what]", "algorithms, envs, metrics, labs, or the name of an algorithm (default: all)")
    .action(async (...given) => run((await import("./list.ts")).listCommand, given));

  command(limpid, "check-env", "play with an environment and report what would go wrong in training")
    .argument("[env]", "a registered id, or a file of your own")
    .option("--env-module <file>", OWN_ENV)
    .option("--steps <n>", "steps of random actions (default: 1000)")
    .option("--seed <n>", "default: 1")
    .action(async (...given) => run((await import("./check-env.ts")).checkEnvCommand, given));

  command(limpid, "bench", "measure this machine; pin it to a core for figures to trust").action(async (...given) =>
    run((await import("./bench-command.ts")).benchCommand, given),
  );

  return limpid;
}

function command(parent: Command, name: string, description: string): Command {
  // Commands that are added to a program take over its settings.
  return parent.command(name).description(description).option("--json", JSON_OUTPUT);
}

/** Commander hands over the arguments, the options and the command itself. */
async function run(act: (...given: never[]) => Promise<number>, given: unknown[]): Promise<void> {
  process.exitCode = await act(...(given.slice(0, -1) as never[]));
}

endWithReader();
try {
  await program().parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError && error.exitCode === 0)) {
    process.exitCode = reportFailure(error, process.argv.includes("--json"));
  }
}
