/**
 * On-policy Monte Carlo control for ε-soft policies: Sutton & Barto 2018, section 5.4. Q of the policy that explores, from the
 * returns of whole episodes, while that policy follows Q:
 *
 *     G_t = r_t + γ G_{t+1};      Q(s_t, a_t) ← Q(s_t, a_t) + α (G_t − Q(s_t, a_t))
 *
 * Its optimum is the best among the policies that explore as much. Deviations from the book:
 *
 * - where an episode was cut off, its return goes on with the policy's expectation of Q in the final observation;
 * - an episode of `maxEpisodeSteps` is learned from as if it had been cut off there, and the rest as if it were another;
 * - the policy is greedy in Q at once and not only after an episode, and N environments share one table.
 */
import { z } from "zod";
import type { Algorithm, CommonConfig, LearnerContext } from "../algorithm.ts";
import { episodeFields, explorationFields, stepSizeFields, tabularFields } from "./config.ts";
import { checkExploration, type Explorer } from "./explorer.ts";
import { actionValueParts } from "./parts.ts";
import { mcControlPresets } from "./presets.ts";
import { RunningEpisodes } from "./running-episodes.ts";
import { TabularLearner, type TabularStep } from "./tabular-learner.ts";
import type { ValueTable } from "./value-table.ts";

const schema = z.strictObject({ ...tabularFields, ...stepSizeFields, ...explorationFields, ...episodeFields });

export type McControlConfig = z.infer<typeof schema> & CommonConfig;
type McOptions = Pick<McControlConfig, "gamma" | "visits" | "maxEpisodeSteps">;

/** Takes note of each transition, and moves Q towards the returns of the episodes that ended with it. */
export function mcControlUpdate(
  q: ValueTable,
  episodes: RunningEpisodes,
  step: TabularStep,
  explorer: Pick<Explorer, "expectedValue">,
  { gamma, visits, maxEpisodeSteps }: McOptions,
): void {
  const { count, states, actions, rewards, nextStates, terminated, truncated } = step;
  const width = q.shape[1];
  for (let n = 0; n < count; n++) {
    const length = episodes.add(n, states[n] * width + actions[n], rewards[n]);
    if (terminated[n] === 0 && truncated[n] === 0 && length < maxEpisodeSteps) continue;
    const finalValue = terminated[n] !== 0 ? 0 : explorer.expectedValue(nextStates[n]);
    episodes.learn(n, q, finalValue, gamma, visits === "first");
  }
}

function create(context: LearnerContext<McControlConfig>): TabularLearner {
  const { q, explorer, policy } = actionValueParts(context, context.env.count);
  const episodes = new RunningEpisodes(context.env.count, q.data.length);
  return new TabularLearner(context, {
    policy,
    tables: [q],
    behaviour: explorer,
    learn: (step) => mcControlUpdate(q, episodes, step, explorer, context.config),
    save: () => ({ tables: episodes.save() }),
    load: (_json, arrays) => episodes.load(arrays),
  });
}

export const mcControl: Algorithm<McControlConfig> = {
  name: "mc-control",
  summary: "Monte Carlo control: the values of the policy that explores, from whole episodes, while it improves.",
  source: "Sutton & Barto 2018, section 5.4",
  schema,
  actionSpaces: ["discrete"],
  observationSpaces: ["discrete"],
  masks: false,
  presets: mcControlPresets,
  check: checkExploration,
  createPolicy: (context) => actionValueParts(context).policy,
  create,
};
