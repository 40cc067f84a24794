import { describe, expect, it } from "vitest";
import { train } from "../training/index.ts";
import { type GradientStep, type TrainingListener, watched } from "./listener.ts";

describe("a step that somebody watches", () => {
  it("is told before and after", () => {
    const heard: string[] = [];
    const listener = {
      watch: ({ name }: GradientStep) => ({
        before: () => heard.push(`before ${name}`),
        after: () => heard.push(`after ${name}`),
      }),
      observed: () => {},
      iterationBegins: () => {},
      iterationEnded: () => {},
    };
    const apply = { run: () => heard.push("apply") };
    watched(apply, listener, () => ({ name: "actor" }) as GradientStep).run();
    expect(heard).toEqual(["before actor", "apply", "after actor"]);
  });

  it("is the step itself where nobody does, and is not even described", () => {
    const apply = { run: () => {} };
    const describeStep = () => expect.fail("described for nobody");
    expect(watched(apply, undefined, describeStep)).toBe(apply);
  });

  it("is refused where it could not hear", () => {
    const config = { algorithm: "ppo", env: "CartPole-v1" } as const;
    for (const listener of [3, null, { watch: () => {} }]) {
      expect(() => train(config, { listener: listener as never })).toThrow(
        /^listener must be an object with watch, observed, iterationBegins, iterationEnded, such as a Microscope: it has no/,
      );
    }
  });

  it("hears of the environments and of iterations too", () => {
    const heard: string[] = [];
    const listener: TrainingListener = {
      watch: () => ({ before: () => {}, after: () => {} }),
      observed: (_, isFresh) => heard.push(isFresh ? "reset" : "step"),
      iterationBegins: (step) => heard.push(`begins at ${step}`),
      iterationEnded: (step) => heard.push(`ended at ${step}`),
    };
    const config = { algorithm: "ppo", env: "CartPole-v1", preset: "none", steps: 4, nSteps: 2, batchSize: 2 } as const;
    for (const _ of train(config, { listener }));
    const iteration = (from: number) => [`begins at ${from}`, "step", "step", `ended at ${from + 2}`];
    expect(heard).toEqual(["reset", ...iteration(0), ...iteration(2)]);
  });
});
