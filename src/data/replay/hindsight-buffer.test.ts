import { describe, expect, it } from "vitest";
import type { GoalRules } from "../../envs/index.ts";
import { Key } from "../../random/index.ts";
import { plan, step } from "../../tensor/index.ts";
import { HindsightBuffer, type HindsightStrategy } from "./hindsight-buffer.ts";
import type { ReplayBuffer } from "./replay-buffer.ts";
import { replayInputs } from "./transitions.ts";

const GAMMA = 0.5;
const WIDTH = 4;
const BATCH = 400;
/** The goal stands before the end of the observation, so that what comes after it must stay too. */
const layout = { size: 1, achieved: 0, desired: 2 };
const NEVER = -100;

/** Being there costs nothing, and ends the task. */
const goals: GoalRules = {
  computeReward: (achieved, desired) => (achieved[0] === desired[0] ? 0 : -1),
  computeTerminated: (achieved, desired) => achieved[0] === desired[0],
};

interface Options {
  strategy?: HindsightStrategy;
  nSampledGoal?: number;
  goals?: GoalRules;
  capacity?: number;
  envs?: number;
  batchSize?: number;
}

function makeBuffer({ capacity = 100, envs = 1, batchSize = BATCH, ...options }: Options = {}): HindsightBuffer {
  return new HindsightBuffer(
    { capacity, envs, observationSize: WIDTH, actionShape: [], actionType: "int32", maskSize: 0 },
    {
      ...{ strategy: "future", nSampledGoal: 4, goals, layout, batchSize, random: Key.fromSeed(1).stream() },
      ...options,
    },
  );
}

/**
 * Environment n achieves 1000 n + t after step t, counted through all episodes; a goal that is never achieved is desired. The
 * other entries are t and n. `ends`: after which steps its episodes end.
 */
function play(buffer: ReplayBuffer, steps: number, ends: readonly number[][]): void {
  const envs = ends.length;
  const row = (n: number, t: number) => [1000 * n + t, t, NEVER, n];
  const all = (t: number) => Float32Array.from(ends.flatMap((_, n) => row(n, t)));
  for (let t = 1; t <= steps; t++) {
    buffer.observe({ observations: all(t - 1) });
    buffer.record(new Float32Array(envs), {
      observations: all(t),
      finalObservations: all(t),
      rewards: new Float32Array(envs).fill(-1),
      terminated: new Uint8Array(envs),
      truncated: Uint8Array.from(ends, (list) => Number(list.includes(t))),
    });
  }
}

function filled(options: Options, ends: number[][] = [[10]], steps = 10): HindsightBuffer {
  const buffer = makeBuffer({ envs: ends.length, ...options });
  play(buffer, steps, ends);
  return buffer;
}

/** What a minibatch of the given rows says, transition by transition. */
function draw(buffer: ReplayBuffer, rows: Int32Array, n = 1) {
  const recorded = plan(replayInputs(rows.length), (inputs) => buffer.minibatch(inputs));
  buffer.window(rows, n, GAMMA, recorded.inputs);
  const { observations, nextObservations, returns, discounts } = recorded.run();
  return Array.from(rows, (row, i) => ({
    row,
    before: [...observations.data.subarray(i * WIDTH, (i + 1) * WIDTH)].map(Number),
    after: [...nextObservations.data.subarray(i * WIDTH, (i + 1) * WIDTH)].map(Number),
    return: returns.data[i]!,
    discount: discounts.data[i]!,
  }));
}

const same = (row: number, count = BATCH) => new Int32Array(count).fill(row);
const goalOf = ({ before }: { before: number[] }) => before[layout.desired]!;
const goalsOf = (drawn: { before: number[] }[]) =>
  [...new Set(drawn.map(goalOf))].filter((goal) => goal !== NEVER).sort((a, b) => a - b);

