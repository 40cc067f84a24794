/** Hyperparameters of everything that learns Q by a network, and what must fit together among them. */
import type { z } from "zod";
import { ConfigError } from "../../errors.ts";
import { activationNames, highestOf, lowestOf, type ScheduleSpec } from "../../nn/index.ts";
import * as field from "../config.ts";
import { hindsightFields, replayFields } from "../off-policy/config.ts";
import { priorityFields } from "../off-policy/replay-sampler.ts";
import { lossNames } from "./heads/expected-value.ts";

/** What differs among the algorithms of the family, with the defaults of Stable-Baselines3's DQN. */
const dqnDefaults = {
  learningRate: 1e-4 as ScheduleSpec,
  learningStarts: 100,
  nSteps: 1,
  double: false,
  dueling: false,
  noisyNets: false,
  prioritizedReplay: false,
  priorityAlpha: 0.6,
  targetUpdateInterval: 10_000,
  exploration: "epsilon-greedy" as ExplorationName,
  explorationFraction: 0.1,
  explorationFinalEps: 0.05,
  adamEps: 1e-8,
  maxGradNorm: 10 as number | null,
};

export type DeepQDefaults = Partial<typeof dqnDefaults>;

const explorationNames = ["epsilon-greedy", "boltzmann", "greedy"] as const;
export type ExplorationName = (typeof explorationNames)[number];

/** The hyperparameters that all of the family have, with these defaults. */
export function deepQFields(own: DeepQDefaults = {}) {
  const defaults = { ...dqnDefaults, ...own };
  return {
    ...field.commonFields,
    dataset: field.dataset(
      "File of transitions (limpid record) to learn from alone: steps are then gradient steps; null: steps of its own.",
    ),
    hidden: field.networkFields.hidden,
    activation: field.oneOf(activationNames, "relu", "Nonlinearity after hidden layers."),
    learningRate: field.scheduled(
      defaults.learningRate,
      "Step size of Adam. Too large: values diverge. Usual: 1e-5 to 1e-2.",
    ),
    adamEps: field.positive(defaults.adamEps, "Added to the root of Adam's second moment. Usual: 1e-8 to 1e-3."),
    maxGradNorm: field.positiveOrNull(
      defaults.maxGradNorm,
      "Gradients longer than this are shortened to it; null: none. Usual: 0.5 to 10.",
    ),
    ...memoryFields(defaults),
    ...targetFields(defaults),
    double: field.flag(
      defaults.double,
      "One network chooses the best next action, the other judges it: less overestimation.",
    ),
    dueling: field.flag(defaults.dueling, "Values of states and advantages of actions come from streams of their own."),
    noisyNets: field.flag(defaults.noisyNets, "Weights are noisy, as much as learning finds useful: they explore."),
    sigma0: field.positive(0.5, "First noise of noisyNets, in units of 1/√inputs. Usual: 0.1 to 0.5."),
    ...explorationFields(defaults),
  };
}

/** What is remembered, and what is learned from it when. */
function memoryFields({ learningStarts, nSteps, prioritizedReplay, priorityAlpha }: typeof dqnDefaults) {
  return {
    ...replayFields,
    ...hindsightFields,
    replay: field.flag(
      true,
      "Learn from all that bufferSize keeps; false: from the newest batchSize transitions alone.",
    ),
    learningStarts: replayFields.learningStarts.removeDefault().default(learningStarts),
    batchSize: field.count(32, "Transitions per gradient step. Usual: 32 to 256."),
    trainFreq: field.count(4, "Steps of each environment between updates. Usual: 1 to 256."),
    nSteps: field.count(nSteps, "Rewards summed up before a value stands for the rest. Usual: 1 to 5."),
    ...priorityFields,
    prioritizedReplay: field.flag(prioritizedReplay, "Learn more often from transitions whose values were wrong."),
    priorityAlpha: field.fraction(priorityAlpha, "α: how much errors decide; 0: all alike. Usual: 0.4 to 0.7."),
  };
}

/** Whose values the next observation has. */
function targetFields({ targetUpdateInterval }: typeof dqnDefaults) {
  return {
    targetNetwork: field.oneOf(
      ["none", "copy", "average"],
      "copy",
      "What values behind γ come from: the network itself, a copy, a moving average.",
    ),
    targetUpdateInterval: field.count(targetUpdateInterval, "Steps between copies. Usual: 10 to 10 000."),
    tau: field.fraction(
      1,
      "Share of the network that a copy takes over, or a moving average at each gradient step. Usual: 1, or 0.005.",
    ),
  };
}

