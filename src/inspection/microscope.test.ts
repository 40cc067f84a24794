import { describe, expect, it } from "vitest";
import type { GradientStep, TrainingListener } from "../algorithms/listener.ts";
import { type RunInput, resumeRun, train } from "../training/index.ts";
import { Microscope } from "./microscope.ts";
import type { GroupRecord, InspectionRecord, SampleRecord, UpdateRecord } from "./records.ts";

const dqn = {
  algorithm: "dqn",
  env: "CartPole-v1",
  preset: "none",
  steps: 300,
  learningStarts: 100,
  trainFreq: 4,
  targetUpdateInterval: 50,
  seed: 2,
} as const;

const runs: Record<string, RunInput> = {
  ppo: { algorithm: "ppo", env: "CartPole-v1", preset: "none", steps: 512, nSteps: 64, nEnvs: 2, nEpochs: 2, seed: 3 },
  // Its last minibatch is one sample.
  "ppo on numbers": { algorithm: "ppo", env: "Pendulum-v1", preset: "none", steps: 256, nSteps: 65, nEpochs: 2 },
  "ppo with one trunk": {
    algorithm: "ppo",
    env: "CartPole-v1",
    preset: "none",
    steps: 256,
    nSteps: 64,
    sharedNetwork: true,
    entCoef: 0.01,
    clipRangeVf: 0.2,
  },
  "ppo with gSDE": { algorithm: "ppo", env: "Pendulum-v1", preset: "none", steps: 256, nSteps: 64, useSde: true },
  "ppo on pooled pictures": {
    algorithm: "ppo",
    env: "PongFrames-v0",
    preset: "none",
    steps: 128,
    nSteps: 64,
    nEpochs: 1,
    hidden: [8],
    pooling: 4,
  },
  a2c: { algorithm: "a2c", env: "CartPole-v1", preset: "none", steps: 300, logInterval: 20, seed: 1 },
  reinforce: { algorithm: "reinforce", env: "FrozenLake-v1", preset: "none", steps: 300, episodes: 4, seed: 1 },
  "reinforce with sparse input": {
    algorithm: "reinforce",
    env: "CartPole-v1",
    preset: "none",
    steps: 300,
    episodes: 4,
    optimizer: "rmsProp",
    baseline: "average",
    sparseInput: true,
  },
  "reinforce on pooled pictures": {
    algorithm: "reinforce",
    env: "PongDifference-v0",
    preset: "none",
    steps: 128,
    maxEpisodeSteps: 64,
    hidden: [8],
    pooling: 4,
    sparseInput: true,
  },
  "dqn, ε-greedy": { ...dqn, exploration: "epsilon-greedy", explorationInitialEps: 0.5, explorationFinalEps: 0.3 },
  "dqn, Boltzmann, with prioritised replay": {
    ...dqn,
    exploration: "boltzmann",
    temperature: 0.2,
    prioritizedReplay: true,
    dueling: true,
    double: true,
    loss: "mse",
  },
  sac: { algorithm: "sac", env: "Pendulum-v1", preset: "none", steps: 150, learningStarts: 100, hidden: [32, 32] },
  rainbow: { ...dqn, algorithm: "rainbow" },
};

function look(config: RunInput, every = 1) {
  const records: InspectionRecord[] = [];
  const listener = new Microscope({ record: (record) => records.push(record), every });
  const run = train(config, { listener });
  for (const _ of run);
  return { run, records };
}

const only = <R extends InspectionRecord["record"]>(records: readonly InspectionRecord[], kind: R) =>
  records.filter((r): r is Extract<InspectionRecord, { record: R }> => r.record === kind);

/** What a training ends with. */
function ends(config: RunInput, listener?: TrainingListener) {
  const run = train(config, { listener });
  const metrics = [...run].map((iteration) => iteration.metrics);
  return { sha256: run.parametersSha256(), metrics, checkpoint: Buffer.from(run.checkpoint()).toString("base64") };
}

describe.each(Object.entries(runs))("looking at %s", (_name, config) => {
  const records: InspectionRecord[] = [];

  it("changes nothing: not one bit of parameters, metrics or checkpoint", () => {
    const microscope = new Microscope({ record: (record) => records.push(record) });
    expect(ends(config, microscope)).toEqual(ends(config));
    expect(only(records, "update").length).toBeGreaterThan(1);
  });

  it("sees finite numbers that add up", () => {
    const strange: string[] = [];
    JSON.stringify(records, (key, value) => {
      if (typeof value === "number" && !Number.isFinite(value)) strange.push(key);
      return value;
    });
    expect(strange).toEqual([]);
    for (const update of only(records, "update")) {
      expect(Object.values(update.terms).reduce((a, b) => a + b)).toBeCloseTo(update.loss, 4);
      expect(Object.values(update.parts).reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 2);
      expect(update.rounding).toBeLessThan(1e-6);
    }
    const choices = only(records, "group").filter(({ by }) => by === "choice");
    for (const { step, name } of choices) {
      const groups = choices.filter((group) => group.step === step && group.name === name);
      expect(groups.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 3);
      expect(groups.reduce((sum, { fraction }) => sum + fraction, 0)).toBeCloseTo(1, 9);
    }
    expect(only(records, "layer").length).toBeGreaterThan(0);
  });
});

