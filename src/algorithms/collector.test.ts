import { describe, expect, it } from "vitest";
import { batch, type Env } from "../envs/index.ts";
import { Key } from "../random/index.ts";
import { Box, Discrete } from "../spaces/index.ts";
import { randomStream, tensor, zeros } from "../tensor/index.ts";
import { ActorCritic, sizesOf } from "./actor-critic.ts";
import { BatchActor } from "./batch-actor.ts";
import { Collector } from "./collector.ts";
import { type EpisodeActor, EpisodeCollector } from "./episode-collector.ts";

/** Observations by step of the episode, the first at reset; after the last the episode is cut off. */
function show(...observations: number[]): Env<ArrayLike<number>, ArrayLike<number>> {
  let t = 0;
  const look = () => [observations[t]!];
  return {
    observationSpace: new Box(-9, 9, [1]),
    actionSpace: new Box(-9, 9, [1]),
    reset() {
      t = 0;
      return { observation: look(), info: {} };
    },
    step() {
      t++;
      return { observation: look(), reward: 0, terminated: false, truncated: t === observations.length - 1, info: {} };
    },
  };
}

function parts(makeEnv: () => Env<ArrayLike<number>, ArrayLike<number>>, useSde = false) {
  const env = batch(makeEnv, 2);
  const key = Key.fromSeed(2);
  const network = new ActorCritic({
    observationSize: 1,
    actionSpace: env.actionSpace,
    hidden: [8],
    activation: "tanh",
    orthogonalInit: false,
    logStdInit: 0,
    useSde,
    key: key.split("network"),
  });
  const stream = randomStream(key.split("actions"));
  const actor = new BatchActor({ env, network, stream });
  /** V of one observation. */
  const value = (observation: number) => actor.valuesOf(Float32Array.of(observation, observation))[0]!;
  env.reset(key);
  return { env, network, stream, key, value };
}

describe("a rollout", () => {
  it("goes on, where an episode was cut off, with V of its final observation and not of the next episode's first", () => {
    const { env, network, stream, value } = parts(() => show(-1, 1, 2, 3));
    const collector = new Collector({ env, network, steps: 8, stream });
    const { truncated, nextValues, observations } = collector.collect();
    const cut = [...truncated.keys()].filter((i) => truncated[i]);
    expect(cut).toEqual([4, 5, 10, 11]);
    expect(value(3)).not.toBe(value(-1));
    for (const i of cut) expect(nextValues[i]).toBe(value(3));
    expect([...collector.lastValues]).toEqual([value(2), value(2)]);
    expect([...observations.data].filter((_, i) => i % 2 === 0)).toEqual([-1, 1, 2, -1, 1, 2, -1, 1]);
  });

  it.each([
    [1, [0, 1, 2, 3, 4, 5]],
    [4, [0, 0, 0, 0, 1, 1]],
    [-1, [0, 0, 0, 0, 0, 0]],
  ])("draws state-dependent noise anew after %i steps", (sdeSampleFreq, draws) => {
    const { env, network, stream } = parts(() => show(...new Array<number>(50).fill(0.5)), true);
    const collector = new Collector({ env, network, steps: 6, stream, sdeSampleFreq });
    // While nothing new is seen, another action means other noise.
    const seen = new Map<number, number>();
    const drawOf = (action: number) => seen.get(action) ?? seen.set(action, seen.size).get(action);
    const first = collector.collect().actions.data.filter((_, i) => i % 2 === 0);
    expect([...first].map(drawOf)).toEqual(draws);
    const second = collector.collect().actions.data.filter((_, i) => i % 2 === 0);
    expect(drawOf(second[0]!)).toBe(Math.max(...draws) + 1);
  });
});

