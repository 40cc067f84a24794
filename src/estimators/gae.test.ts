import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyTransitions, expectClose, flags, flat, oneEnvironment } from "../../test/support/transitions.ts";
import { ConfigError, ShapeError } from "../errors.ts";
import { gae, lambdaReturn, rewardToGo, type ValuedTransitions } from "./index.ts";

interface GaeCase {
  note: string;
  nSteps: number;
  nEnvs: number;
  gamma: number;
  gaeLambda: number;
  rewards: number[][];
  values: number[][];
  episodeStarts: number[][];
  lastValues: number[];
  dones: number[];
  advantages: number[][];
  returns: number[][];
}
const fixture: { cases: GaeCase[] } = JSON.parse(
  readFileSync(new URL("../../test/fixtures/gae.json", import.meta.url), "utf8"),
);

/** Stable-Baselines3 marks an end at the start of the next row and knows one kind of end, which does not bootstrap. */
function fromStableBaselines(c: GaeCase): ValuedTransitions {
  const ends = [...c.episodeStarts.slice(1), c.dones];
  return {
    steps: c.nSteps,
    envs: c.nEnvs,
    rewards: flat(c.rewards),
    values: flat(c.values),
    nextValues: flat([...c.values.slice(1), c.lastValues]),
    terminated: flags(ends),
    truncated: new Uint8Array(c.nSteps * c.nEnvs),
  };
}