describe("the check that looking changes nothing", () => {
  it("would notice a listener that touches", () => {
    const nudge = (step: GradientStep) => ({
      before: () => {},
      after: () => {
        const [first] = Object.values(step.optimiser.parameters);
        first!.data[0]! += 1e-6;
      },
    });
    const listener = { watch: nudge, observed() {}, iterationBegins() {}, iterationEnded() {} };
    expect(ends(runs.ppo!, listener).sha256).not.toBe(ends(runs.ppo!).sha256);
  });
});

describe("what the microscope tells", () => {
  const { records, run } = look(runs.ppo!);
  const updates = only(records, "update");

  it("has the learner's own loss and gradient norm", () => {
    const { records: first, run } = look({ ...runs.ppo!, steps: 128, nEpochs: 1, batchSize: 128 });
    const [update] = only(first, "update") as [UpdateRecord];
    const { metrics } = train(run.config).iterate();
    expect(update.loss).toBeCloseTo(metrics["loss/total"]!, 5);
    expect(update.gradientNorm).toBeCloseTo(metrics["gradient/norm"]!, 5);
    expect(update.explainedVariance).toBeCloseTo(metrics["value/explainedVariance"]!, 4);
    expect(update.clipped).toBe(0);
  });

  it("measures both divergences, which are alike for small steps", () => {
    for (const { klForward, klBackward } of updates) {
      expect(klForward).toBeGreaterThan(0);
      expect(Math.abs(klForward! / klBackward! - 1)).toBeLessThan(0.2);
    }
  });

  it("looks at the same run at the same places after a resume", () => {
    const half = train(runs.ppo!);
    half.iterate();
    const resumed: InspectionRecord[] = [];
    const listener = new Microscope({ record: (record) => resumed.push(record) });
    for (const _ of resumeRun(half.checkpoint(), { listener }));
    const later = (all: readonly InspectionRecord[]) =>
      only(all, "update")
        .filter(({ step }) => step > half.step)
        .map(({ update, loss }) => ({ update, loss }));
    expect(later(resumed).map(({ loss }) => loss)).toEqual(
      later(records)
        .filter(({ update }) => later(resumed).some((other) => other.update === update))
        .map((u) => u.loss),
    );
    expect(later(resumed).length).toBeGreaterThan(2);
  });

  it("tells of few samples one by one, each with its terms", () => {
    const samples = only(records, "sample") as SampleRecord[];
    expect(samples.length).toBe(32 * (run.step / 128));
    for (const { terms, share, exploratory, probability, clipped } of samples) {
      expect(Object.keys(terms)).toEqual(["policy", "value", "entropy"]);
      expect(Object.values(terms).reduce((sum, term) => sum + term.share, 0)).toBeCloseTo(share, 5);
      // Of two actions the best one has at least half the probability.
      expect(exploratory ? probability! <= 0.5 : probability! >= 0.5).toBe(true);
      expect(typeof clipped).toBe("boolean");
    }
  });

  it("looks as often as it is asked to", () => {
    const steps = new Set(only(look({ ...runs.a2c!, logInterval: 4 }, 100).records, "update").map(({ step }) => step));
    expect([...steps]).toEqual([20, 120, 220]);
  });

  it("finds no distances from the mean where actions are choices", () => {
    const groupings = new Set((only(records, "group") as GroupRecord[]).map(({ by }) => by));
    expect([...groupings].sort()).toEqual(["choice", "novelty", "probability"]);
    const numbers = new Set(only(look(runs["ppo on numbers"]!).records, "group").map(({ by }) => by));
    expect([...numbers].sort()).toEqual(["choice", "distance", "novelty"]);
  });

  it("knows which actions ε-greedy drew: about ε of them, of which half are the best by chance", () => {
    const config = { ...runs["dqn, ε-greedy"]!, steps: 1500, explorationInitialEps: 0.4, explorationFinalEps: 0.4 };
    const { records } = look({ ...config, learningStarts: 1, learningRate: 0 });
    const samples = only(records, "sample");
    const share = (of: SampleRecord[], is: (s: SampleRecord) => boolean) => of.filter(is).length / of.length;
    const drawn = samples.filter((sample) => sample.drawn);
    expect(share(samples, (s) => s.drawn === true)).toBeGreaterThan(0.3);
    expect(share(samples, (s) => s.drawn === true)).toBeLessThan(0.5);
    // The network stays as it was, so that what was chosen by value is what is best now.
    expect(share(drawn, (s) => s.exploratory === true)).toBeGreaterThan(0.35);
    expect(share(drawn, (s) => s.exploratory === true)).toBeLessThan(0.65);
    expect(samples.filter((s) => s.drawn === false && s.exploratory).length).toBe(0);
  });

  it("is refused by algorithms that tell nothing", () => {
    const listener = new Microscope({ record: () => {} });
    expect(() => train({ algorithm: "q-learning", env: "FrozenLake-v1" }, { listener })).toThrow(
      /listener must be left out with q-learning, which tells of none of its gradient steps; .*ppo.* do/,
    );
  });
});
