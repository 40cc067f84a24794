import { expect, it } from "vitest";
import { resumeRun, train } from "../training/index.ts";
import type { Algorithm } from "./algorithm.ts";
import { algorithms, isBuiltIn, ppo, registerAlgorithm } from "./index.ts";

it("knows an algorithm of one's own once it is registered, and goes on with its runs", () => {
  const mine: Algorithm = { ...(ppo as unknown as Algorithm), name: "mine", presets: {} };
  const config = { algorithm: "mine", env: "CartPole-v1", steps: 256, nSteps: 64, seed: 1 };
  expect(() => train(config)).toThrow(/^algorithm must be one of/);
  registerAlgorithm(mine);
  expect(Object.keys(algorithms)).toContain("mine");
  expect([isBuiltIn("mine"), isBuiltIn("ppo")]).toEqual([false, true]);
  const run = train(config);
  run.iterate();
  const resumed = resumeRun(run.checkpoint());
  for (const _ of run);
  for (const _ of resumed);
  expect(resumed.parametersSha256()).toBe(run.parametersSha256());
});

it("refuses a name that is taken, and an algorithm without one of its parts", () => {
  expect(() => registerAlgorithm(ppo)).toThrow(/^name must be a non-empty name that is not registered yet; got "ppo"$/);
  const { create: _, ...rest } = ppo;
  const half = { ...rest, name: "half" } as unknown as Algorithm;
  expect(() => registerAlgorithm(half)).toThrow(/^algorithm half must be one with .*; it has no create$/);
});
