import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyTransitions, expectClose, oneEnvironment } from "../../test/support/transitions.ts";
import { ConfigError, ShapeError } from "../errors.ts";
import { discountedReturn, lambdaReturn, nStepReturn, rewardToGo } from "./index.ts";

const fraction = fc.double({ min: 0, max: 1, noNaN: true });

/** Four steps: the second is cut off by a time limit, the last is cut off by the end of the rows. */
const cutTwice = oneEnvironment({ rewards: [1, 2, 3, 4], nextValues: [8, 16, 32, 64], truncated: [0, 1, 0, 0] });
const ended = { ...cutTwice, terminated: cutTwice.truncated, truncated: cutTwice.terminated };

describe("discountedReturn", () => {
  it("by hand, with and without a value behind the last reward", () => {
    expect(discountedReturn([1, 2, 4], 0.5)).toBe(3);
    expect(discountedReturn([1, 2, 4], 0.5, 8)).toBe(4);
    expect(discountedReturn([], 0.5)).toBe(0);
    expect(discountedReturn([1, 2, 4], 1)).toBe(7);
    expect(discountedReturn([1, 2, 4], 0)).toBe(1);
    expect(() => discountedReturn([1], 1.5)).toThrow(ConfigError);
  });
});

describe("rewardToGo", () => {
  it("by hand: bootstraps at a truncation and after the last row, not at a termination", () => {
    expect(Array.from(rewardToGo(cutTwice, { gamma: 0.5 }))).toEqual([6, 10, 21, 36]);
    expect(Array.from(rewardToGo(ended, { gamma: 0.5 }))).toEqual([2, 2, 21, 36]);
  });

  it("a step both terminated and truncated has terminated", () => {
    const both = { ...cutTwice, terminated: cutTwice.truncated };
    expect(rewardToGo(both, { gamma: 0.5 })).toEqual(rewardToGo(ended, { gamma: 0.5 }));
  });

  it("starts each episode with its discounted return", () => {
    fc.assert(
      fc.property(anyTransitions, fraction, (t, gamma) => {
        const toGo = rewardToGo(t, { gamma });
        for (let i = 0; i < toGo.length; i++) {
          const rewards: number[] = [];
          let j = i;
          for (; ; j += t.envs) {
            rewards.push(t.rewards[j]);
            if (t.terminated[j] || t.truncated[j] || j + t.envs >= toGo.length) break;
          }
          expectClose([toGo[i]], [discountedReturn(rewards, gamma, t.terminated[j] ? 0 : t.nextValues[j])]);
        }
      }),
      { seed: 6 },
    );
  });
});

describe("nStepReturn", () => {
  it("by hand", () => {
    expect(Array.from(nStepReturn(cutTwice, { gamma: 0.5, n: 1 }))).toEqual([5, 10, 19, 36]);
    expect(Array.from(nStepReturn(cutTwice, { gamma: 0.5, n: 2 }))).toEqual([6, 10, 21, 36]);
    expect(Array.from(nStepReturn(ended, { gamma: 0.5, n: 1 }))).toEqual([5, 2, 19, 36]);
    expect(Array.from(nStepReturn(ended, { gamma: 0.5, n: 2 }))).toEqual([2, 2, 21, 36]);
  });

  it("n = 1 is the λ-return with λ = 0; n >= T is the λ-return with λ = 1", () => {
    fc.assert(
      fc.property(anyTransitions, fraction, (t, gamma) => {
        expectClose(nStepReturn(t, { gamma, n: 1 }), lambdaReturn(t, { gamma, lambda: 0 }));
        for (const n of [t.steps, t.steps + 5]) {
          expectClose(nStepReturn(t, { gamma, n }), lambdaReturn(t, { gamma, lambda: 1 }));
        }
      }),
      { seed: 7 },
    );
  });

  interface ReplayCase {
    nEnvs: number;
    nSteps: number;
    gamma: number;
    oldestT: number;
    stream: { t: number; reward: number[]; terminated: number[]; truncated: number[] }[];
    samples: { t: number; env: number; nStepReturn: number; bootstrapDiscount: number; done: number }[];
  }
  const fixture: { cases: ReplayCase[] } = JSON.parse(
    readFileSync(new URL("../../test/fixtures/replay-nstep.json", import.meta.url), "utf8"),
  );
  for (const [i, c] of fixture.cases.entries()) {
    it(`equals Stable-Baselines3's NStepReplayBuffer, case ${i}`, () => {
      const rows = c.stream.filter((row) => row.t >= c.oldestT);
      const transitions = {
        steps: rows.length,
        envs: c.nEnvs,
        rewards: Float64Array.from(rows.flatMap((row) => row.reward)),
        nextValues: new Float64Array(rows.length * c.nEnvs),
        terminated: Uint8Array.from(rows.flatMap((row) => row.terminated)),
        truncated: Uint8Array.from(rows.flatMap((row) => row.truncated)),
      };
      const options = { gamma: c.gamma, n: c.nSteps };
      const sums = nStepReturn(transitions, options);
      // A value of 1 everywhere adds the bootstrap discount, or nothing where the window ends in a termination.
      const withOnes = nStepReturn({ ...transitions, nextValues: transitions.nextValues.map(() => 1) }, options);
      expect(c.samples.length).toBeGreaterThan(0);
      for (const s of c.samples) {
        const j = (s.t - c.oldestT) * c.nEnvs + s.env;
        expectClose([sums[j]], [s.nStepReturn]);
        expectClose([withOnes[j] - sums[j]], [s.done ? 0 : s.bootstrapDiscount]);
      }
    });
  }

  it("refuses n that is not a positive integer", () => {
    for (const n of [0, -1, 1.5, Number.NaN])
      expect(() => nStepReturn(cutTwice, { gamma: 0.5, n })).toThrow(/^n must be/);
    expect(() => nStepReturn({ ...cutTwice, rewards: new Float32Array(3) }, { gamma: 0.5, n: 1 })).toThrow(ShapeError);
  });
});

