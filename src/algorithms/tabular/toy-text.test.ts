import { describe, expect, it } from "vitest";
import { makeEnv } from "../../envs/index.ts";
import { evaluatePolicy, greedyPolicy, softened, valueAtStart, valueIteration } from "../../estimators/index.ts";
import { type RunInput, train } from "../../training/index.ts";

const env = "CliffWalking-v1";
const mdp = makeEnv(env).model!;

/** The best way with so many steps aside that every square above the cliff is visited; V from −112 to −3. */
const stumbling = { env, nEnvs: 16, steps: 3_000_000, learningRate: 1, policy: "optimal", epsilon: 0.3 };

/** Nobody ever stands on the cliff (back at the start instead) or on the goal (the episode is over). */
const isPassed = (state: number) => state <= 36;

/** The largest error of V over the squares that can be left. */
function largestError(config: Omit<RunInput, "env">, exactGamma = 0.99): number {
  const run = train({ ...stumbling, ...config } as RunInput);
  for (const _ of run);
  const { policy, values } = run.policy.parameters();
  const exact = evaluatePolicy(mdp, policy!.data as Float64Array, { gamma: exactGamma });
  const errors = exact.map((value, state) => (isPassed(state) ? Math.abs(value - Number(values!.data[state])) : 0));
  return Math.max(...errors);
}

describe("on the cliff, the exact values of a policy that stumbles are found by", () => {
  it.each<[string, Omit<RunInput, "env">]>([
    ["TD(0)", { algorithm: "td", visitsToHalve: 30 }],
    ["4-step TD", { algorithm: "n-step-td", visitsToHalve: 6 }],
    ["TD(λ)", { algorithm: "td-lambda", visitsToHalve: 5 }],
    ["Monte Carlo", { algorithm: "mc-prediction", visitsToHalve: 1 }],
  ])("%s, for three seeds", (_name, config) => {
    for (const seed of [1, 2, 3]) expect(largestError({ ...config, seed }), `seed ${seed}`).toBeLessThan(2.24);
  });

  it("control: values of another discount are not within these 2 % of their range", () => {
    expect(largestError({ algorithm: "td", visitsToHalve: 30, gamma: 0.95, seed: 1 })).toBeGreaterThan(10);
  });
});

describe("on the cliff, expected SARSA", () => {
  function learn(steps?: number) {
    const run = train({ algorithm: "expected-sarsa", env, seed: 1, ...(steps && { steps }) });
    for (const _ of run);
    const { gamma } = run.config;
    const { q, exploration } = run.policy.parameters();
    const epsilon = Number(exploration!.data[0]);
    const policy = softened(greedyPolicy(q!.data as Float64Array, mdp.actions, 0), mdp.actions, epsilon);
    const best = valueAtStart(mdp, valueIteration(mdp, { gamma, epsilon }).values);
    return { value: valueAtStart(mdp, evaluatePolicy(mdp, policy, { gamma })), best };
  }

  it("comes within 2 % of the best policy that explores as it does", () => {
    const { value, best } = learn();
    expect(value).toBeGreaterThan(1.02 * best);
    expect(value).toBeLessThan(best + 1e-6);
  });

  it("control: 4000 steps are not enough", () => {
    const { value, best } = learn(4000);
    expect(value).toBeLessThan(1.02 * best);
  });
});
