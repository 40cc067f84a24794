import { describe, expect, it } from "vitest";
import { ConfigError, nearest } from "../errors.ts";
import { Key } from "../random/index.ts";
import { Box, Discrete } from "../spaces/index.ts";
import type { AnyEnv } from "./env.ts";
import { envDescription, envIds, envSpec, evaluationEnv, loadEnv, makeBatch, makeEnv, registerEnv } from "./index.ts";
import { addOnDemand } from "./registry.ts";
import type { EnvSpec } from "./spec.ts";

await Promise.all(envIds().map(loadEnv));

const counting = (): AnyEnv => {
  let at = 0;
  const show = () => ({ observation: [at], info: {} });
  return {
    observationSpace: new Box(0, 99),
    actionSpace: new Discrete(2),
    reset: () => {
      at = 0;
      return show();
    },
    step: () => {
      at++;
      return { ...show(), reward: 1, terminated: false, truncated: false };
    },
  };
};

describe("the registry", () => {
  it("has the five tasks of classic control, first, with Gymnasium's time limits and thresholds", () => {
    const facts = envIds()
      .slice(0, 5)
      .map((id) => [id, envSpec(id).maxEpisodeSteps, envSpec(id).rewardThreshold]);
    expect(facts).toEqual([
      ["CartPole-v1", 500, 475],
      ["MountainCar-v0", 200, -110],
      ["MountainCarContinuous-v0", 999, 90],
      ["Pendulum-v1", 200, undefined],
      ["Acrobot-v1", 500, -100],
    ]);
  });

  it("has these besides", () => {
    const probes = ["ConstantReward", "RewardFromObservation", "DelayedReward", "RewardFromAction", "RewardFromBoth"];
    const identities = ["Discrete", "MultiDiscrete", "MultiBinary", "Box", "Masked"];
    const besides = [
      ...["FrozenLake-v1", "FrozenLakeDeterministic-v1", "FrozenLake8x8-v1", "FrozenLake8x8Deterministic-v1"],
      ...["CliffWalking-v1", "CliffWalkingSlippery-v1", "Taxi-v4", "TaxiMasked-v4"],
      ...["Bandit-v0", "BernoulliBandit-v0", "ContextualBandit-v0"],
      ...["LeftRight-v0", "Threshold-v0", "SmoothThreshold-v0", "StayOrStop-v0"],
      ...["DeepSea8-v0", "DeepSea10-v0", "DeepSea12-v0", "DeepSea20-v0"],
      ...["BitFlipping-v0", "BitFlipping8-v0", "PointReach-v0"],
      ...["Pong-v0", "PongDifference-v0", "PongFrames-v0", "PongTwoPlayers-v0"],
      ...["Umbrella-v0", "DiscountingChain-v0", "Catch-v0", "TMaze-v0"],
      ...[...probes, "TimeLimit"].flatMap((probe) => [`Probe${probe}-v0`, `Probe${probe}Continuous-v0`]),
      ...identities.map((space) => `Identity${space}-v0`),
    ];
    expect(envIds()).toEqual(expect.arrayContaining(besides));
    expect(new Set(envIds()).size).toBe(envIds().length);
  });

  it.each(envIds())("%s says what it is, and refuses options that it does not have", (id) => {
    const { description, source } = envSpec(id);
    expect(description).toMatch(/^[A-Z].*\.$/);
    expect(source).not.toBe("");
    expect(() => makeEnv(id, { nonsense: 1 })).toThrow(/option nonsense must be left out, because it does not exist/);
    expect(() => makeBatch(id, 1, { nonsense: 1 })).toThrow(ConfigError);
  });

  it("has Gymnasium's spaces", () => {
    const spaces = (id: string) => {
      const { observationSpace, actionSpace } = makeEnv(id);
      return JSON.parse(JSON.stringify([observationSpace, actionSpace]));
    };
    const cart = Math.fround(0.41887903);
    expect(spaces("CartPole-v1")[0]).toMatchObject({ high: [Math.fround(4.8), "Infinity", cart, "Infinity"] });
    expect(spaces("CartPole-v1")[1]).toEqual({ kind: "discrete", n: 2, start: 0 });
    const car = { low: [Math.fround(-1.2), Math.fround(-0.07)], high: [Math.fround(0.6), Math.fround(0.07)] };
    expect(spaces("MountainCar-v0")[0]).toMatchObject(car);
    expect(spaces("MountainCarContinuous-v0")[0]).toMatchObject(car);
    expect(spaces("MountainCarContinuous-v0")[1]).toMatchObject({ kind: "box", low: -1, high: 1, shape: [1] });
    expect(spaces("Pendulum-v1")[0]).toMatchObject({ low: [-1, -1, -8], high: [1, 1, 8] });
    expect(spaces("Pendulum-v1")[1]).toMatchObject({ low: -2, high: 2 });
    expect(spaces("Acrobot-v1")[0]).toMatchObject({
      high: [1, 1, 1, 1, Math.fround(12.566371), Math.fround(28.274334)],
    });
    expect(spaces("Acrobot-v1")[1]).toMatchObject({ n: 3 });
  });

  it("says what there is and what was probably meant", () => {
    const message = (id: string) => {
      try {
        makeEnv(id);
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
        return (error as Error).message;
      }
      throw new Error("made an environment that does not exist");
    };
    expect(message("cartpole")).toBe(
      'env must be one of "CartPole-v1", "MountainCar-v0", "MountainCarContinuous-v0", "Pendulum-v1", "Acrobot-v1", … ' +
        `(envIds() or "limpid list envs" shows all ${envIds().length}); ` +
        'got "cartpole". Did you mean "CartPole-v1"?',
    );
    expect(message("MountainCar-v1")).toMatch(/Did you mean "MountainCar-v0"\?$/);
    expect(message("__proto__")).not.toMatch(/Did you mean/);
    expect(() => makeBatch("Pendulum", 2)).toThrow(/Did you mean "Pendulum-v1"/);
  });

  it("says where what was learned is evaluated", () => {
    expect(evaluationEnv("CartPole-v1")).toBe("CartPole-v1");
    expect(evaluationEnv("Digits-v0")).toBe("DigitsUnseen-v0");
  });

  it("passes options on and checks them", () => {
    expect(() => makeEnv("Pendulum-v1", { g: 9.81 })).not.toThrow();
    expect(() => makeEnv("Pendulum-v1", { gravity: 9.81 })).toThrow(
      "Pendulum-v1 option gravity must be left out, because it does not exist (there is: g, m, l)",
    );
    expect(() => makeBatch("Pendulum-v1", 2, { g: "9.81" })).toThrow(
      'Pendulum-v1 option g must be a finite number; got "9.81"',
    );
    expect(() => makeEnv("Acrobot-v1", { bookOrNips: "paper" })).toThrow(/must be one of "book", "nips"; got "paper"/);
    expect(() => makeEnv("CartPole-v1", { suttonBartoReward: 1 })).toThrow(/must be a boolean; got 1/);
    expect(() => makeEnv("CartPole-v1", { constructor: 1 })).toThrow(ConfigError);
  });

  it.each([0, 2.5, -1, Infinity])("refuses a batch of %d", (count) => {
    expect(() => makeBatch("CartPole-v1", count)).toThrow(/^count must be a positive integer/);
  });

  it("takes a user's environment and gives it its time limit, batched too", () => {
    const about = { description: "counts", source: "this test", maxEpisodeSteps: 3 };
    registerEnv({ id: "Counting-v0", ...about, create: counting });
    expect(envIds()).toContain("Counting-v0");
    const env = makeBatch("Counting-v0", 2);
    expect(env.name).toBe("Counting-v0");
    env.reset(Key.fromSeed(0));
    for (let t = 0; t < 3; t++) env.step(new Float32Array(2));
    expect([...env.truncated]).toEqual([1, 1]);
    expect([...env.finalObservations]).toEqual([3, 3]);
    expect([...env.observations]).toEqual([0, 0]);
    expect(() => registerEnv({ id: "Counting-v0", ...about, create: counting })).toThrow(/not registered yet/);
    expect(() => registerEnv({ id: "", ...about, create: counting })).toThrow(ConfigError);
    expect(() => registerEnv({ id: "X", ...about, maxEpisodeSteps: 0, create: counting })).toThrow(/maxEpisodeSteps/);
  });
});

