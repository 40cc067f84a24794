import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Key } from "../../random/index.ts";
import { persistent, plan, step } from "../../tensor/index.ts";
import {
  ReplayBuffer,
  type ReplayInputs,
  type ReplaySizes,
  replayInputs,
  type StepOutcome,
  UniformSampler,
} from "./index.ts";

interface Case {
  readonly note: string;
  readonly nEnvs: number;
  readonly nSteps: number;
  readonly gamma: number;
  readonly bufferSizeRows: number;
  readonly stream: readonly { reward: number[]; terminated: number[]; truncated: number[] }[];
  readonly samples: readonly {
    t: number;
    env: number;
    lastT: number;
    nStepReturn: number;
    bootstrapDiscount: number;
    done: number;
  }[];
}

const fixture = new URL("../../../test/fixtures/replay-nstep.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(fixture, "utf8")) as { cases: Case[] };

const sizes: ReplaySizes = {
  ...{ capacity: 4, envs: 1, observationSize: 1, actionShape: [], actionType: "int32", maskSize: 0 },
};

/** Inputs of a plan that keep float64, to compare with more digits than a loss needs. */
function wideInputs(count: number): ReplayInputs {
  const whole = () => persistent([count], "int32");
  const real = () => persistent([count], "float64");
  return { rows: whole(), lastRows: whole(), returns: real(), discounts: real(), weights: real() };
}

/** Step t of an environment: observation t leads to t + 1. */
function outcome(t: number, change: Partial<StepOutcome> = {}): StepOutcome {
  return {
    observations: Float32Array.of(t + 1),
    finalObservations: Float32Array.of(-(t + 1)),
    rewards: [2 ** t],
    terminated: Uint8Array.of(0),
    truncated: Uint8Array.of(0),
    ...change,
  };
}

function add(buffer: ReplayBuffer, t: number, change: Partial<StepOutcome> = {}): void {
  buffer.observe({ observations: Float32Array.of(t) });
  buffer.record([t % 3], outcome(t, change));
}

function batchOf(buffer: ReplayBuffer, rows: readonly number[], n = 1, gamma = 0.5) {
  return step(() => {
    const recorded = plan(replayInputs(rows.length), (inputs) => buffer.minibatch(inputs));
    buffer.window(Int32Array.from(rows), n, gamma, recorded.inputs);
    const batch = recorded.run();
    const list = (name: "observations" | "actions" | "nextObservations" | "returns" | "discounts") => [
      ...(batch[name].data as Float32Array),
    ];
    return {
      observations: list("observations"),
      actions: list("actions"),
      nextObservations: list("nextObservations"),
      returns: list("returns"),
      discounts: list("discounts"),
      masks: batch.masks && [...(batch.masks.data as Uint8Array)],
      nextMasks: batch.nextMasks && [...(batch.nextMasks.data as Uint8Array)],
    };
  });
}

/** Fills a buffer with a case's stream; observation t of environment n is 1000 n + t, a final one its negative. */
function filled({ nEnvs, bufferSizeRows, stream }: Case): ReplayBuffer {
  const buffer = new ReplayBuffer({ ...sizes, capacity: bufferSizeRows * nEnvs, envs: nEnvs });
  const at = (t: number, sign: number) => Float32Array.from({ length: nEnvs }, (_, n) => sign * (1000 * n + t));
  stream.forEach(({ reward, terminated, truncated }, t) => {
    buffer.observe({ observations: at(t, 1) });
    buffer.record(new Float32Array(nEnvs), {
      observations: at(t + 1, 1),
      finalObservations: at(t + 1, -1),
      rewards: reward,
      terminated: Uint8Array.from(terminated),
      truncated: Uint8Array.from(truncated),
    });
  });
  return buffer;
}

/** The largest difference from the samples of a case. */
function differenceFrom({ nEnvs, nSteps, gamma, samples, bufferSizeRows, stream }: Case, buffer: ReplayBuffer): number {
  const inputs = wideInputs(samples.length);
  const rowOf = (t: number, env: number) => (t % bufferSizeRows) * nEnvs + env;
  buffer.window(
    Int32Array.from(samples, ({ t, env }) => rowOf(t, env)),
    nSteps,
    gamma,
    inputs,
  );
  const next = new Float32Array(1);
  return Math.max(
    ...samples.flatMap(({ env, lastT, nStepReturn, bootstrapDiscount, done }, i) => {
      const ended = stream[lastT]!.terminated[env] || stream[lastT]!.truncated[env];
      buffer.store.read("nextObservations", inputs.lastRows.data[i]!, next);
      return [
        Math.abs(inputs.returns.data[i]! - nStepReturn) / (1 + Math.abs(nStepReturn)),
        Math.abs(inputs.discounts.data[i]! - (done ? 0 : bootstrapDiscount)),
        Math.abs(inputs.lastRows.data[i]! - rowOf(lastT, env)),
        Math.abs(next[0]! - (ended ? -1 : 1) * (1000 * env + lastT + 1)),
      ];
    }),
  );
}

describe("ReplayBuffer", () => {
  it.each(cases)("sums up n steps as Stable-Baselines3 does: $note", (given) => {
    expect(differenceFrom(given, filled(given))).toBeLessThan(1e-12);
  });

  it("would be noticed if it bootstrapped after termination, not after truncation, or summed on over an end", () => {
    const change = (from: "terminated" | "truncated", to: "terminated" | "truncated" | "neither") =>
      cases.map((given) => {
        const stream = given.stream.map((entry) => {
          const moved = entry[from].map((flag, n) => (to === "neither" ? 0 : flag || entry[to][n]!));
          return { ...entry, [from]: entry[from].map(() => 0), ...(to !== "neither" && { [to]: moved }) };
        });
        return differenceFrom(given, filled({ ...given, stream }));
      });
    expect(Math.max(...change("terminated", "truncated"))).toBeGreaterThan(0.5);
    expect(Math.max(...change("truncated", "terminated"))).toBeGreaterThan(0.5);
    expect(Math.max(...change("truncated", "neither"))).toBeGreaterThan(0.5);
  });

  it("gives s, a and s′ of single steps, the final observation where an episode ended", () => {
    const buffer = new ReplayBuffer(sizes);
    add(buffer, 0);
    add(buffer, 1, { terminated: Uint8Array.of(1) });
    add(buffer, 2, { truncated: Uint8Array.of(1) });
    expect([buffer.size, buffer.newest]).toEqual([3, 2]);
    expect(batchOf(buffer, [2, 0, 1])).toMatchObject({
      observations: [2, 0, 1],
      actions: [2, 0, 1],
      nextObservations: [-3, 1, -2],
      returns: [4, 1, 2],
      discounts: [0.5, 0.5, 0],
    });
  });

  it("overwrites the oldest step, and windows end with the newest", () => {
    const buffer = new ReplayBuffer(sizes);
    for (let t = 0; t < 6; t++) add(buffer, t);
    expect([buffer.size, buffer.newest]).toEqual([4, 1]);
    expect(batchOf(buffer, [2, 3, 0, 1], 3)).toMatchObject({
      observations: [2, 3, 4, 5],
      nextObservations: [5, 6, 6, 6],
      returns: [4 + 4 + 4, 8 + 8 + 8, 16 + 16, 32],
      discounts: [0.125, 0.125, 0.25, 0.5],
    });
  });

  it("rounds its capacity down to whole steps of all environments, at least one", () => {
    expect(new ReplayBuffer({ ...sizes, capacity: 11, envs: 4 })).toMatchObject({ steps: 2, rows: 8 });
    expect(new ReplayBuffer({ ...sizes, capacity: 3, envs: 4 })).toMatchObject({ steps: 1, rows: 4 });
  });

  it("keeps the masks of s and s′; after an end, whose masks nobody knows, all actions are allowed", () => {
    const buffer = new ReplayBuffer({ ...sizes, envs: 2, capacity: 8, maskSize: 2 });
    buffer.observe({ observations: Float32Array.of(0, 0), actionMasks: Uint8Array.of(1, 0, 0, 1) });
    buffer.record([0, 1], {
      observations: Float32Array.of(1, 1),
      finalObservations: Float32Array.of(2, 2),
      rewards: [1, 1],
      terminated: Uint8Array.of(0, 0),
      truncated: Uint8Array.of(0, 1),
      actionMasks: Uint8Array.of(0, 1, 1, 0),
    });
    expect(batchOf(buffer, [0, 1])).toMatchObject({ masks: [1, 0, 0, 1], nextMasks: [0, 1, 1, 1] });
    expect(batchOf(new ReplayBuffer(sizes), [0]).masks).toBeUndefined();
  });

  it("treats episodes that were left as cut off: no window goes on into the next ones", () => {
    const [left, unnoticed] = [new ReplayBuffer(sizes), new ReplayBuffer(sizes)];
    for (const buffer of [left, unnoticed]) {
      add(buffer, 0);
      if (buffer === left) buffer.cut();
      add(buffer, 1);
    }
    expect(batchOf(left, [0], 2)).toMatchObject({ nextObservations: [1], returns: [1], discounts: [0.5] });
    expect(batchOf(unnoticed, [0], 2)).toMatchObject({ nextObservations: [2], returns: [2], discounts: [0.25] });
  });

  it.each([
    ["partly filled", 3],
    ["wrapped", 7],
  ])("goes on from what it saved, and saves no more than it holds: %s", (_, count) => {
    const whole = { ...sizes, capacity: 4, maskSize: 3, observationSize: 1 };
    const [one, two] = [new ReplayBuffer(whole), new ReplayBuffer(whole)];
    for (let t = 0; t < count; t++) add(one, t, t === 2 ? { truncated: Uint8Array.of(1) } : {});
    const saved = structuredClone(one.save());
    expect(saved.arrays.rewards!.data.length).toBe(Math.min(count, 4));
    expect(saved.arrays.observations!.shape).toEqual([Math.min(count, 4), 1]);
    two.load(saved);
    for (const buffer of [one, two]) add(buffer, count);
    expect(two.save()).toEqual(one.save());
    const rows = Array.from({ length: one.size }, (_, row) => row);
    expect(batchOf(two, rows, 3)).toEqual(batchOf(one, rows, 3));
    expect(() => two.load({ ...saved, added: 2 })).toThrow(/has not 2 rows/);
  });

  it("keeps a million transitions of CartPole in less than 80 MB", () => {
    const cartPole = { ...sizes, capacity: 1_000_000, observationSize: 4 };
    const { bytes } = new ReplayBuffer(cartPole);
    // s and s′ of 16 bytes, an action, a reward and two flags.
    expect(bytes).toBe(1_000_000 * (2 * 16 + 4 + 4 + 2));
    expect(bytes).toBeLessThan(80e6);
  });
});

describe("UniformSampler", () => {
  it("draws every filled row as often as any other, with weight 1", () => {
    const sampler = new UniformSampler(Key.fromSeed(3).stream());
    const [rows, weights] = [new Int32Array(40_000), new Float32Array(40_000)];
    const chiSquare = (size: number) => {
      sampler.draw(rows, size, weights);
      const counts = new Float64Array(40);
      for (const row of rows) counts[row]!++;
      return counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    };
    // 39 degrees of freedom: 95 at 1e-6.
    expect(chiSquare(40)).toBeLessThan(95);
    expect(chiSquare(38)).toBeGreaterThan(1000);
    expect(weights.every((weight) => weight === 1)).toBe(true);
  });

  it("goes on bit for bit from what it saved", () => {
    const [one, two] = [1, 2].map((seed) => new UniformSampler(Key.fromSeed(seed).stream())) as [
      UniformSampler,
      UniformSampler,
    ];
    two.load(one.save());
    const drawn = [one, two].map((sampler) => {
      const rows = new Int32Array(8);
      sampler.draw(rows, 1000, []);
      return [...rows];
    });
    expect(drawn[1]).toEqual(drawn[0]);
  });
});
