import { describe, expect, it } from "vitest";
import { type BatchEnv, makeBatch, NativeBatch, pongFrames } from "../envs/index.ts";
import { Key } from "../random/index.ts";
import { step, tensor } from "../tensor/index.ts";
import { ActorCritic } from "./actor-critic.ts";
import { FrameReader, readsFrames } from "./frame-reader.ts";

const key = Key.fromSeed(4);

function networkFor({ observationSpace, actionSpace }: BatchEnv, pooling: number): ActorCritic {
  const { shape } = observationSpace as { readonly shape?: readonly number[] };
  return new ActorCritic({
    ...{ observationSize: observationSpace.flatSize, observationShape: shape, actionSpace, pooling, key },
    ...{ hidden: [4], activation: "tanh", orthogonalInit: false, logStdInit: 0 },
  });
}

describe("what is read of stacked frames", () => {
  /** The greatest difference, over 30 steps in which episodes end, from what is read of whole observations. */
  function difference(isDeaf: boolean): number {
    const games = new NativeBatch("Pong", pongFrames(), 3, 7);
    const network = networkFor(games, 4);
    // The control does not hear of episodes that end.
    const never = new Uint8Array(3);
    const { observationSpace, stackedFrames } = games;
    const deaf = {
      ...{ count: 3, observationSpace, stackedFrames, terminated: never, truncated: never },
      get observations() {
        return games.observations;
      },
    };
    const reader = new FrameReader(isDeaf ? deaf : games, network);
    const read = new Float32Array(3 * network.inputSize);
    const random = key.split("actions").stream();
    let greatest = 0;
    games.reset(key);
    for (let t = 0; t < 30; t++) {
      reader.follow(read);
      step(() => {
        const whole = network.read(tensor(games.observations.slice(), [3, 4 * 84 * 84])).data;
        for (const [i, value] of read.entries()) greatest = Math.max(greatest, Math.abs(value - whole[i]!));
      });
      games.step(Float32Array.from({ length: 3 }, () => random.integer(3)));
    }
    return greatest;
  }

  it("is what is read of whole observations, to the same bits, across the ends of episodes", () => {
    expect(difference(false)).toBe(0);
    expect(difference(true)).toBeGreaterThan(0.1);
  });

  it("begins anew where all environments were reset, if it is told", () => {
    const games = makeBatch("PongFrames-v0", 2);
    const network = networkFor(games, 4);
    const readAfterReset = (isTold: boolean) => {
      const reader = new FrameReader(games, network);
      const read = new Float32Array(2 * network.inputSize);
      games.reset(key);
      for (let t = 0; t < 5; t++) {
        reader.follow(read);
        games.step(Float32Array.of(1, 2));
      }
      games.reset(key);
      if (isTold) reader.reset();
      reader.follow(read);
      return read;
    };
    games.reset(key);
    const fresh = step(() => network.read(tensor(games.observations.slice(), [2, 4 * 84 * 84])).toArray());
    expect(readAfterReset(true)).toEqual(fresh);
    expect(readAfterReset(false)).not.toEqual(fresh);
  });

  it("is asked for where images are stacked and pooled", () => {
    const asked = (env: string, pooling: number) => {
      const games = makeBatch(env, 2);
      return readsFrames(games, networkFor(games, pooling));
    };
    expect(asked("PongFrames-v0", 4)).toBe(true);
    expect(asked("PongFrames-v0", 1)).toBe(false);
    expect(asked("PongDifference-v0", 4)).toBe(false);
    expect(asked("CartPole-v1", 1)).toBe(false);
  });
});