describe("an environment that is loaded on demand", () => {
  /** Two that come together, and how often they were loaded. */
  function later(name: string, load: (specs: EnvSpec[]) => Promise<EnvSpec[]>) {
    const ids = [`${name}-v0`, `${name}Wind-v0`];
    const descriptions = ids.map((id) => ({ id, description: "Counts.", source: "this test", maxEpisodeSteps: 3 }));
    const specs = descriptions.map((description) => ({ ...description, create: counting }));
    const calls = { count: 0 };
    addOnDemand({
      descriptions,
      needs: "@none/none@1.2.3",
      load: () => {
        calls.count++;
        return load(specs);
      },
    });
    return { id: ids[0]!, other: ids[1]!, calls };
  }

  it("is known before, and says what to do", () => {
    const { id, calls } = later("Known", async (specs) => specs);
    expect(envIds()).toContain(id);
    expect(envDescription(id)).toMatchObject({ description: "Counts.", maxEpisodeSteps: 3 });
    expect(evaluationEnv(id)).toBe(id);
    const sentence = 'env "Known-v0" must be loaded first: await loadEnv("Known-v0")';
    for (const use of [envSpec, makeEnv, (name: string) => makeBatch(name, 2)]) {
      expect(() => use(id)).toThrow(ConfigError);
      expect(() => use(id)).toThrow(sentence);
    }
    expect(() => registerEnv({ ...envDescription(id), create: counting })).toThrow(/not registered yet/);
    expect(calls.count).toBe(0);
  });

  it("is loaded once, with those that come with it, and keeps its place", async () => {
    const { id, other, calls } = later("Once", async (specs) => specs);
    const before = envIds();
    await Promise.all([loadEnv(id), loadEnv(other), loadEnv(id)]);
    await loadEnv(id);
    expect(calls.count).toBe(1);
    expect(envIds()).toEqual(before);
    expect(makeBatch(other, 2).name).toBe(other);
    const env = makeEnv(id);
    env.reset({});
    expect([0, 1, 2].map(() => env.step(0).truncated)).toEqual([false, false, true]);
  });

  it("without its library says what installs it, and can be loaded once that is done", async () => {
    let isInstalled = false;
    const missing = (name: string) =>
      Object.assign(new Error(`Cannot find package '${name}' imported from x`), { code: "ERR_MODULE_NOT_FOUND" });
    const { id } = later("Missing", async (specs) => {
      if (!isInstalled) throw missing("@none/none");
      return specs;
    });
    const failure = loadEnv(id);
    await expect(failure).rejects.toThrow(ConfigError);
    await expect(failure).rejects.toThrow(
      'env "Missing-v0" needs a library that is not installed: npm install @none/none@1.2.3',
    );
    const inPage = later("InPage", () =>
      Promise.reject(new Error('Could not resolve "@none/none" imported by "limpid". Is it installed?')),
    );
    await expect(loadEnv(inPage.id)).rejects.toThrow(/not installed: npm install @none/);
    expect(() => makeEnv(id)).toThrow(/must be loaded first/);
    isInstalled = true;
    await loadEnv(id);
    expect(() => makeEnv(id)).not.toThrow();
    // Whatever else goes wrong is not hidden behind that sentence.
    const broken = later("Broken", () => Promise.reject(missing("elsewhere")));
    await expect(loadEnv(broken.id)).rejects.toThrow("Cannot find package 'elsewhere'");
  });

  it("leaves the others alone: they are there already, or do not exist", async () => {
    await loadEnv("CartPole-v1");
    await expect(loadEnv("cartpole")).rejects.toThrow(/got "cartpole"\. Did you mean "CartPole-v1"\?$/);
  });
});

describe("a built-in environment", () => {
  it("refuses steps before a reset and after the end, and actions that do not exist", () => {
    const env = makeEnv("CartPole-v1");
    expect(() => env.step(0)).toThrow(/CartPole-v1 must be reset before it is stepped/);
    env.reset({ seed: 1 });
    expect(() => env.step(2)).toThrow(/action for CartPole-v1 must be an integer from 0 to 1; got 2/);
    let ended = false;
    while (!ended) ended = env.step(0).terminated;
    expect(() => env.step(0)).toThrow(/no episode is running/);
  });

  it("hands out observations that nothing changes later", () => {
    const env = makeEnv("CartPole-v1");
    const first = env.reset({ seed: 1 }).observation as Float32Array;
    const kept = first.slice();
    env.step(1);
    expect(first).toEqual(kept);
  });
});

it("nearest finds a name within half its length", () => {
  expect(nearest("pedulum-V1", ["Acrobot-v1", "Pendulum-v1"])).toBe("Pendulum-v1");
  expect(nearest("zzz", ["Acrobot-v1"])).toBeUndefined();
  expect(nearest("lr", ["logStdInit", "learningRate"])).toBe("learningRate");
});
