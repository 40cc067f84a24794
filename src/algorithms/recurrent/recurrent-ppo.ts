/**
 * PPO with memory: the loss is that of `ppo.ts` (Schulman et al. 2017, equation 9), but policy and value depend on all
 * observations of the episode so far, through recurrent cores (Hausknecht & Stone 2015, "Deep Recurrent Q-Learning for
 * Partially Observable MDPs", for the treatment of sequences; Ni et al. 2022, "Recurrent Model-Free RL Can Be a Strong
 * Baseline for Many POMDPs"). Details follow sb3-contrib's RecurrentPPO:
 *
 * - the memory goes on from rollout to rollout and is cleared where an episode begins;
 * - gradients flow back through all steps of a rollout (Werbos 1990), up to the start of the episode; the memory that a
 *   rollout began with is data;
 * - actor and critic have a core each, unless `sharedRecurrent`.
 *
 * Deviation: a minibatch is made of whole sequences, each all steps of one environment, where sb3-contrib cuts the rollout at
 * any step and pads; that is why batchSize is a multiple of nSteps.
 */
import { z } from "zod";
import type { Rollout } from "../../data/index.ts";
import { ConfigError } from "../../errors.ts";
import { explainedVariance } from "../../estimators/index.ts";
import { adam, loadStateDict, type Optimiser, stateDict } from "../../nn/index.ts";
import type { Random, RandomState } from "../../random/index.ts";
import { backward, gatherRows, plan, randomStream, reshape, type Tensor } from "../../tensor/index.ts";
import type { PolicyNetwork } from "../actor-critic.ts";
import { ActorCriticPolicy } from "../actor-critic-policy.ts";
import type {
  Algorithm,
  CommonConfig,
  Learner,
  LearnerContext,
  Metrics,
  PolicyContext,
  Snapshot,
} from "../algorithm.ts";
import * as field from "../config.ts";
import { perSize } from "../per-size.ts";
import { ppoFields, ppoLoss } from "../ppo.ts";
import { ppoEpochs } from "../ppo-epochs.ts";
import { requireFullMinibatch, requireTwoTransitions } from "../rollout-size.ts";
import { ScheduledValue } from "../scheduled-value.ts";
import { prefixed } from "../snapshot.ts";
import { recurrentPpoPresets } from "./presets.ts";
import { RecurrentActorCritic } from "./recurrent-actor-critic.ts";
import { RecurrentCollector } from "./recurrent-collector.ts";
import { RememberingNetwork } from "./remembering-network.ts";

const schema = z.strictObject({
  ...field.commonFields,
  ...field.networkFields,
  ...ppoFields,
  nSteps: field.count(128, "Steps per environment and rollout: how far gradients reach back. Usual: 16 to 512."),
  batchSize: field.count(128, "Samples per gradient step, a multiple of nSteps. Usual: 128 to 4096."),
  recurrent: field.oneOf(["lstm", "gru"], "lstm", "Kind of memory: LSTM, or the leaner GRU."),
  recurrentSize: field.count(256, "Numbers that each state of the memory holds. Usual: 32 to 512."),
  sharedRecurrent: field.flag(
    false,
    "One memory for policy and value instead of one each: faster, but they may quarrel.",
  ),
  recurrentSkip: field.flag(
    false,
    "The policy and the value see the observation beside the memory: what needs no memory is learned sooner.",
  ),
});

export type RecurrentPpoConfig = z.infer<typeof schema> & CommonConfig;

/** Rollouts and updates in turn. */
class RecurrentPpo implements Learner {
  readonly policy: ActorCriticPolicy<RememberingNetwork>;
  step = 0;
  readonly #config: RecurrentPpoConfig;
  readonly #network: RecurrentActorCritic;
  readonly #canRestore: boolean;
  readonly #optimiser: Optimiser;
  readonly #collector: RecurrentCollector;
  readonly #actionStream: Tensor;
  readonly #minibatchRandom: Random;
  readonly #learningRate: ScheduledValue;
  readonly #clipRange: ScheduledValue;
  readonly #clipRangeVf: ScheduledValue | null;
  readonly #entCoef: ScheduledValue;
  readonly #updateFor = perSize((sequences) => this.#recordUpdate(sequences));

