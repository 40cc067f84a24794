import { describe, expect, it } from "vitest";
import { exactValues } from "../../../test/support/toy-text.ts";
import { makeEnv } from "../../envs/index.ts";
import { readTaxiState } from "../../envs/toy-text/taxi-state.ts";
import { actionValues, evaluatePolicy } from "../../estimators/index.ts";
import { type RunInput, train } from "../../training/index.ts";

const env = "Taxi-v4";
const mdp = makeEnv(env).model!;
const fixture = exactValues.find(({ envId }) => envId === env)!;

/** Of the 500 states 400 are passed: no episode goes on once the passenger is where he wants to be. */
const isPassed = (state: number) => readTaxiState(state).passenger !== readTaxiState(state).destination;

function learn(config: Omit<RunInput, "env">) {
  const run = train({ env, nEnvs: 16, learningRate: 1, gamma: fixture.gamma, ...config } as RunInput);
  for (const _ of run);
  return run.policy.parameters();
}

/** How far what was learned is from the exact values of all states that are passed, or of their actions. */
function errors(learned: ArrayLike<number>, exact: ArrayLike<number>) {
  const width = exact.length / mdp.states;
  const rows = Array.from(exact, (value, i) => ({ value, error: learned[i]! - value, state: Math.floor(i / width) }));
  const passed = rows.filter(({ state }) => isPassed(state));
  const values = passed.map(({ value }) => value);
  return {
    largest: Math.max(...passed.map(({ error }) => Math.abs(error))),
    rms: Math.sqrt(passed.reduce((sum, { error }) => sum + error * error, 0) / passed.length),
    range: Math.max(...values) - Math.min(...values),
  };
}

/** The best way with so many steps aside that every state is visited; V from −63 to 17. */
const stumbling = { policy: "optimal", epsilon: 0.5 };

describe("in the taxi, the exact values of a policy that stumbles are found by", () => {
  function errorsOf(config: Omit<RunInput, "env">) {
    const { policy, values } = learn({ ...stumbling, ...config });
    const exact = evaluatePolicy(mdp, policy!.data as Float64Array, { gamma: fixture.gamma });
    return errors(values!.data as Float64Array, exact);
  }

  it.each<[string, Omit<RunInput, "env">]>([
    ["TD(0)", { algorithm: "td", visitsToHalve: 10, steps: 2_000_000 }],
    ["4-step TD", { algorithm: "n-step-td", visitsToHalve: 5, steps: 2_000_000 }],
    ["TD(λ)", { algorithm: "td-lambda", lambda: 0.7, visitsToHalve: 6, steps: 1_500_000 }],
    ["Monte Carlo", { algorithm: "mc-prediction", visitsToHalve: 1, steps: 4_000_000 }],
  ])("%s, within a twentieth of their range, for two seeds", (_name, config) => {
    for (const seed of [1, 2]) {
      const { largest, range } = errorsOf({ ...config, seed });
      expect(range).toBeGreaterThan(75);
      expect(largest, `seed ${seed}`).toBeLessThan(0.05 * range);
    }
  });

  it("control: values of another discount are not", () => {
    const { largest, range } = errorsOf({ algorithm: "td", visitsToHalve: 10, steps: 2_000_000, gamma: 0.95, seed: 1 });
    expect(largest).toBeGreaterThan(0.2 * range);
  });
});

describe("in the taxi, the stored values of the uniform policy, −396 to −88, are found by", () => {
  // Returns of its long ways home deviate by about 100: some states are seen too seldom to hold each of them to 2 %.
  it("Monte Carlo, within 2 % of their range in the quadratic mean over states, for two seeds", () => {
    const errorsOf = (config: Omit<RunInput, "env">) => {
      const { values } = learn({ algorithm: "mc-prediction", policy: "uniform", visitsToHalve: 1, ...config });
      return errors(values!.data as Float64Array, fixture.uniformRandomPolicyV);
    };
    for (const seed of [1, 2]) {
      const { rms, range } = errorsOf({ steps: 4_000_000, seed });
      expect(rms, `seed ${seed}`).toBeLessThan(0.02 * range);
    }
    const { rms, range } = errorsOf({ steps: 80_000, seed: 1 });
    expect(rms, "control: a fiftieth of the steps").toBeGreaterThan(0.02 * range);
  });
});

describe("in the taxi, off-policy evaluation", () => {
  // Neither moves nor expectations over actions are noisy here, so that the whole step to the target is right.
  it.each<[string, Omit<RunInput, "env">, number]>([
    [
      "finds Q of the best policy from uniform steps",
      { policy: "optimal", behaviour: "uniform", steps: 1_000_000 },
      1e-6,
    ],
    ["finds Q of the uniform policy from its own", { policy: "uniform", behaviour: "uniform", steps: 4_000_000 }, 0.1],
  ])("%s", (_name, config, tolerance) => {
    const { policy, q } = learn({ algorithm: "off-policy-evaluation", seed: 1, ...config });
    const stored = config.policy === "optimal" ? fixture.optimalV : fixture.uniformRandomPolicyV;
    expect(errors(evaluatePolicy(mdp, policy!.data as Float64Array, fixture), stored).largest).toBeLessThan(1e-9);
    const exact = actionValues(mdp, stored, fixture.gamma);
    expect(errors(q!.data as Float64Array, exact).largest).toBeLessThan(tolerance);
  });
});
