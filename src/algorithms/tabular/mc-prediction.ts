/**
 * Monte Carlo prediction: Sutton & Barto 2018, section 5.1; Singh & Sutton 1996 for first visit against every visit. V of a
 * policy that stays as it is, from what followed until the end of the episode:
 *
 *     G_t = r_t + γ G_{t+1};      V(s_t) ← V(s_t) + α (G_t − V(s_t))
 *
 * Nothing is estimated from estimates, so nothing is biased by them, but returns are noisy, and nothing is learned before an
 * episode has ended. First visits alone are unbiased; every visit uses more of the data. Deviations from the book:
 *
 * - where an episode was cut off, its return goes on with V of the final observation;
 * - an episode of `maxEpisodeSteps` is learned from as if it had been cut off there, and the rest as if it were another;
 * - N environments share one table.
 */
import { z } from "zod";
import type { Algorithm, CommonConfig, LearnerContext } from "../algorithm.ts";
import { episodeFields, policyFields, stepSizeFields, tabularFields } from "./config.ts";
import { valueParts, valuePolicy } from "./parts.ts";
import { RunningEpisodes } from "./running-episodes.ts";
import { TabularLearner, type TabularStep } from "./tabular-learner.ts";
import type { ValueTable } from "./value-table.ts";

const schema = z.strictObject({ ...tabularFields, ...stepSizeFields, ...policyFields, ...episodeFields });

export type McPredictionConfig = z.infer<typeof schema> & CommonConfig;
type McOptions = Pick<McPredictionConfig, "gamma" | "visits" | "maxEpisodeSteps">;

/** Takes note of each transition, and moves V towards the returns of the episodes that ended with it. */
export function mcPredictionUpdate(
  values: ValueTable,
  episodes: RunningEpisodes,
  step: TabularStep,
  { gamma, visits, maxEpisodeSteps }: McOptions,
): void {
  const { count, states, rewards, nextStates, terminated, truncated } = step;
  for (let n = 0; n < count; n++) {
    const length = episodes.add(n, states[n], rewards[n]);
    if (terminated[n] === 0 && truncated[n] === 0 && length < maxEpisodeSteps) continue;
    const finalValue = terminated[n] !== 0 ? 0 : values.data[nextStates[n]];
    episodes.learn(n, values, finalValue, gamma, visits === "first");
  }
}

function create(context: LearnerContext<McPredictionConfig>): TabularLearner {
  const { values, policy, behaviour } = valueParts(context);
  const episodes = new RunningEpisodes(context.env.count, values.data.length);
  return new TabularLearner(context, {
    policy,
    tables: [values],
    behaviour,
    learn: (step) => mcPredictionUpdate(values, episodes, step, context.config),
    save: () => ({ tables: episodes.save() }),
    load: (_json, arrays) => episodes.load(arrays),
  });
}

export const mcPrediction: Algorithm<McPredictionConfig> = {
  name: "mc-prediction",
  summary: "Monte Carlo prediction: the values of a given policy, from the returns of whole episodes.",
  source: "Sutton & Barto 2018, section 5.1; Singh & Sutton 1996",
  schema,
  actionSpaces: ["discrete"],
  observationSpaces: ["discrete"],
  masks: false,
  improves: false,
  presets: {},
  createPolicy: (context) => valuePolicy(context).policy,
  create,
};
