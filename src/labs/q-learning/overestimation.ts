/**
 * The maximum of noisy values is too large (Sutton & Barto 2018, example 6.7): from A one may stop with 0, or go to B, where each of
 * ten actions gives −0.1 ± 1 and ends. Going to B is wrong, and looks right as long as one of the ten has been lucky.
 */
import type { Key, Random } from "../../random/index.ts";
import { isBelow, type Measured } from "../claims.ts";
import type { Part } from "../lab.ts";
import { curve, lines } from "../learning-curve.ts";

const ACTIONS = 10;
const MEAN = -0.1;
const EPISODES = 300;
const EVERY = 10;
const STEP_SIZE = 0.1;
const EPSILON = 0.1;
/** Episodes after which the estimates are compared: early, where luck has not yet averaged out. */
const EARLY = 50;

export function overestimation(key: Key, repetitions: number, doubles = true): Part {
  const runs = [false, doubles].map((double) =>
    Array.from({ length: repetitions }, (_, i) => learn(double, key.split("lucky", i).stream())),
  );
  const at = Array.from({ length: EPISODES / EVERY }, (_, i) => (i + 1) * EVERY);
  const names = ["Q-learning", "double Q-learning"];
  const early = (which: 0 | 1, what: "toB" | "wrong"): Measured => ({
    name: names[which]!,
    values: runs[which]!.map((run) => run[what][EARLY / EVERY - 1]!),
  });
  const truth = { name: "true value of going to B", values: new Array<number>(repetitions).fill(MEAN) };
  return {
    tables: [],
    charts: [
      lines({ title: "Estimated value of the wrong choice; the truth is −0.1", x: "episodes", y: "Q(A, to B)" }, [
        ...names.map((name, i) =>
          curve(
            name,
            at,
            runs[i]!.map((run) => run.toB),
          ),
        ),
        { name: "truth", points: at.map((x) => ({ x, y: MEAN })) },
      ]),
      lines(
        { title: "How often the wrong choice has been made", x: "episodes", y: "share of the episodes" },
        names.map((name, i) =>
          curve(
            name,
            at,
            runs[i]!.map((run) => run.wrong),
          ),
        ),
      ),
    ],
    claims: [
      isBelow(`Q-learning overestimates the wrong choice after ${EARLY} episodes`, truth, early(0, "toB")),
      isBelow("Double Q-learning estimates it lower than Q-learning", early(1, "toB"), early(0, "toB")),
      isBelow("Double Q-learning makes the wrong choice less often", early(1, "wrong"), early(0, "wrong")),
    ],
  };
}

/** Each `EVERY` episodes Q(A, to B), and the share of episodes so far that went there. */
function learn(double: boolean, random: Random): { toB: number[]; wrong: number[] } {
  // Of A: stop, go to B. Two tables where they are double, else twice the same one.
  const a = [new Float64Array(2), new Float64Array(2)];
  const b = [new Float64Array(ACTIONS), new Float64Array(ACTIONS)];
  if (!double) [a[1], b[1]] = [a[0]!, b[0]!];
  const sum = (tables: readonly Float64Array[]) => tables[0]!.map((value, i) => value + tables[1]![i]!);
  const act = (values: Float64Array) =>
    random.uniform() < EPSILON ? random.integer(values.length) : bestOf(values, random);
  const [toB, wrong]: number[][] = [[], []];
  let times = 0;
  for (let episode = 1; episode <= EPISODES; episode++) {
    const first = act(sum(a));
    times += first;
    const own = double ? random.integer(2) : 0;
    const other = double ? 1 - own : 0;
    if (first === 0) a[own]![0]! += STEP_SIZE * (0 - a[own]![0]!);
    else {
      const judged = b[other]![bestOf(b[own]!, random)]!;
      a[own]![1]! += STEP_SIZE * (judged - a[own]![1]!);
      const second = act(sum(b));
      const reward = MEAN + (random.uniform() < 0.5 ? -1 : 1);
      b[own]![second]! += STEP_SIZE * (reward - b[own]![second]!);
    }
    if (episode % EVERY !== 0) continue;
    toB!.push((a[0]![1]! + a[1]![1]!) / 2);
    wrong!.push(times / episode);
  }
  return { toB: toB!, wrong: wrong! };
}

/** The index of the largest, among equals a random one. */
function bestOf(values: Float64Array, random: Random): number {
  const most = Math.max(...values);
  const equal = Array.from(values.keys()).filter((i) => values[i] === most);
  return equal.length === 1 ? equal[0]! : equal[random.integer(equal.length)]!;
}
