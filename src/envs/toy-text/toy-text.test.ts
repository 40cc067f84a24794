import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../errors.ts";
import { Key } from "../../random/index.ts";
import type { FiniteMdp } from "../finite-mdp.ts";
import { envSpec, makeBatch, makeEnv } from "../index.ts";

type Row = [probability: number, state: number, reward: number, terminated: 0 | 1];

interface Case {
  readonly envId: string;
  readonly kwargs: { map_name?: string; desc?: string[]; is_slippery?: boolean };
  readonly maxEpisodeSteps: number | null;
  readonly numStates: number;
  readonly numActions: number;
  readonly transitions?: Row[][][];
  readonly nextState?: number[][];
  readonly reward?: number[][];
  readonly done?: (0 | 1)[][];
  readonly initialStateDistribution: { states: number[]; probabilities: number[] };
}

const path = new URL("../../../test/fixtures/gymnasium-toytext.json", import.meta.url);
const cases: Case[] = JSON.parse(readFileSync(path, "utf8")).cases;

/** The options of a case by the names they have here. */
function optionsOf({ kwargs: { map_name, desc, is_slippery } }: Case) {
  return Object.fromEntries(
    Object.entries({ mapName: map_name, desc, isSlippery: is_slippery }).filter(([, value]) => value !== undefined),
  ) as Record<string, string | string[] | boolean>;
}

function tableOf({ states, actions, outcomes }: FiniteMdp): Row[][][] {
  const indices = (count: number) => Array.from({ length: count }, (_, i) => i);
  return indices(states).map((s) =>
    indices(actions).map((a) =>
      outcomes(s, a).map(
        ({ probability, state, reward, terminated }): Row => [probability, state, reward, terminated ? 1 : 0],
      ),
    ),
  );
}

function expectedTable({ transitions, nextState, reward, done }: Case): Row[][][] {
  return (
    transitions ?? nextState!.map((row, s) => row.map((next, a): Row[] => [[1, next, reward![s]![a]!, done![s]![a]!]]))
  );
}

describe.each(cases.map((one): [string, Case] => [`${one.envId} ${JSON.stringify(one.kwargs)}`, one]))(
  "%s",
  (_name, one) => {
    const model = makeEnv(one.envId, optionsOf(one)).model!;

    it("has Gymnasium's table, in its order", () => {
      expect([model.states, model.actions]).toEqual([one.numStates, one.numActions]);
      expect(tableOf(model)).toEqual(expectedTable(one));
    });

    it("has Gymnasium's start states", () => {
      const { states, probabilities } = one.initialStateDistribution;
      const expected = new Float64Array(one.numStates);
      states.forEach((state, i) => {
        expected[state] = probabilities[i]!;
      });
      expect(Array.from(model.initial)).toEqual([...expected]);
    });

    it("has Gymnasium's time limit", () => {
      expect(envSpec(one.envId).maxEpisodeSteps ?? null).toBe(one.maxEpisodeSteps);
    });

    it("holds probabilities that sum to 1", () => {
      for (const row of tableOf(model).flat()) expect(row.reduce((sum, [p]) => sum + p, 0)).toBeCloseTo(1, 15);
    });
  },
);

it.each([
  ["FrozenLakeDeterministic-v1", "FrozenLake-v1", { isSlippery: false }],
  ["FrozenLake8x8-v1", "FrozenLake-v1", { mapName: "8x8" }],
  ["FrozenLake8x8Deterministic-v1", "FrozenLake-v1", { mapName: "8x8", isSlippery: false }],
  ["CliffWalkingSlippery-v1", "CliffWalking-v1", { isSlippery: true }],
  ["TaxiMasked-v4", "Taxi-v4", { actionMask: true }],
])("%s is %s with %j, and takes options of its own", (id, base, options) => {
  expect(tableOf(makeEnv(id).model!)).toEqual(tableOf(makeEnv(base, options).model!));
  const opposite = Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, name === "mapName" ? "4x4" : !value]),
  );
  expect(tableOf(makeEnv(id, opposite).model!)).toEqual(tableOf(makeEnv(base).model!));
});