describe("whole episodes", () => {
  it("go on with V of the final observation where they were cut off, of the present one where they were capped", () => {
    for (const [maxEpisodeSteps, last] of [
      [10, 3],
      [2, 2],
    ] as const) {
      const { env, network, stream, key, value } = parts(() => show(-1, 1, 2, 3));
      const actor = new BatchActor({ env, network, stream });
      const collector = new EpisodeCollector({ env, actor, episodes: 1, maxEpisodeSteps });
      const { nextValues, truncated, size } = collector.collect(key);
      expect(value(last)).not.toBe(value(-1));
      const cut = [...truncated.subarray(0, size).keys()].filter((i) => truncated[i]);
      expect(cut).toEqual([size - 2, size - 1]);
      for (const i of cut) expect(nextValues[i]).toBe(value(last));
    }
  });

  it("keep what follows each step where it is asked for: final observations, not those of the next episode", () => {
    const { env, network, stream, key } = parts(() => show(-1, 1, 2, 3));
    const actor = new BatchActor({ env, network, stream });
    const kept = new EpisodeCollector({ env, actor, episodes: 2, maxEpisodeSteps: 10, keepsNext: true }).collect(key);
    expect([...kept.observations.slice(0, 12)]).toEqual([-1, -1, 1, 1, 2, 2, -1, -1, 1, 1, 2, 2]);
    expect([...kept.nextObservations.slice(0, 12)]).toEqual([1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3]);
  });

  it.each([false, true])("keep what is read where that is less than what is observed; sparse: %j", (sparseInput) => {
    let made = 0;
    // Games of three steps and of five; in each step another pixel of 16 is lit.
    const makeEnv = (): Env<ArrayLike<number>, number> => {
      const length = made++ % 2 === 0 ? 3 : 5;
      let t = 0;
      const look = () => Float32Array.from({ length: 16 }, (_, i) => (i === 5 * t + length ? 1 : 0));
      return {
        observationSpace: new Box(0, 1, [4, 4]),
        actionSpace: new Discrete(2),
        reset() {
          t = 0;
          return { observation: look(), info: {} };
        },
        step() {
          t++;
          return { observation: look(), reward: 1, terminated: t === length, truncated: false, info: {} };
        },
      };
    };
    const [key, env] = [Key.fromSeed(3), batch(makeEnv, 2)];
    const { actionSpace } = env;
    const shape = { hidden: [8], activation: "tanh", orthogonalInit: false, logStdInit: 0, pooling: 2 } as const;
    const network = new ActorCritic({ ...sizesOf(env.observationSpace), ...shape, actionSpace, sparseInput, key });
    const actor = new BatchActor({ env, network, stream: randomStream(key) });
    const read: number[] = [];
    const watched: EpisodeActor = {
      choose() {
        read.push(
          ...network.read(tensor([0, 1].map((n) => [...env.observations.subarray(16 * n, 16 * n + 16)]))).toArray(),
        );
        return actor.choose();
      },
      step: () => env.step(new Float32Array(2)),
      valuesOf: (observations) => actor.valuesOf(observations),
    };
    const { inputSize } = network;
    const options = { env, actor: watched, inputSize, sparseInput, episodes: 1, maxEpisodeSteps: 60 };
    const episodes = new EpisodeCollector(options).collect(key);
    const rows = episodes.playedRows();
    expect([...rows]).toEqual([0, 1, 2, 3, 4, 5, 7, 9]);
    const kept = zeros([10, inputSize]);
    const into = { observations: kept, actions: zeros([10], "int32"), masks: zeros([0], "uint8") };
    episodes.gather(rows, into);
    const expected = [...rows].flatMap((row) => read.slice(row * inputSize, (row + 1) * inputSize));
    expect(expected.filter((value) => value !== 0).length).toBeGreaterThan(8);
    expect([...kept.toArray()].slice(0, expected.length)).toEqual(expected);
    // Who waits is not looked at.
    episodes.gather(Int32Array.of(6, 8), into);
    const waiting = [...kept.toArray()].slice(0, 2 * inputSize);
    expect(waiting.some((value) => value !== 0)).toBe(!sparseInput);
  });
});
