import { describe, expect, it } from "vitest";
import { type FiniteMdp, makeEnv } from "../../envs/index.ts";
import { actionValues, evaluatePolicy } from "../../estimators/index.ts";
import { type RunInput, train } from "../../training/index.ts";

const env = "FrozenLake-v1";
const mdp = makeEnv(env).model!;

/** Steps from a hole or the goal lead nowhere: no episode is ever there. */
const isPassed = ({ outcomes }: FiniteMdp, state: number) =>
  outcomes(state, 0).some((outcome) => !outcome.terminated || outcome.state !== state);

/** The largest error of what was learned about a policy, V or Q, over all states that can be left. */
function largestError(config: Omit<RunInput, "env">, exactGamma = 0.99): number {
  const run = train({ env, nEnvs: 16, steps: 500_000, learningRate: 1, ...config } as RunInput);
  for (const _ of run);
  const { policy, values, q } = run.policy.parameters();
  const exactV = evaluatePolicy(mdp, policy!.data as Float64Array, { gamma: exactGamma });
  const exact = q ? actionValues(mdp, exactV, exactGamma) : exactV;
  const learned = (q ?? values)!.data as Float64Array;
  const width = learned.length / mdp.states;
  return learned.reduce((most, value, i) => {
    return isPassed(mdp, Math.floor(i / width)) ? Math.max(most, Math.abs(value - exact[i]!)) : most;
  }, 0);
}

const soft = { policy: "optimal", epsilon: 0.1 };

/** V lies between 0 and 0.9 here. */
const TOLERANCE = 0.025;

describe("on slippery FrozenLake, the exact values are found by", () => {
  it.each<[string, Omit<RunInput, "env">]>([
    ["TD(0)", { algorithm: "td", visitsToHalve: 30, ...soft }],
    ["4-step TD", { algorithm: "n-step-td", visitsToHalve: 20, ...soft }],
    ["TD(λ), accumulating", { algorithm: "td-lambda", visitsToHalve: 20, ...soft }],
    ["TD(λ), replacing", { algorithm: "td-lambda", visitsToHalve: 20, traces: "replacing", ...soft }],
    ["first-visit Monte Carlo", { algorithm: "mc-prediction", visitsToHalve: 1, policy: "uniform" }],
    ["every-visit Monte Carlo", { algorithm: "mc-prediction", visitsToHalve: 1, visits: "every", ...soft }],
  ])("%s, for three seeds", (_name, config) => {
    for (const seed of [1, 2, 3]) expect(largestError({ seed, ...config }), `seed ${seed}`).toBeLessThan(TOLERANCE);
  });

  it("off-policy evaluation: Q of the best policy and of the uniform one, from the steps of another", () => {
    const acting = { algorithm: "off-policy-evaluation", behaviour: "optimal", behaviourEpsilon: 0.5 };
    for (const policy of ["optimal", "uniform"] as const) {
      // Rare actions in rare states are what takes longest.
      const error = largestError({ ...acting, policy, seed: 1, steps: 1_000_000, visitsToHalve: 30 });
      expect(error, policy).toBeLessThan(4 * TOLERANCE);
    }
  });

  it("control: values of another discount are not within the tolerance", () => {
    expect(largestError({ algorithm: "td", visitsToHalve: 30, ...soft, gamma: 0.95 })).toBeGreaterThan(2 * TOLERANCE);
  });
});

describe("methods that are the same in a limit learn the same bits", () => {
  const learned = (config: Omit<RunInput, "env">): Float64Array => {
    const run = train({ env, nEnvs: 3, steps: 3000, seed: 5, ...soft, ...config } as RunInput);
    for (const _ of run);
    return run.policy.parameters().values!.data as Float64Array;
  };
  const oneStep = learned({ algorithm: "td" });

  it("TD(0), 1-step TD and TD(λ) with λ = 0", () => {
    expect(oneStep.some((value) => value > 0)).toBe(true);
    expect(learned({ algorithm: "n-step-td", n: 1 })).toEqual(oneStep);
    expect(learned({ algorithm: "td-lambda", lambda: 0 })).toEqual(oneStep);
  });

  it("and differ elsewhere", () => {
    const others = [
      learned({ algorithm: "n-step-td", n: 2 }),
      learned({ algorithm: "td-lambda", lambda: 0.5 }),
      learned({ algorithm: "td-lambda", lambda: 0.5, traces: "replacing" }),
      learned({ algorithm: "mc-prediction" }),
      learned({ algorithm: "mc-prediction", visits: "every" }),
    ];
    const distinct = new Set([oneStep, ...others].map((values) => values.join()));
    expect(distinct.size).toBe(6);
  });
});