describe("hindsight replay", () => {
  it("tells k of k + 1 transitions again, and leaves everything but the goal as it was", () => {
    const drawn = draw(filled({}), same(3));
    const again = drawn.filter((one) => goalOf(one) !== NEVER);
    expect(again.length / BATCH).toBeGreaterThan(0.74);
    expect(again.length / BATCH).toBeLessThan(0.86);
    for (const one of drawn) {
      const goal = goalOf(one);
      expect(one.before).toEqual([3, 3, goal, 0]);
      expect(one.after).toEqual([4, 4, goal, 0]);
      // Only the goal that this very step achieves makes it a success, which ends the task.
      expect(one.return).toBe(goal === 4 ? 0 : -1);
      expect(one.discount).toBe(goal === 4 ? 0 : GAMMA);
    }
    const few = draw(filled({ nSampledGoal: 1 }), same(3));
    expect(few.filter((one) => goalOf(one) === NEVER).length / BATCH).toBeGreaterThan(0.42);
  });

  it("takes goals of this step or later of the same episode: future", () => {
    const buffer = filled({}, [[4, 9]], 15);
    expect(goalsOf(draw(buffer, same(1)))).toEqual([2, 3, 4]);
    expect(goalsOf(draw(buffer, same(4)))).toEqual([5, 6, 7, 8, 9]);
    // An episode that still goes on has what it achieved so far.
    expect(goalsOf(draw(buffer, same(12)))).toEqual([13, 14, 15]);
    expect(goalsOf(draw(buffer, same(14)))).toEqual([15]);
  });

  it("takes the last goal of the episode: final", () => {
    const buffer = filled({ strategy: "final" }, [[4, 9]], 15);
    expect([1, 4, 8, 12].map((row) => goalsOf(draw(buffer, same(row))))).toEqual([[4], [9], [9], [15]]);
  });

  it("takes any goal of the episode: episode", () => {
    const buffer = filled({ strategy: "episode" }, [[4, 9]], 15);
    expect(goalsOf(draw(buffer, same(3)))).toEqual([1, 2, 3, 4]);
    expect(goalsOf(draw(buffer, same(6)))).toEqual([5, 6, 7, 8, 9]);
    expect(goalsOf(draw(buffer, same(12)))).toEqual([10, 11, 12, 13, 14, 15]);
  });

  it("draws every one of them as often", () => {
    const counts = new Map<number, number>();
    const buffer = filled({ batchSize: 4000 });
    for (const one of draw(buffer, same(5, 4000))) counts.set(goalOf(one), (counts.get(goalOf(one)) ?? 0) + 1);
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([NEVER, 6, 7, 8, 9, 10]);
    for (const [goal, count] of counts) {
      const expected = goal === NEVER ? 800 : 640;
      expect(Math.abs(count - expected), `goal ${goal}`).toBeLessThan(4 * Math.sqrt(expected));
    }
  });

  it("keeps environments apart", () => {
    const buffer = filled({}, [[6], [3, 10]], 10);
    // Row 2 t + n is step t of environment n.
    expect(goalsOf(draw(buffer, same(2 * 4)))).toEqual([5, 6]);
    expect(goalsOf(draw(buffer, same(2 * 7 + 1)))).toEqual([1008, 1009, 1010]);
  });

  it("goes on over the end of the ring, and not from its newest step to its oldest", () => {
    const buffer = filled({ capacity: 8, strategy: "episode" }, [[100]], 11);
    // Steps 4 … 11 are left, at rows 3 … 7 and 0 … 2.
    expect(goalsOf(draw(buffer, same(7)))).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
    expect(goalsOf(draw(buffer, same(1)))).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
    const future = filled({ capacity: 8 }, [[100]], 11);
    expect(goalsOf(draw(future, same(7)))).toEqual([8, 9, 10, 11]);
    expect(goalsOf(draw(future, same(2)))).toEqual([11]);
  });

  it("follows the new goal along windows of several steps, which end where it is achieved", () => {
    const buffer = filled({}, [[6]], 10);
    for (const one of draw(buffer, same(1), 3)) {
      // The window begins at step 2: rewards −1, −1, −1 with γ = ½, unless the goal is achieved on the way.
      const expected = { 2: [0, 0, 2], 3: [-1, 0, 3], 4: [-1.5, 0, 4], 5: [-1.75, 0.125, 4], 6: [-1.75, 0.125, 4] };
      const [value, discount, last] = goalOf(one) === NEVER ? [-1.75, 0.125, 4] : expected[goalOf(one) as 2];
      expect([one.return, one.discount, one.after[0]], `goal ${goalOf(one)}`).toEqual([value, discount, last]);
    }
    // A window that the episode's end cuts is bootstrapped there.
    for (const one of draw(buffer, same(4), 3)) {
      const isReached = goalOf(one) === 5 ? [0, 0, 5] : goalOf(one) === 6 ? [-1, 0, 6] : [-1.5, 0.25, 6];
      expect([one.return, one.discount, one.after[0]]).toEqual(isReached);
    }
  });

  it("bootstraps where only the old goal had ended the task", () => {
    const buffer = makeBuffer();
    buffer.observe({ observations: Float32Array.of(0, 0, 1, 0) });
    buffer.record([0], {
      ...{ observations: new Float32Array(4), finalObservations: Float32Array.of(1, 1, 1, 0), rewards: [0] },
      ...{ terminated: Uint8Array.of(1), truncated: Uint8Array.of(0) },
    });
    const other = makeBuffer({ goals: { ...goals, computeTerminated: () => false } });
    other.load(buffer.save());
    const told = draw(other, same(0)).filter(({ discount }) => discount === GAMMA);
    // Of the fifth that is told as it was, the end is the environment's own.
    expect(told.length / BATCH).toBeGreaterThan(0.74);
    expect(draw(buffer, same(0)).every(({ discount }) => discount === 0)).toBe(true);
  });

  it("goes on exactly from what was saved", () => {
    const first = filled({});
    draw(first, same(2));
    const second = makeBuffer();
    second.load(structuredClone(first.save()));
    expect(draw(second, same(3))).toEqual(draw(first, same(3)));
    expect(second.save()).toEqual(first.save());
  });

  it("would fail these checks if goals came from anywhere in the buffer", () => {
    class Careless extends HindsightBuffer {
      override window(...[rows, n, gamma, into]: Parameters<HindsightBuffer["window"]>): void {
        // Without ends every later step looks like the same episode.
        const ends = this.truncated.slice();
        this.truncated.fill(0);
        super.window(rows, n, gamma, into);
        this.truncated.set(ends);
      }
    }
    const { sizes } = makeBuffer();
    const options = { strategy: "future", nSampledGoal: 4, goals, layout, batchSize: BATCH } as const;
    const careless = new Careless(sizes, { ...options, random: Key.fromSeed(1).stream() });
    play(careless, 15, [[4, 9]]);
    expect(goalsOf(draw(careless, same(1)))).not.toEqual([2, 3, 4]);
  });

  it("works eagerly too", () => {
    const buffer = filled({ batchSize: 2 });
    step(() => {
      const { inputs } = plan(replayInputs(2), () => undefined);
      buffer.window(Int32Array.of(9, 9), 1, GAMMA, inputs);
      const goal = Number(buffer.minibatch(inputs).observations.data[layout.desired]);
      expect([NEVER, 10]).toContain(goal);
    });
  });
});
