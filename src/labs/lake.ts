/** The finite task of several labs. */
import { type FiniteMdp, frozenLake } from "../envs/index.ts";

export const STEP_COST = 0.1;

/** FrozenLake on which each step costs something: else the one reward comes last, and the reward-to-go is the full return. */
export function lakeWithCost(): FiniteMdp {
  const { model } = frozenLake({ successRate: 0.8 });
  const outcomes = model.outcomes.bind(model);
  return { ...model, outcomes: (s, a) => outcomes(s, a).map((one) => ({ ...one, reward: one.reward - STEP_COST })) };
}