describe("lambdaReturn", () => {
  it("by hand", () => {
    // Backwards: 4 + 0.5·64; 3 + 0.5 (½·32 + ½·36); truncated: 2 + 0.5·16; 1 + 0.5 (½·8 + ½·10).
    expect(Array.from(lambdaReturn(cutTwice, { gamma: 0.5, lambda: 0.5 }))).toEqual([5.5, 10, 20, 36]);
    expect(Array.from(lambdaReturn(ended, { gamma: 0.5, lambda: 0.5 }))).toEqual([3.5, 2, 20, 36]);
  });

  it("is the average of all n-step returns with weights (1 - λ) λ^(n-1), the last one taking the rest", () => {
    fc.assert(
      fc.property(anyTransitions, fraction, fraction, (t, gamma, lambda) => {
        const expected = new Float64Array(t.rewards.length);
        let weight = 1;
        for (let n = 1; n <= t.steps; n++) {
          const share = n === t.steps ? weight : (1 - lambda) * weight;
          const returns = nStepReturn(t, { gamma, n });
          for (let i = 0; i < expected.length; i++) expected[i] += share * returns[i];
          weight *= lambda;
        }
        expectClose(lambdaReturn(t, { gamma, lambda }), expected);
      }),
      { seed: 8 },
    );
  });

  it("float32 in and out agrees to float32's accuracy", () => {
    fc.assert(
      fc.property(anyTransitions, (t) => {
        const single = { ...t, rewards: Float32Array.from(t.rewards), nextValues: Float32Array.from(t.nextValues) };
        const out = lambdaReturn(single, { gamma: 0.9, lambda: 0.9 }, new Float32Array(t.rewards.length));
        expect(out).toBeInstanceOf(Float32Array);
        expectClose(out, lambdaReturn(t, { gamma: 0.9, lambda: 0.9 }), 1e-7);
      }),
      { seed: 9 },
    );
  });
});

describe("truncation bootstraps, termination never does", () => {
  it("in every estimator the value behind a truncation matters and behind a termination does not", () => {
    const estimators = [
      (t: typeof cutTwice) => rewardToGo(t, { gamma: 0.5 }),
      (t: typeof cutTwice) => nStepReturn(t, { gamma: 0.5, n: 3 }),
      (t: typeof cutTwice) => lambdaReturn(t, { gamma: 0.5, lambda: 0.5 }),
    ];
    for (const estimate of estimators) {
      for (const t of [cutTwice, ended]) {
        const nextValues = t.nextValues.map((v, i) => (i === 1 ? v + 100 : v));
        const [before, after] = [estimate(t), estimate({ ...t, nextValues })];
        expect(after[1] - before[1]).toBe(t === cutTwice ? 50 : 0);
        expect(after[2]).toBe(before[2]);
      }
    }
  });
});