describe("gae", () => {
  for (const [i, c] of fixture.cases.entries()) {
    it(`equals Stable-Baselines3, case ${i} ${c.note}`, () => {
      const transitions = fromStableBaselines(c);
      const options = { gamma: c.gamma, lambda: c.gaeLambda };
      const advantages = gae(transitions, options);
      expectClose(advantages, flat(c.advantages));
      expectClose(
        advantages.map((a, j) => a + transitions.values[j]),
        flat(c.returns),
      );
      const single = gae(transitions, options, new Float32Array(advantages.length));
      expectClose(single, flat(c.advantages), 1e-6);
    });

    it(`a truncation equals Stable-Baselines3's reward + γ V(final observation), case ${i}`, () => {
      // There, collect_rollouts adds the bootstrap to the reward and marks an end; here, it is an argument.
      const ends = fromStableBaselines(c);
      const nextValues = ends.nextValues.map((v, j) => (ends.terminated[j] ? 0.5 * j - 3 : v));
      const paid = ends.rewards.map((r, j) => (ends.terminated[j] ? r + c.gamma * nextValues[j] : r));
      const options = { gamma: c.gamma, lambda: c.gaeLambda };
      const truncated = { ...ends, nextValues, truncated: ends.terminated, terminated: ends.truncated };
      expectClose(gae(truncated, options), gae({ ...ends, rewards: paid }, options));
    });
  }

  it("by hand: two steps, then a truncation, then a termination", () => {
    const transitions = oneEnvironment({
      rewards: [1, 2, 3, 4],
      values: [0.5, 1, 1.5, 2],
      nextValues: [1, 10, 2, 20],
      truncated: [0, 1, 0, 0],
      terminated: [0, 0, 0, 1],
    });
    // δ = [1 + 0.5·1 - 0.5, 2 + 0.5·10 - 1, 3 + 0.5·2 - 1.5, 4 - 2] = [1, 6, 2.5, 2]; γλ = 1/4.
    expect(Array.from(gae(transitions, { gamma: 0.5, lambda: 0.5 }))).toEqual([1 + 6 / 4, 6, 2.5 + 2 / 4, 2]);
  });

  it("negative control: a missing bootstrap at the truncation is noticed", () => {
    const transitions = oneEnvironment({ rewards: [1, 2], values: [0, 0], nextValues: [0, 10], truncated: [0, 1] });
    const forgotten = { ...transitions, terminated: transitions.truncated };
    const options = { gamma: 0.5, lambda: 0.5 };
    expect(Array.from(gae(transitions, options))).toEqual([1 + 7 / 4, 7]);
    expect(Array.from(gae(forgotten, options))).not.toEqual([1 + 7 / 4, 7]);
  });

  it("λ = 0 is the one-step TD error, λ = 1 the reward-to-go less the value", () => {
    fc.assert(
      fc.property(anyTransitions, fc.double({ min: 0, max: 1, noNaN: true }), (t, gamma) => {
        const td = t.rewards.map((r, i) => r + gamma * (t.terminated[i] ? 0 : t.nextValues[i]) - t.values[i]);
        expectClose(gae(t, { gamma, lambda: 0 }), td);
        const toGo = rewardToGo(t, { gamma });
        expectClose(
          gae(t, { gamma, lambda: 1 }),
          toGo.map((g, i) => g - t.values[i]),
        );
      }),
      { seed: 3 },
    );
  });

  it("is the λ-return less the value", () => {
    const fraction = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(anyTransitions, fraction, fraction, (t, gamma, lambda) => {
        const returns = lambdaReturn(t, { gamma, lambda });
        expectClose(
          gae(t, { gamma, lambda }),
          returns.map((g, i) => g - t.values[i]),
        );
      }),
      { seed: 4 },
    );
  });

  it("no environment and no episode sees another", () => {
    fc.assert(
      fc.property(anyTransitions, fc.nat(), (t, at) => {
        const i = at % t.rewards.length;
        const changed = { ...t, rewards: t.rewards.map((r, j) => (j === i ? r + 1 : r)) };
        const options = { gamma: 0.9, lambda: 0.8 };
        const [before, after] = [gae(t, options), gae(changed, options)];
        for (let j = 0; j < before.length; j++) {
          let reaches = j <= i && (i - j) % t.envs === 0;
          for (let k = j; reaches && k < i; k += t.envs) reaches = !t.terminated[k] && !t.truncated[k];
          expect(after[j] !== before[j]).toBe(reaches);
        }
      }),
      { seed: 5 },
    );
  });

  it("writes into `out`, an input if need be, and leaves its inputs alone otherwise", () => {
    const c = fixture.cases[0];
    const options = { gamma: c.gamma, lambda: c.gaeLambda };
    const t = fromStableBaselines(c);
    const expected = gae(t, options);
    expectClose(t.rewards, flat(c.rewards), 0);
    const out = new Float64Array(expected.length);
    expect(gae(t, options, out)).toBe(out);
    expect(out).toEqual(expected);
    const rewards = t.rewards.slice();
    expect(gae({ ...t, rewards }, options, rewards)).toEqual(expected);
  });

  it("refuses wrong lengths and options, naming them", () => {
    const t = oneEnvironment({ rewards: [1, 2, 3] });
    const options = { gamma: 0.9, lambda: 0.9 };
    for (const field of ["rewards", "values", "nextValues"] as const) {
      expect(() => gae({ ...t, [field]: new Float64Array(2) }, options)).toThrow(ShapeError);
      expect(() => gae({ ...t, [field]: new Float64Array(2) }, options)).toThrow(
        new RegExp(`^${field} must be 3 × 1 = 3 numbers`),
      );
    }
    for (const field of ["terminated", "truncated"] as const) {
      expect(() => gae({ ...t, [field]: new Uint8Array(4) }, options)).toThrow(new RegExp(`^${field} must be`));
      expect(() => gae({ ...t, [field]: undefined as unknown as Uint8Array }, options)).toThrow(ShapeError);
    }
    expect(() => gae(t, options, new Float64Array(4))).toThrow(/^out must be/);
    expect(() => gae({ ...t, envs: 0 }, options)).toThrow(/^envs must be/);
    expect(() => gae({ ...t, steps: 1.5 }, options)).toThrow(/^steps must be/);
    for (const bad of [-0.1, 1.1, Number.NaN]) {
      expect(() => gae(t, { gamma: bad, lambda: 0.9 })).toThrow(ConfigError);
      expect(() => gae(t, { gamma: 0.9, lambda: bad })).toThrow(/^lambda must be/);
    }
  });
});
