/** The same steps of a random policy, for V by TD and for Q by Q-learning: what each of them goes to. */
import { evaluatePolicy, uniformPolicy, valueIteration } from "../../estimators/index.ts";
import { pow } from "../../math/index.ts";
import type { Key } from "../../random/index.ts";
import { isBelow, isWithin, together } from "../claims.ts";
import { playEpisodes } from "../episodes.ts";
import { intervalOf } from "../interval.ts";
import type { Part } from "../lab.ts";
import { lakeWithCost } from "../lake.ts";
import { curve, lines } from "../learning-curve.ts";
import { type Backup, rootMeanSquare } from "./backup.ts";

const GAMMA = 0.95;
const EPISODES = 2000;
const EVERY = 100;
/** An error that counts as having arrived; values reach from about −1 to 1. */
const NEAR = 0.1;

const NAMES = ["V to V of the random policy", "V to V*", "max Q to V*"] as const;

export function onAndOffPolicy(key: Key, repetitions: number, backup: Backup): Part {
  const mdp = lakeWithCost();
  const policy = uniformPolicy(mdp);
  const own = evaluatePolicy(mdp, policy, { gamma: GAMMA });
  const best = valueIteration(mdp, { gamma: GAMMA }).values;
  const runs = Array.from({ length: repetitions }, (_, i) => {
    const { states, actions, nextStates, rewards, terminated } = playEpisodes(
      mdp,
      policy,
      EPISODES,
      key.split("lake", i).stream(),
    );
    const [v, q] = [new Float64Array(mdp.states), new Float64Array(mdp.states * mdp.actions)];
    const [visits, tried] = [new Float64Array(v.length), new Float64Array(q.length)];
    const highest = (state: number) => Math.max(...q.subarray(state * mdp.actions, (state + 1) * mdp.actions));
    const found: number[][] = [];
    for (let t = 0, ended = 0; t < states.length; t++) {
      const [state, next, over] = [states[t]!, nextStates[t]!, terminated[t] === 1];
      const pair = state * mdp.actions + actions[t]!;
      v[state]! += stepSize(++visits[state]!) * (backup(rewards[t]!, v[next]!, over, GAMMA) - v[state]!);
      q[pair]! += stepSize(++tried[pair]!) * (backup(rewards[t]!, highest(next), over, GAMMA) - q[pair]!);
      if (!over || ++ended % EVERY !== 0) continue;
      // States that end an episode are never left, and have no value to learn.
      const seen = visits.map((count) => Math.min(1, count));
      const maxima = v.map((_, s) => highest(s));
      found.push([rootMeanSquare(v, own, seen), rootMeanSquare(v, best, seen), rootMeanSquare(maxima, best, seen)]);
    }
    return found;
  });
  const at = Array.from({ length: EPISODES / EVERY }, (_, i) => (i + 1) * EVERY);
  const last = NAMES.map((name, i) => ({ name: `error of ${name}`, values: runs.map((run) => run.at(-1)![i]!) }));
  const [toOwn, toBest, ofQ] = last;
  return {
    tables: [
      {
        title: `The lake under random actions: RMS error after ${EPISODES} episodes`,
        columns: ["error"],
        rows: last.map(({ name, values }) => ({ name, cells: [intervalOf(values)] })),
      },
    ],
    charts: [
      lines(
        { title: "Learning from a random policy: V by TD, Q by Q-learning", x: "episodes", y: "RMS error" },
        NAMES.map((name, i) =>
          curve(
            name,
            at,
            runs.map((run) => run.map((errors) => errors[i]!)),
          ),
        ),
      ),
    ],
    claims: [
      together("V learned on-policy goes to the values of the policy that acted, not to the best ones", [
        isWithin("near the one", toOwn!, 0, NEAR),
        isBelow("and nearer than to the others", toOwn!, toBest!),
      ]),
      isWithin("Q learned off-policy, from the same steps, goes to the best ones", ofQ!, 0, NEAR),
    ],
  };
}

/** Falls slowly enough to forget the beginning, and fast enough to settle (Even-Dar & Mansour 2003). */
function stepSize(visits: number): number {
  return 1 / pow(visits, 0.7);
}