it("FrozenLake goes where one wants with the probability asked for", () => {
  const { outcomes } = makeEnv("FrozenLake-v1", { successRate: 0.8 }).model!;
  expect(outcomes(0, 2).map(({ probability, state }) => [state, probability])).toEqual([
    [4, expect.closeTo(0.1, 15)],
    [1, 0.8],
    [0, expect.closeTo(0.1, 15)],
  ]);
  const { outcomes: sure } = makeEnv("FrozenLake-v1", { successRate: 1 }).model!;
  expect(sure(0, 2)).toEqual([{ probability: 1, state: 1, reward: 0, terminated: false }]);
});

describe("FrozenLake refuses", () => {
  it.each([
    [{ desc: ["SF", "F"] }, /option desc must be rows of equal length/],
    [{ desc: ["SF", "FF"] }, /with a start and a goal/],
    [{ desc: ["SG", "FX"] }, ConfigError],
    [{ desc: "SG" }, /option desc must be a list of texts; got "SG"/],
    [{ mapName: "6x6" }, /option mapName must be one of "4x4", "8x8"; got "6x6"/],
    [{ successRate: 1.5 }, /option successRate must be a number from 0 to 1; got 1.5/],
    [
      { isSlipery: false },
      /must be left out, because it does not exist \(there is: mapName, desc, isSlippery, successRate\)/,
    ],
  ])("%j", (options, message) => {
    expect(() => makeEnv("FrozenLake-v1", options)).toThrow(message);
  });
});

describe("Taxi's mask", () => {
  /** By the rule of Gymnasium's `action_mask`, from the map as it prints it. */
  const town = ["|R: | : :G|", "| : | : : |", "| : : : : |", "| | : | : |", "|Y| : |B: |"];
  const places = ["0,0", "0,4", "4,0", "4,3"];
  function gymnasiumMask(state: number): number[] {
    const [row, column] = [Math.floor(state / 100), Math.floor(state / 20) % 5];
    const [passenger, destination] = [Math.floor(state / 4) % 5, state % 4];
    const here = `${row},${column}`;
    return [
      row < 4,
      row > 0,
      column < 4 && town[row]![2 * column + 2] === ":",
      column > 0 && town[row]![2 * column] === ":",
      passenger < 4 && here === places[passenger],
      passenger === 4 && (here === places[destination] || places.includes(here)),
    ].map(Number);
  }

  it("is Gymnasium's in all that happens, in an environment and in a batch", () => {
    const env = makeEnv("TaxiMasked-v4");
    const batch = makeBatch("TaxiMasked-v4", 3);
    batch.reset(Key.fromSeed(2));
    const random = Key.fromSeed(3).stream();
    const seen = new Set<string>();
    let observation = env.reset({ seed: 1 }).observation as number;
    for (let t = 0; t < 3000; t++) {
      expect([...env.actionMask!()]).toEqual(gymnasiumMask(observation));
      const masks = [...batch.observationIndices!].flatMap(gymnasiumMask);
      expect([...batch.actionMasks!]).toEqual(masks);
      seen.add(gymnasiumMask(observation).join(""));
      const result = env.step(env.actionSpace.sample(random, env.actionMask!()));
      expect(result.reward).not.toBe(-10);
      const over = result.terminated || result.truncated;
      observation = (over ? env.reset({}) : result).observation as number;
      batch.step(
        Float32Array.from([0, 1, 2], (n) => env.actionSpace.sample(random, masks.slice(6 * n, 6 * n + 6)) as number),
      );
    }
    expect(seen.size).toBeGreaterThan(10);
    const other = makeBatch("TaxiMasked-v4", 3);
    other.restore(batch.state());
    expect([...other.actionMasks!]).toEqual([...batch.actionMasks!]);
  });

  it("is there only where it is asked for", () => {
    expect(makeEnv("Taxi-v4").actionMask).toBeUndefined();
    expect(makeBatch("Taxi-v4", 1).actionMasks).toBeUndefined();
  });
});