  constructor(context: LearnerContext<RecurrentPpoConfig>) {
    const { config, env, key } = context;
    this.#config = config;
    this.#canRestore = env.canRestore;
    this.policy = createPolicy(context);
    this.#network = this.policy.network.recurrent;
    const network = this.#network;
    this.#optimiser = adam(network.parameters(), { eps: config.adamEps, maxGradNorm: config.maxGradNorm });
    this.#actionStream = randomStream(key.split("actions"));
    this.#minibatchRandom = key.split("minibatches").stream();
    this.#collector = new RecurrentCollector({
      ...config,
      env,
      network,
      steps: config.nSteps,
      stream: this.#actionStream,
    });
    this.#learningRate = new ScheduledValue(config.learningRate);
    this.#clipRange = new ScheduledValue(config.clipRange);
    this.#clipRangeVf = config.clipRangeVf === null ? null : new ScheduledValue(config.clipRangeVf);
    this.#entCoef = new ScheduledValue(config.entCoef);
  }

  iterate(): Metrics {
    const { nSteps, nEnvs, gamma, gaeLambda } = this.#config;
    const rollout = this.#collector.collect();
    this.step += nSteps * nEnvs;
    rollout.finish(this.#collector.lastValues, gamma, gaeLambda);
    const schedules = this.#followSchedules();
    const learned = this.#learn(rollout);
    const { std } = this.#network;
    return {
      ...learned,
      ...schedules,
      ...(std !== undefined && { "policy/std": std }),
      "value/explainedVariance": explainedVariance(rollout.values.data, rollout.returns.data),
      "update/count": this.#optimiser.steps,
    };
  }

  #learn(rollout: Rollout): Metrics {
    const { nSteps, batchSize } = this.#config;
    const { envs } = rollout.sizes;
    return ppoEpochs({
      ...this.#config,
      units: envs,
      unitsPerMinibatch: batchSize / nSteps,
      random: this.#minibatchRandom,
      optimiser: this.#optimiser,
      prepare: (sequences) => {
        const update = this.#updateFor(sequences.length);
        const { inputs } = update.differentiate;
        // Rows of a rollout are time-major, those of a sequence follow each other.
        const rows = new Int32Array(sequences.length * nSteps);
        for (let i = 0; i < rows.length; i++) rows[i] = (i % nSteps) * envs + sequences[Math.floor(i / nSteps)]!;
        inputs.sequences.set(sequences);
        inputs.rows.set(rows);
        rollout.gatherMasks(rows, inputs.masks);
        return update;
      },
    });
  }

  /** The gradient of one minibatch and the step along it, each recorded once. */
  #recordUpdate(count: number) {
    const { rollout, starts, firstMemory } = this.#collector;
    const { steps, maskSize } = rollout.sizes;
    const specs = {
      sequences: { shape: [count], dtype: "int32" },
      rows: { shape: [count * steps], dtype: "int32" },
      masks: { shape: [count * steps, maskSize], dtype: "uint8" },
    } as const;
    const [clipRange, clipRangeVf] = [this.#clipRange.tensor, this.#clipRangeVf?.tensor ?? null];
    const entCoef = this.#entCoef.tensor;
    const differentiate = plan(specs, ({ sequences, rows, masks }) => {
      const remembered = Object.entries(firstMemory).map(([name, tensor]) => [name, gatherRows(tensor, sequences)]);
      const memory = Object.fromEntries(remembered) as typeof firstMemory;
      const resets = reshape(gatherRows(starts, rows), [count, steps]);
      const network: Pick<PolicyNetwork, "forward"> = {
        forward: (observations, given) =>
          this.#network.forward(reshape(observations, [count, steps, -1]), { ...given, memory, resets }),
      };
      const loss = ppoLoss(network, rollout.minibatch(rows, masks), {
        ...this.#config,
        clipRange,
        clipRangeVf,
        entCoef,
      });
      return { ...loss, gradients: backward(loss.total) };
    });
    const apply = plan({}, () => this.#optimiser.update(differentiate.outputs.gradients));
    return { differentiate, apply };
  }

  #followSchedules(): Metrics {
    const progressRemaining = 1 - this.step / this.#config.steps;
    this.#optimiser.learningRate = this.#learningRate.moveTo(progressRemaining);
    this.#clipRangeVf?.moveTo(progressRemaining);
    return {
      "schedule/learningRate": this.#optimiser.learningRate,
      "schedule/clipRange": this.#clipRange.moveTo(progressRemaining),
      "schedule/entCoef": this.#entCoef.moveTo(progressRemaining),
    };
  }

  /** What changes besides parameters and minibatches, by name. Fresh episodes after a restart remember nothing. */
  #tensors() {
    return {
      actions: this.#actionStream,
      ...prefixed("optimiser/", this.#optimiser.state()),
      ...(this.#canRestore && prefixed("memory/", this.#collector.tensors())),
    };
  }

  save(): Snapshot {
    const minibatches = { ...this.#minibatchRandom.state() };
    return { json: { step: this.step, minibatches }, arrays: stateDict(this.#tensors()) };
  }

  load({ json, arrays }: Snapshot): void {
    const { step, minibatches } = json as unknown as { step: number; minibatches: RandomState };
    loadStateDict(this.#tensors(), arrays);
    this.#minibatchRandom.restore(minibatches);
    this.step = step;
  }
}

/** Minibatches are made of whole sequences. */
function check(config: RecurrentPpoConfig): void {
  requireTwoTransitions(config);
  requireFullMinibatch(config);
  const { nSteps, batchSize, normalizeAdvantage } = config;
  if (batchSize % nSteps !== 0) {
    const allowed = `a multiple of nSteps = ${nSteps}, since a minibatch is made of whole sequences`;
    throw new ConfigError({ field: "batchSize", value: batchSize, allowed });
  }
  if (batchSize === 1 && normalizeAdvantage) {
    const fix = "One advantage alone has no deviation; raise batchSize, or set normalizeAdvantage=false.";
    throw new ConfigError({
      field: "batchSize",
      value: 1,
      allowed: "at least 2 where normalizeAdvantage is true",
      fix,
    });
  }
}

function createPolicy(context: PolicyContext<RecurrentPpoConfig>): ActorCriticPolicy<RememberingNetwork> {
  const { config, observationSpace, actionSpace, key } = context;
  const observationSize = observationSpace.flatSize;
  const network = new RecurrentActorCritic({ ...config, observationSize, actionSpace, key: key.split("network") });
  const noiseSteps = config.sdeSampleFreq > 0 ? config.sdeSampleFreq : config.nSteps;
  return new ActorCriticPolicy(new RememberingNetwork(network, 1), context, noiseSteps);
}

export const recurrentPpo: Algorithm<RecurrentPpoConfig> = {
  name: "recurrent-ppo",
  summary: "PPO with an LSTM or GRU: for environments whose observations do not say everything.",
  source: "Schulman et al. 2017, arXiv:1707.06347; details of sb3-contrib's RecurrentPPO",
  schema,
  actionSpaces: ["discrete", "multi-discrete", "multi-binary", "box"],
  presets: recurrentPpoPresets,
  check,
  createPolicy,
  create: (context) => new RecurrentPpo(context),
};
