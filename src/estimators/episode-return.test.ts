import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyTransitions, oneEnvironment } from "../../test/support/transitions.ts";
import { episodeReturn, rewardToGo } from "./index.ts";

describe("episodeReturn", () => {
  it("by hand: every step of an episode gets what its first step does", () => {
    const cut = oneEnvironment({ rewards: [1, 2, 3, 4], nextValues: [8, 16, 32, 64], truncated: [0, 1, 0, 0] });
    expect(Array.from(episodeReturn(cut, { gamma: 0.5 }))).toEqual([6, 6, 21, 21]);
    const ended = { ...cut, terminated: cut.truncated, truncated: cut.terminated };
    expect(Array.from(episodeReturn(ended, { gamma: 0.5 }))).toEqual([2, 2, 21, 21]);
  });

  it("is the reward-to-go at first steps, in every environment", () => {
    fc.assert(
      fc.property(anyTransitions, (t) => {
        const [whole, toGo] = [episodeReturn(t, { gamma: 0.9 }), rewardToGo(t, { gamma: 0.9 })];
        for (let i = 0; i < whole.length; i++) {
          const before = i - t.envs;
          const isFirst = before < 0 || t.terminated[before] || t.truncated[before];
          expect(whole[i]).toBe(isFirst ? toGo[i] : whole[before]);
        }
      }),
    );
  });

  it("writes where it is told", () => {
    const t = oneEnvironment({ rewards: [1, 2] });
    const out = new Float32Array(2);
    expect(episodeReturn(t, { gamma: 1 }, out)).toBe(out);
    expect([...out]).toEqual([3, 3]);
  });
});
