import { describe, expect, it } from "vitest";
import { metricDefinition, type RunInput, train } from "../../training/index.ts";
import { algorithms } from "../index.ts";

type Config = Record<string, unknown>;

/** What a short run learned, as a digest, and the metrics that it reported. */
function learn(config: Config): { digest: string; metrics: string[] } {
  const run = train({ seed: 1, preset: "none", ...config } as RunInput);
  const names = new Set<string>();
  for (let i = 0; i < 3 && !run.done; i++) for (const name of Object.keys(run.iterate().metrics)) names.add(name);
  return { digest: run.parametersSha256(), metrics: [...names] };
}

/** For each hyperparameter another value, and what else it takes for it to matter. */
const others: Record<string, [value: unknown, beside?: Config]> = {
  env: ["FrozenLakeDeterministic-v1"],
  seed: [2],
  steps: [4096, { learningRate: "lin_0.5" }],
  nEnvs: [1],
  gamma: [0.9],
  learningRate: [0.2],
  visitsToHalve: [10],
  initialValue: [1],
  exploration: ["boltzmann"],
  epsilon: [0.3, { policy: "optimal" }],
  temperature: [0.1, { exploration: "boltzmann" }],
  policy: ["optimal"],
  visits: ["every"],
  maxEpisodeSteps: [3],
  n: [2],
  lambda: [0.5],
  traces: ["replacing"],
  behaviour: ["optimal"],
  behaviourEpsilon: [0.5, { behaviour: "optimal" }],
  tolerance: [0.1],
  horizon: [3],
};

const names = Object.keys(algorithms).filter((name) => {
  const { observationSpaces } = algorithms[name]!;
  return observationSpaces?.length === 1 && observationSpaces[0] === "discrete";
});

it("thirteen methods work on tables", () => {
  expect(names.length).toBe(13);
});

describe.each(names)("%s", (algorithm) => {
  const { schema, needs } = algorithms[algorithm]!;
  const fields = Object.keys((schema as unknown as { shape: object }).shape).filter((name) => name !== "algorithm");
  const isPlanner = needs === "model";

  it.each(fields.filter((name) => !isPlanner || name !== "seed"))("has no option that does nothing: %s", (name) => {
    const [other, beside = {}] = others[name]!;
    const value = algorithm === "off-policy-evaluation" && name === "policy" ? "uniform" : other;
    const known = Object.fromEntries(Object.entries(beside).filter(([field]) => fields.includes(field)));
    const samples = { steps: 12_000, nEnvs: 2, ...(fields.includes("exploration") && { epsilon: 0.8 }) };
    const small = { algorithm, env: "FrozenLake-v1", ...(!isPlanner && samples), ...known };
    // Planners may change only in how long they plan.
    const plan = (config: Config) => {
      const run = train({ preset: "none", ...config } as RunInput);
      for (const _ of run);
      return run.parametersSha256();
    };
    const outcome = (config: Config) => (isPlanner ? plan(config) : learn(config).digest);
    const changed = isPlanner && name === "steps" ? 2 : value;
    expect(outcome({ ...small, [name]: changed })).not.toBe(outcome(small));
  });

  it("reports metrics that are registered", () => {
    const { metrics } = learn({ algorithm, env: "FrozenLake-v1" });
    expect(metrics.length).toBeGreaterThan(2);
    expect(metrics.filter((name) => metricDefinition(name) === undefined)).toEqual([]);
  });
});

describe("numbers out of range", () => {
  const message = (config: Config) => {
    try {
      train({ algorithm: "q-learning", env: "FrozenLake-v1", ...config } as RunInput);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error("was accepted");
  };

  it("are named, with what is allowed", () => {
    expect(message({ epsilon: 1.5 })).toBe("epsilon must be at most 1: it is a share; got 1.5");
    expect(message({ epsilon: "lin_2" })).toMatch(/^epsilon must be at most 1/);
    expect(message({ exploration: "boltzmann", temperature: "lin_1" })).toMatch(/^temperature must be above 0/);
    expect(message({ visitsToHalve: 0 })).toMatch(/^visitsToHalve must be/);
    expect(message({ hidden: [64] })).toMatch(
      /^hidden must be left out, because q-learning has no such hyperparameter/,
    );
    expect(message({ normalizeObservation: true })).toMatch(/^normalizeObservation must be left out/);
  });

  it("and environments that do not fit: boxes, continuous actions, masks", () => {
    expect(message({ env: "CartPole-v1" })).toMatch(/observation space q-learning can use \(discrete\).*use ppo/);
    expect(message({ env: "Pendulum-v1" })).toMatch(/action space q-learning can use \(discrete\).*use ppo/);
    expect(message({ env: "TaxiMasked-v4" })).toMatch(/^env must be an environment without action masks/);
  });
});
