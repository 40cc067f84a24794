// Bit flipping with 15 bits, with hindsight and without (Andrychowicz et al. 2017, figure 1): how many goals are reached.
import { evaluate, train } from "limpid";
import { interquartileMean } from "limpid/estimators";

const env = "BitFlipping-v0";
const BITS = 15;

/** Shares of 100 evaluation episodes: at least `reach` with hindsight, at most `below` in the control. */
const ROWS = [
  { set: {}, reach: 0.9 },
  { set: { replayStrategy: "none" }, below: 0.1 },
];

/**
 * Trains DQN with the preset for every seed, in this process.
 * @returns one row for each of the two: settings, target, share of goals reached by seed, its interquartile mean, whether the
 *   target is met, and the hashes of the parameters
 */
export function bitFlipping(seeds) {
  return ROWS.map(({ set, reach, below }) => {
    const runs = seeds.map((seed) => {
      const run = train({ algorithm: "dqn", env, seed, ...set });
      for (const _ of run);
      const { returns } = evaluate(run.policy, { env, episodes: 100, seed: 7 });
      // The last of all steps costs nothing where it reaches the goal.
      const share = returns.filter((value) => value > -BITS).length / returns.length;
      return { seed, steps: run.step, share, parametersSha256: run.parametersSha256() };
    });
    const iqm = interquartileMean(runs.map(({ share }) => share));
    return { algorithm: "dqn", env, set, reach, below, runs, iqm, isMet: reach ? iqm >= reach : iqm <= below };
  });
}
