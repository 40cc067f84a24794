import { describe, expect, it } from "vitest";
import { parseConfig, type RunInput, train } from "../../training/index.ts";
import { algorithms } from "../index.ts";
import { deepQAlgorithms } from "./index.ts";

type Config = Record<string, unknown>;

/** What a short run learned, as a digest. */
function learned(config: RunInput): string {
  const run = train({ seed: 1, preset: "none", ...config });
  for (let i = 0; i < 3 && !run.done; i++) run.iterate();
  return run.parametersSha256();
}

const c51 = { distributional: "c51" };
const prioritized = { prioritizedReplay: true };
const falling = { exploration: "epsilon-greedy", explorationFraction: 0.5 };
const epsilonGreedy = { exploration: "epsilon-greedy" };

/** For each hyperparameter another value than it has in `small`, and what else it takes for it to matter. */
const others: Record<string, [value: unknown, beside?: Config]> = {
  env: ["MountainCar-v0"],
  seed: [2],
  steps: [4096, falling],
  nEnvs: [1],
  gamma: [0.9],
  normalizeObservation: [true],
  normalizeReward: [true],
  hidden: [[16, 8]],
  activation: ["tanh"],
  learningRate: [3e-3],
  adamEps: [1e-2],
  maxGradNorm: [0.01],
  bufferSize: [60],
  replay: [false, { prioritizedReplay: false }],
  learningStarts: [30],
  batchSize: [4],
  trainFreq: [2],
  gradientSteps: [2],
  nSteps: [2],
  replayStrategy: ["future", { env: "BitFlipping8-v0" }],
  nSampledGoal: [1, { env: "BitFlipping8-v0", replayStrategy: "future" }],
  prioritizedReplay: [true],
  priorityAlpha: [0.9, prioritized],
  priorityBeta: [0.9, prioritized],
  priorityEps: [0.1, prioritized],
  targetNetwork: ["none"],
  targetUpdateInterval: [14],
  tau: [0.5],
  double: [true, { learningRate: 0.05 }],
  dueling: [true],
  noisyNets: [true],
  sigma0: [0.1, { noisyNets: true }],
  behavior: ["uniform"],
  exploration: ["boltzmann"],
  explorationFraction: [0.9, epsilonGreedy],
  explorationInitialEps: [0.5, falling],
  explorationFinalEps: [0.5, epsilonGreedy],
  epsilon: [0.3, epsilonGreedy],
  temperature: [0.1, { exploration: "boltzmann" }],
  loss: ["l1"],
  distributional: ["quantile"],
  vMin: [-5, c51],
  vMax: [5, c51],
  atoms: [11, c51],
  nQuantiles: [5, { distributional: "quantile" }],
};

/** Other values where an algorithm of the family has these already. */
const own: Record<string, Record<string, [value: unknown, beside?: Config]>> = {
  rainbow: {
    double: [false, { learningRate: 0.05 }],
    dueling: [false],
    noisyNets: [false],
    prioritizedReplay: [false],
    sigma0: [0.1],
  },
};

describe.each(Object.keys(deepQAlgorithms))("%s", (algorithm) => {
  const { shape } = algorithms[algorithm]!.schema as unknown as { shape: Record<string, unknown> };
  const small: RunInput = {
    algorithm,
    env: "CartPole-v1",
    ...{ steps: 1024, nEnvs: 2, hidden: [8], learningRate: 1e-3, maxGradNorm: 10 },
    ...{ learningStarts: 60, batchSize: 8, targetUpdateInterval: 40 },
    ...("nQuantiles" in shape ? { nQuantiles: 10 } : {}),
  };

  it("has another value to try for each of its hyperparameters", () => {
    // The dataset's name alone changes nothing: what is in the file does.
    const names = Object.keys(shape).filter((name) => name !== "algorithm" && name !== "dataset");
    expect(names.filter((name) => !(name in others))).toEqual([]);
    if (algorithm === "dqn") expect(names.sort()).toEqual(Object.keys(others).sort());
  });

  it.each(Object.entries({ ...others, ...own[algorithm] }).filter(([name]) => name in shape))(
    "has no option that does nothing: %s",
    (name, [value, beside = {}]) => {
      const known = Object.fromEntries(Object.entries(beside).filter(([other]) => other in shape));
      const before = { ...small, ...known };
      expect(learned({ ...before, [name]: value })).not.toBe(learned(before));
    },
  );
});

describe("deep Q-learning refuses", () => {
  const refused: [string, Config, RegExp][] = [
    ["a moving average of everything", { targetNetwork: "average" }, /^tau must be below 1 where targetNetwork is/],
    ["priorities without replay", { replay: false, prioritizedReplay: true }, /^prioritizedReplay must be false/],
    [
      "a temperature that ends at 0",
      { exploration: "boltzmann", temperature: "lin_1" },
      /^temperature must be above 0/,
    ],
    ["a probability above 1", { epsilon: "lin_2" }, /^epsilon must be at most 1/],
    ["an empty range of returns", { vMin: 3, vMax: 3 }, /^vMin must be below vMax, which is 3/],
    ["a single atom", { atoms: 1 }, /^atoms must be/],
  ];

  it.each(refused)("%s", (_name, config, sentence) => {
    expect(() => parseConfig({ algorithm: "dqn", env: "CartPole-v1", preset: "none", ...config })).toThrow(sentence);
  });
});