/** How actions are chosen while learning. */
function explorationFields({ exploration, explorationFraction, explorationFinalEps }: typeof dqnDefaults) {
  return {
    behavior: field.oneOf(
      ["own", "uniform"],
      "own",
      "Who acts while learning: the learned policy, exploring, or uniform actions whatever is learned.",
    ),
    exploration: field.oneOf(explorationNames, exploration, "How actions are drawn from their values."),
    explorationFraction: field.fraction(explorationFraction, "Share of the run over which ε falls. Usual: 0.1 to 0.5."),
    explorationInitialEps: field.fraction(1, "First probability ε of a random action. Usual: 1."),
    explorationFinalEps: field.fraction(explorationFinalEps, "ε after that. Usual: 0.01 to 0.1."),
    epsilon: field.scheduledOrNull(null, "ε on a schedule of its own, in the place of these three; null: they count."),
    temperature: field.scheduled(1, "Temperature of boltzmann, in units of value, above 0. Usual: falling, 1 to 0.01."),
  };
}

/** The loss of single values. */
export const lossFields = {
  loss: field.oneOf(
    lossNames,
    "huber",
    "Of values: Huber's, where large errors count less; squared errors: means; L1: medians.",
  ),
};

/** The returns that C51 tells apart. */
export const categoricalFields = {
  vMin: field.anyNumber(-10, "Smallest return that has an atom; all should be above. Usual: about the worst return."),
  vMax: field.anyNumber(10, "Largest return that has an atom; all should be below. Usual: about the best return."),
  atoms: field
    .count(51, "Returns that are told apart, evenly from vMin to vMax. Usual: 11 to 101.")
    .removeDefault()
    .min(2)
    .default(51),
};

/** How finely QR-DQN knows the distribution. */
export const quantileFields = {
  nQuantiles: field.count(200, "Quantiles of the return for each action. Usual: 10 to 200."),
};

export type DeepQConfig = { [F in keyof ReturnType<typeof deepQFields>]: z.infer<ReturnType<typeof deepQFields>[F]> };

/** @throws ConfigError for hyperparameters that do not fit together */
export function checkDeepQ(config: DeepQConfig): void {
  const { exploration, epsilon, temperature, targetNetwork, tau, replay, prioritizedReplay } = config;
  if (exploration === "boltzmann" && !(lowestOf(temperature) > 0)) {
    const allowed = 'above 0, to its end where it is a schedule: {"schedule":"linear","from":1,"to":0.01}';
    throw new ConfigError({ field: "temperature", value: temperature, allowed });
  }
  if (epsilon !== null && !(highestOf(epsilon) <= 1)) {
    throw new ConfigError({ field: "epsilon", value: epsilon, allowed: "at most 1: it is a share" });
  }
  if (targetNetwork === "average" && tau === 1) {
    const fix = 'targetNetwork "none" does without a target network.';
    throw new ConfigError({ field: "tau", value: tau, allowed: 'below 1 where targetNetwork is "average"', fix });
  }
  if (prioritizedReplay && !replay) {
    throw new ConfigError({ field: "prioritizedReplay", value: true, allowed: "false where replay is false" });
  }
}

/** What learning from a dataset alone leaves no choice in. */
const RECORDED = { normalizeObservation: false, normalizeReward: false, replay: true, replayStrategy: "none" } as const;

/** @throws ConfigError for what a dataset, which stays as it is, has no use for */
export function checkRecorded(config: DeepQConfig): void {
  for (const [field, only] of Object.entries(RECORDED)) {
    const value = config[field as keyof typeof RECORDED];
    if (value !== only) throw new ConfigError({ field, value, allowed: `${JSON.stringify(only)} with a dataset` });
  }
}

/** @throws ConfigError for a range that is none */
export function checkRange({ vMin, vMax }: { readonly vMin: number; readonly vMax: number }): void {
  if (!(vMin < vMax)) throw new ConfigError({ field: "vMin", value: vMin, allowed: `below vMax, which is ${vMax}` });
}
