import fc from "fast-check";
import { expect } from "vitest";
import type { ValuedTransitions } from "../../src/estimators/index.ts";

/** One row per step, one column per environment, as [T, N] flattened. */
export const flat = (rows: readonly (readonly number[])[]): Float64Array => Float64Array.from(rows.flat());
export const flags = (rows: readonly (readonly number[])[]): Uint8Array => Uint8Array.from(rows.flat());

/** Transitions of one environment, flags 0 where not given. */
export function oneEnvironment(given: {
  rewards: number[];
  values?: number[];
  nextValues?: number[];
  terminated?: number[];
  truncated?: number[];
}): ValuedTransitions {
  const steps = given.rewards.length;
  const zeros = new Array<number>(steps).fill(0);
  return {
    steps,
    envs: 1,
    rewards: Float64Array.from(given.rewards),
    values: Float64Array.from(given.values ?? zeros),
    nextValues: Float64Array.from(given.nextValues ?? zeros),
    terminated: Uint8Array.from(given.terminated ?? zeros),
    truncated: Uint8Array.from(given.truncated ?? zeros),
  };
}

/**
 * Random transitions, consistent as a rollout gives them: within an episode the value after step t is the value
 * before step t + 1; where an episode ended, the next row belongs to a new one.
 */
export const anyTransitions: fc.Arbitrary<ValuedTransitions> = fc
  .record({ steps: fc.integer({ min: 1, max: 12 }), envs: fc.integer({ min: 1, max: 3 }) })
  .chain(({ steps, envs }) => {
    const size = steps * envs;
    const number = fc.integer({ min: -4096, max: 4096 }).map((n) => n / 1024);
    const end = fc.constantFrom<0 | 1 | 2>(0, 0, 0, 1, 2);
    const numbers = fc.array(number, { minLength: size, maxLength: size });
    return fc
      .record({
        rewards: numbers,
        values: numbers,
        after: numbers,
        ends: fc.array(end, { minLength: size, maxLength: size }),
      })
      .map(({ rewards, values, after, ends }) => ({
        steps,
        envs,
        rewards: Float64Array.from(rewards),
        values: Float64Array.from(values),
        nextValues: Float64Array.from(after, (v, i) => (ends[i] || i + envs >= size ? v : values[i + envs])),
        terminated: Uint8Array.from(ends, (e) => (e === 1 ? 1 : 0)),
        truncated: Uint8Array.from(ends, (e) => (e === 2 ? 1 : 0)),
      }));
  });

/** |a - b| <= tolerance (1 + |b|), entry by entry. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-12): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(actual[i] - expected[i]), `entry ${i}`).toBeLessThanOrEqual(
      tolerance * (1 + Math.abs(expected[i])),
    );
  }
}
