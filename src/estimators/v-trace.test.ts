import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyTransitions, expectClose, oneEnvironment } from "../../test/support/transitions.ts";
import { ConfigError, ShapeError } from "../errors.ts";
import { lambdaReturn, nStepReturn, type VTraceInput, type VTraceOptions, vTrace } from "./index.ts";

const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const ratio = fc.double({ min: 0, max: 4, noNaN: true });
const anyInput: fc.Arbitrary<VTraceInput> = anyTransitions.chain((t) =>
  fc
    .array(ratio, { minLength: t.rewards.length, maxLength: t.rewards.length })
    .map((ratios) => ({ ...t, ratios: Float64Array.from(ratios) })),
);

/**
 * Equation 1 as it is printed: v_s = V(s_s) + Σ_t γ^(t-s) (Π_{i<t} c_i) δ_t, to the end of the episode or of the
 * rows.
 */
function equationOne(t: VTraceInput, { gamma, rhoBar = 1, cBar = 1, lambda = 1 }: VTraceOptions): Float64Array {
  return t.values.map((value: number, s: number) => {
    let sum = value;
    let weight = 1;
    for (let i = s; i < t.values.length; i += t.envs) {
      const bootstrap = t.terminated[i] ? 0 : t.nextValues[i];
      sum += weight * Math.min(rhoBar, t.ratios[i]) * (t.rewards[i] + gamma * bootstrap - t.values[i]);
      if (t.terminated[i] || t.truncated[i]) break;
      weight *= gamma * lambda * Math.min(cBar, t.ratios[i]);
    }
    return sum;
  }) as Float64Array;
}

describe("vTrace", () => {
  it("equals equation 1 summed term by term", () => {
    fc.assert(
      fc.property(
        anyInput,
        fraction,
        fraction,
        fc.double({ min: 0, max: 2, noNaN: true }),
        (t, gamma, lambda, cBar) => {
          const options = { gamma, lambda, cBar, rhoBar: cBar + 0.5 };
          expectClose(vTrace(t, options).targets, equationOne(t, options));
        },
      ),
      { seed: 10 },
    );
  });

  it("on-policy is the n-step return with n = T, and with λ the λ-return", () => {
    fc.assert(
      fc.property(anyTransitions, fraction, fraction, (t, gamma, lambda) => {
        const ratios = new Float64Array(t.rewards.length).fill(1);
        expectClose(vTrace({ ...t, ratios }, { gamma }).targets, nStepReturn(t, { gamma, n: t.steps }));
        expectClose(vTrace({ ...t, ratios }, { gamma, lambda }).targets, lambdaReturn(t, { gamma, lambda }));
      }),
      { seed: 11 },
    );
  });

  it("advantages are ρ_t (r_t + γ v_{t+1} - V(s_t)), with v_{t+1} of the true successor", () => {
    fc.assert(
      fc.property(anyInput, fraction, (t, gamma) => {
        const { targets, advantages } = vTrace(t, { gamma });
        const expected = t.values.map((value: number, i: number) => {
          const end = t.terminated[i] || t.truncated[i] || i + t.envs >= targets.length;
          const next = t.terminated[i] ? 0 : end ? t.nextValues[i] : targets[i + t.envs];
          return Math.min(1, t.ratios[i]) * (t.rewards[i] + gamma * next - value);
        });
        expectClose(advantages, expected);
      }),
      { seed: 12 },
    );
  });

  it("by hand: cut ratios, a truncation, a termination", () => {
    const t = oneEnvironment({
      rewards: [1, 2, 3],
      values: [1, 2, 3],
      nextValues: [2, 8, 100],
      truncated: [0, 1, 0],
      terminated: [0, 0, 1],
    });
    const { targets, advantages } = vTrace({ ...t, ratios: Float64Array.of(0.5, 4, 2) }, { gamma: 0.5, rhoBar: 2 });
    // δ = [½ (1 + 1 - 1), 2 (2 + 4 - 2), 2 (3 - 3)] = [½, 8, 0]; v_0 = 1 + ½ + ½·½·8.
    expect(Array.from(targets)).toEqual([3.5, 10, 3]);
    expect(Array.from(advantages)).toEqual([0.5 * (1 + 0.5 * 10 - 1), 8, 0]);
  });

  it("negative control: without the bootstrap at a truncation the targets differ", () => {
    const t = oneEnvironment({ rewards: [1, 1], values: [0, 0], nextValues: [0, 6], truncated: [0, 1] });
    const input = { ...t, ratios: Float64Array.of(1, 1) };
    expect(Array.from(vTrace(input, { gamma: 0.5 }).targets)).toEqual([3, 4]);
    expect(Array.from(vTrace({ ...input, terminated: t.truncated }, { gamma: 0.5 }).targets)).toEqual([1.5, 1]);
  });

  it("ratios of 0 leave the values as they are", () => {
    fc.assert(
      fc.property(anyTransitions, (t) => {
        const { targets, advantages } = vTrace({ ...t, ratios: new Float64Array(t.rewards.length) }, { gamma: 0.9 });
        expectClose(targets, t.values, 0);
        for (const a of advantages) expect(a + 0).toBe(0);
      }),
      { seed: 13 },
    );
  });

  it("writes into `out` and refuses what does not fit", () => {
    const t = { ...oneEnvironment({ rewards: [1, 2] }), ratios: Float64Array.of(1, 1) };
    const out = { targets: new Float32Array(2), advantages: new Float32Array(2) };
    const result = vTrace(t, { gamma: 0.9 }, out);
    expect(result.targets).toBe(out.targets);
    expect(result.advantages).toBe(out.advantages);
    expect(() => vTrace({ ...t, ratios: new Float64Array(3) }, { gamma: 0.9 })).toThrow(ShapeError);
    expect(() => vTrace(t, { gamma: 0.9 }, { ...out, advantages: new Float32Array(1) })).toThrow(
      /^out.advantages must be/,
    );
    expect(() => vTrace(t, { gamma: 0.9, cBar: -1 })).toThrow(ConfigError);
    expect(() => vTrace(t, { gamma: 0.9, cBar: 2 })).toThrow(/^rhoBar must be at least cBar/);
    expect(() => vTrace(t, { gamma: 2 })).toThrow(/^gamma must be/);
  });
});
