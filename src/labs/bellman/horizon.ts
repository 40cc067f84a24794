/** Values of episodes that end after H steps: with a table for each step, and with one that does not know how many are left. */
import { finiteHorizon, uniformPolicy } from "../../estimators/index.ts";
import type { Key } from "../../random/index.ts";
import { isBelow, isWithin } from "../claims.ts";
import { playEpisodes } from "../episodes.ts";
import { intervalOf } from "../interval.ts";
import type { Part } from "../lab.ts";
import { lakeWithCost } from "../lake.ts";
import { curve, lines } from "../learning-curve.ts";
import { type Backup, rootMeanSquare } from "./backup.ts";

const HORIZON = 8;
const EPISODES = 4000;

export function horizonValues(key: Key, repetitions: number, backup: Backup): Part {
  const mdp = lakeWithCost();
  const policy = uniformPolicy(mdp);
  const exact = finiteHorizon(mdp, { horizon: HORIZON, policy }).values.slice(0, HORIZON);
  const start = Array.from(mdp.initial).indexOf(1);
  const truth = exact.flatMap((table) => Array.from(table));
  const runs = Array.from({ length: repetitions }, (_, i) => {
    const episodes = playEpisodes(mdp, policy, EPISODES, key.split("horizon", i).stream());
    const timed = new Float64Array(HORIZON * mdp.states);
    const blind = new Float64Array(mdp.states);
    const [visits, seen] = [new Float64Array(timed.length), new Float64Array(mdp.states)];
    for (let t = 0; t < episodes.states.length; t++) {
      const time = episodes.times[t]!;
      if (time >= HORIZON) continue;
      const [state, next] = [episodes.states[t]!, episodes.nextStates[t]!];
      const over = episodes.terminated[t] === 1 || time === HORIZON - 1;
      const place = time * mdp.states + state;
      const later = timed[place + mdp.states - state + next] ?? 0;
      timed[place]! += (backup(episodes.rewards[t]!, later, over, 1) - timed[place]!) / Math.sqrt(++visits[place]!);
      blind[state]! +=
        (backup(episodes.rewards[t]!, blind[next]!, over, 1) - blind[state]!) / Math.sqrt(++seen[state]!);
    }
    const repeated = exact.flatMap(() => Array.from(blind));
    return {
      timed: rootMeanSquare(timed, truth, visits),
      blind: rootMeanSquare(repeated, truth, visits),
      byTime: exact.map((_, time) => timed[time * mdp.states + start]!),
      always: exact.map(() => blind[start]!),
    };
  });
  const left = exact.map((_, time) => HORIZON - time);
  const [timed, blind] = [runs.map((run) => run.timed), runs.map((run) => run.blind)];
  return {
    tables: [
      {
        title: `Episodes of at most ${HORIZON} steps: RMS error of the values learned by TD`,
        columns: ["error"],
        rows: [
          { name: "a table for each step", cells: [intervalOf(timed)] },
          { name: "one table", cells: [intervalOf(blind)] },
        ],
      },
    ],
    charts: [
      lines({ title: "Value of the first state by the steps that are left", x: "steps left", y: "V" }, [
        { name: "exact", points: left.map((x, i) => ({ x, y: exact[i]![start]! })) },
        curve(
          "a table for each step",
          left,
          runs.map(({ byTime }) => byTime),
        ),
        curve(
          "one table",
          left,
          runs.map(({ always }) => always),
        ),
      ]),
    ],
    claims: [
      isBelow(
        "With a last step values depend on the time: one table cannot hold them",
        { name: "error of a table for each step", values: timed },
        { name: "of one table", values: blind },
      ),
      isWithin("A table for each step learns values with a last step", { name: "its error", values: timed }, 0, 0.05),
    ],
  };
}
