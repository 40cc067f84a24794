import { describe, expect, it } from "vitest";
import { Key } from "../random/index.ts";
import { makeBatch, makeEnv } from "./registry.ts";
import { episodeStatistics } from "./wrappers/episode-statistics.ts";
import { normalizeObservation } from "./wrappers/normalize-observation.ts";
import { normalizeReward } from "./wrappers/normalize-reward.ts";

/** What the agent gets who always moves up, and what the other side saw first. */
function play(opponent?: (observations: Float32Array, actions: Float32Array) => void) {
  const env = makeBatch("Pong-v0", 3);
  env.opponentSeat!.opponent = opponent;
  env.reset(Key.fromSeed(4));
  const rewards = [0, 0, 0];
  for (let t = 0; t < 400; t++) {
    env.step(new Float32Array(3).fill(1));
    for (let n = 0; n < 3; n++) rewards[n]! += env.rewards[n]!;
  }
  return rewards;
}

describe("the other side's seat", () => {
  it("is the environment's own opponent's where nobody sits there, and gone back to", () => {
    const built = play();
    expect(play(undefined)).toEqual(built);
    // Control: who stands still is another opponent, and a worse one.
    const still = play(() => {});
    expect(still.reduce((a, b) => a + b)).toBeGreaterThan(built.reduce((a, b) => a + b));
  });

  it("sees the game as if it were the agent's side", () => {
    const env = makeBatch("Pong-v0", 2);
    const seen: number[][] = [];
    env.opponentSeat!.opponent = (observations, actions) => {
      seen.push([...observations]);
      actions.fill(1);
    };
    env.reset(Key.fromSeed(1));
    for (let t = 0; t < 4; t++) {
      const own = [...env.observations];
      env.step(new Float32Array(2).fill(1));
      // Both move up alike: own and other paddle are in the same place, and the ball on the other side.
      for (let n = 0; n < 2; n++) {
        expect(seen[t]!.slice(9 * n, 9 * n + 4)).toEqual(own.slice(9 * n, 9 * n + 4));
        expect(seen[t]![9 * n + 4]).toBeCloseTo(-own[9 * n + 4]!, 6);
      }
    }
  });

  it("is there through wrappers that leave observations and rewards alone, and in single environments", () => {
    const env = makeBatch("Pong-v0", 1);
    expect(episodeStatistics(env).opponentSeat).toBe(env.opponentSeat);
    expect(normalizeObservation(env).opponentSeat).toBeUndefined();
    expect(normalizeReward(env, { gamma: 0.99 }).opponentSeat).toBeUndefined();
    expect(makeBatch("CartPole-v1", 1).opponentSeat).toBeUndefined();
    expect(makeEnv("CartPole-v1").opponentSeat).toBeUndefined();
    let asked = 0;
    const single = makeEnv("Pong-v0");
    single.opponentSeat!.opponent = () => {
      asked++;
    };
    single.reset({ seed: 1 });
    single.step(0);
    expect(asked).toBe(1);
  });
});
