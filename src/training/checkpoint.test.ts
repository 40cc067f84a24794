import { describe, expect, it } from "vitest";
import { FormatError } from "../errors.ts";
import { readSafetensors, type SafetensorsTensor } from "../nn/index.ts";
import { seal } from "./checkpoint.ts";
import { loadPolicy, resumeRun, train } from "./index.ts";

const input = { algorithm: "ppo", env: "CartPole-v1", nSteps: 32, batchSize: 32, nEnvs: 1, normalizeObservation: true };
const original = train({ ...input, steps: 64 }).checkpoint();

type Json = Record<string, unknown>;
interface Contents {
  tensors: Record<string, SafetensorsTensor>;
  config: Json;
  run: Json;
}

/** The checkpoint with changed contents and the right digest over them: what someone would make on purpose. */
function forged(change: (contents: Contents) => void): Uint8Array {
  const { tensors, metadata } = readSafetensors(original);
  const { sha256: _, config, run, ...texts } = metadata;
  const contents = { tensors: { ...tensors }, config: JSON.parse(config!), run: JSON.parse(run!) };
  change(contents);
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return seal(contents.tensors, { ...texts, config: text(contents.config), run: text(contents.run) });
}

describe("a forged checkpoint", () => {
  it("is loaded where nothing was changed", () => {
    const bytes = forged(() => {});
    expect(loadPolicy(bytes).act([0, 0, 0, 0])).toBe(loadPolicy(original).act([0, 0, 0, 0]));
    expect(resumeRun(bytes).step).toBe(0);
  });

  it.each<[string, (contents: Contents) => void, RegExp]>([
    [
      "a network that would take hours to make",
      ({ config }) => {
        config.hidden = [30_000, 30_000];
      },
      /^checkpoint hidden must be those of a network of \d+ parameters, which the file has, with 4 inputs; got \[30000,30000\]$/,
    ],
    [
      "observations wider than the network",
      ({ run }) => {
        run.observationSpace = { kind: "box", low: 0, high: 1, shape: [1 << 20], dtype: "float32" };
      },
      /^checkpoint hidden must be .*, with 1048576 inputs/,
    ],
    [
      "a space larger than any",
      ({ run }) => {
        run.observationSpace = { kind: "box", low: 0, high: 1, shape: [2 ** 25], dtype: "float32" };
      },
      /Box\.shape\[0\] must be an integer from 1 to 16777216/,
    ],
    [
      "a parameter that is not a number",
      ({ tensors }) => {
        const { shape } = tensors["parameters/policy.head.bias"]!;
        const data = Float32Array.of(0, Number.NaN);
        tensors["parameters/policy.head.bias"] = { dtype: "F32", shape, data };
      },
      /^checkpoint parameter policy\.head\.bias\[1\] must be a finite number; got NaN$/,
    ],
    [
      "a run nested beyond the stack",
      (contents) => {
        contents.run = `{"step":${"[".repeat(200_000)}${"]".repeat(200_000)}}` as unknown as Json;
      },
      /^checkpoint step must be a non-negative integer; got a deeply nested array$/,
    ],
    [
      "a prototype in the configuration",
      (contents) => {
        contents.config = JSON.stringify(contents.config).replace(
          "{",
          '{"__proto__":{"polluted":1},',
        ) as unknown as Json;
      },
      /__proto__ must be left out/,
    ],
  ])("is refused in one sentence: %s", (_name, change, sentence) => {
    const bytes = forged(change);
    for (const read of [loadPolicy, resumeRun]) {
      expect(() => read(bytes)).toThrow(FormatError);
      expect(() => read(bytes)).toThrow(sentence);
    }
    expect(({} as Json).polluted).toBeUndefined();
  });
});

it("loads a network whose hidden layers see less than an observation has: its memory", () => {
  const own = { ...input, normalizeObservation: false, algorithm: "recurrent-ppo" };
  const memory = { recurrent: "gru", recurrentSize: 2, sharedRecurrent: true } as const;
  const env = "PongFrames-v0";
  for (const recurrentSkip of [false, true]) {
    const bytes = train({
      ...own,
      ...memory,
      hidden: [64],
      env,
      preset: "none",
      recurrentSkip,
      steps: 32,
    }).checkpoint();
    expect(loadPolicy(bytes).observationSpace.flatSize).toBeGreaterThan(1000);
  }
});
