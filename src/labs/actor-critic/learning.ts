/** What a critic that learns beside its policy does to learning: three learners, each with the best of several step sizes. */
import { evaluatePolicy, uniformPolicy, valueAtStart } from "../../estimators/index.ts";
import { exp } from "../../math/index.ts";
import type { Key } from "../../random/index.ts";
import { isBelow, type Measured } from "../claims.ts";
import { playEpisodes } from "../episodes.ts";
import { intervalOf, meanOf } from "../interval.ts";
import type { Part } from "../lab.ts";
import { lakeWithCost } from "../lake.ts";
import { curve, lines } from "../learning-curve.ts";

const GAMMA = 0.95;
const EPISODES = 400;
const EVERY = 20;
const STEP_SIZES = [0.2, 0.4, 0.8, 1.6, 3.2, 6.4];
const CRITIC_STEP_SIZE = 0.1;

/** From the steps of an episode: the credit of step t. The critic's values are those from before the episode. */
type Credit = (step: { reward: number; toGo: number; value: number; next: number }) => number;

export const learners: Readonly<Record<string, Credit>> = {
  REINFORCE: ({ toGo }) => toGo,
  "REINFORCE with baseline": ({ toGo, value }) => toGo - value,
  "one-step actor-critic": ({ reward, value, next }) => reward + GAMMA * next - value,
};

export function learning(key: Key, repetitions: number, ways = learners): Part {
  const half = repetitions >> 1;
  const found = Object.entries(ways).map(([name, credit]) => {
    const curves = STEP_SIZES.map((size) =>
      Array.from({ length: repetitions }, (_, i) => learn(credit, size, key.split("learning", i))),
    );
    // Chosen by one half of the repetitions, judged by the other.
    const chosen = curves.map((runs) => meanOf(runs.slice(0, half).map(meanOf)));
    const best = chosen.indexOf(Math.max(...chosen));
    const judged: Measured = {
      name: `mean J of ${name} with α = ${STEP_SIZES[best]}`,
      values: curves[best]!.slice(half).map(meanOf),
    };
    return {
      name,
      runs: curves[best]!,
      means: curves.map((runs) => runs.map(meanOf)),
      judged,
    };
  });
  const [plain, baseline, oneStep] = found.map(({ judged }) => judged);
  return {
    tables: [
      {
        title: `Learning the lake from ${EPISODES} episodes: mean of J on the way, by step size`,
        columns: STEP_SIZES.map((size) => `α = ${size}`),
        rows: found.map(({ means }, i) => ({
          name: Object.keys(ways)[i]!,
          cells: means.map((values) => intervalOf(values)),
        })),
      },
    ],
    charts: [
      lines(
        {
          title: "The policy's exact value while it learns, each learner with its best step size",
          x: "episodes",
          y: "J",
        },
        found.map(({ name, runs }) =>
          curve(
            name,
            Array.from(runs[0]!, (_, i) => i * EVERY),
            runs,
          ),
        ),
        "free",
      ),
    ],
    claims: [
      isBelow("A learned baseline makes REINFORCE learn faster", plain!, baseline!),
      isBelow("A one-step actor-critic learns faster than REINFORCE", plain!, oneStep!),
      isBelow(
        `A one-step actor-critic bears larger steps than REINFORCE (α = ${STEP_SIZES.at(-1)})`,
        { name: "mean J of REINFORCE", values: found[0]!.means.at(-1)! },
        { name: "of the one-step actor-critic", values: found[2]!.means.at(-1)! },
      ),
    ],
  };
}

/** J, solved for exactly, before learning and each `EVERY` episodes; one update of policy and critic after each episode. */
function learn(credit: Credit, size: number, key: Key): number[] {
  const mdp = lakeWithCost();
  const { states, actions } = mdp;
  const policy = uniformPolicy(mdp);
  const preferences = new Float64Array(policy.length);
  const values = new Float64Array(states);
  const random = key.stream();
  const objective = () => valueAtStart(mdp, evaluatePolicy(mdp, policy, { gamma: GAMMA }));
  const curve = [objective()];
  for (let episode = 1; episode <= EPISODES; episode++) {
    const played = playEpisodes(mdp, policy, 1, random);
    const before = values.slice();
    const scored = policy.slice();
    let toGo = 0;
    for (let t = played.states.length - 1; t >= 0; t--) {
      const [state, reward] = [played.states[t]!, played.rewards[t]!];
      const next = played.terminated[t] ? 0 : before[played.nextStates[t]!]!;
      toGo = reward + GAMMA * toGo;
      const weight = size * credit({ reward, toGo, value: before[state]!, next });
      for (let b = 0, i = state * actions; b < actions; b++, i++) {
        preferences[i]! += weight * ((b === played.actions[t] ? 1 : 0) - scored[i]!);
      }
      values[state]! += CRITIC_STEP_SIZE * (reward + GAMMA * next - values[state]!);
    }
    softmax(preferences, policy, actions);
    if (episode % EVERY === 0) curve.push(objective());
  }
  return curve;
}

function softmax(preferences: Float64Array, out: Float64Array, actions: number): void {
  for (let first = 0; first < out.length; first += actions) {
    const most = Math.max(...preferences.subarray(first, first + actions));
    let sum = 0;
    for (let i = first; i < first + actions; i++) sum += exp(preferences[i]! - most);
    for (let i = first; i < first + actions; i++) out[i] = exp(preferences[i]! - most) / sum;
  }
}
