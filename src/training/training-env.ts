/** The environments of a run, wrapped as its configuration says. */

import type { ObservationNormalizer } from "../algorithms/algorithm.ts";
import type { TrainingListener } from "../algorithms/listener.ts";
import {
  type AnyEnv,
  type BatchEnv,
  batch,
  type EpisodeStatisticsBatch,
  episodeStatistics,
  makeBatch,
  type NormalizedObservationBatch,
  normalizeObservation,
  normalizeReward,
  type RunningMeanStd,
} from "../envs/index.ts";
import type { Space } from "../spaces/index.ts";
import type { ResolvedConfig } from "./config.ts";
import { listenedEnv } from "./listened-env.ts";

/** Makes environment n of a run; it must be a new object every time. */
export type MakeEnv = (n: number) => AnyEnv;

export interface TrainingEnv {
  /** What the learner steps: the outermost wrapper. */
  readonly env: BatchEnv;
  /** Counts episodes by their raw rewards. */
  readonly statistics: EpisodeStatisticsBatch;
  /** Spaces of one environment, before any wrapper. */
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  /** Scales observations, where the configuration says so. */
  readonly normalized: NormalizedObservationBatch | undefined;
}

/** `nEnvs` environments, inside of episode statistics, reward normalisation and observation normalisation, in this order. */
export function makeTrainingEnv(config: ResolvedConfig, makeEnv?: MakeEnv, listener?: TrainingListener): TrainingEnv {
  const { nEnvs = 1, gamma } = config;
  const base = makeEnv ? batch(makeEnv, nEnvs, { name: config.env }) : makeBatch(config.env, nEnvs);
  const statistics = episodeStatistics(base);
  const rewarded = config.normalizeReward ? normalizeReward(statistics, { gamma }) : statistics;
  const normalized = config.normalizeObservation ? normalizeObservation(rewarded) : undefined;
  const { observationSpace, actionSpace } = base;
  const outermost = normalized ?? rewarded;
  const env = listener ? listenedEnv(outermost, listener) : outermost;
  return { env, statistics, observationSpace, actionSpace, normalized };
}

/** Observations scaled by statistics that go on learning elsewhere, or are fixed. */
export function normalizerOf(statistics: RunningMeanStd, epsilon: number, clip: number): ObservationNormalizer {
  return { normalize: (flat) => statistics.normalize(flat, flat, 1, epsilon, clip) };
}
