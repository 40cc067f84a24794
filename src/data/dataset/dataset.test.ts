import { describe, expect, it } from "vitest";
import { IdentityEnv } from "../../../test/support/identity-env.ts";
import { type AnyEnv, makeEnv } from "../../envs/index.ts";
import { FormatError } from "../../errors.ts";
import { readSafetensors, type SafetensorsTensor, writeSafetensors } from "../../nn/index.ts";
import { Key } from "../../random/index.ts";
import { Box, Discrete, MultiBinary, MultiDiscrete } from "../../spaces/index.ts";
import { recordDataset } from "../../training/index.ts";
import { checkDataset, type Dataset, joinDatasets, readDataset, replayOf, writeDataset } from "./index.ts";

/** Pictures of bytes; the reward is the first of them. */
function bytes(): AnyEnv {
  const observationSpace = new Box(0, 255, [2, 3], "uint8");
  const random = Key.fromSeed(4).stream();
  const show = () => observationSpace.sample(random);
  return {
    observationSpace,
    actionSpace: new Discrete(3),
    reset: () => ({ observation: show(), info: {} }),
    step: () => {
      const terminated = random.uniform() < 0.2;
      return { observation: show(), reward: random.uniform(), terminated, truncated: false, info: {} };
    },
  };
}

const envs: Record<string, () => AnyEnv> = {
  CartPole: () => makeEnv("CartPole-v1"),
  "continuous actions": () => makeEnv("Pendulum-v1"),
  "states by number": () => makeEnv("FrozenLake-v1"),
  bytes,
  switches: () => new IdentityEnv(new MultiBinary(3)),
  "masked choices": () => new IdentityEnv(new Discrete(5, 2), { allowed: 3 }),
  "masked choices, several": () => new IdentityEnv(new MultiDiscrete([4, 3]), { allowed: 2 }),
};

const recorded = (env: () => AnyEnv, steps = 60, seed = 1) => recordDataset(undefined, { env, steps, seed });

describe.each(Object.entries(envs))("a dataset of %s", (_name, env) => {
  const dataset = recorded(env);

  it("comes back from its file as it was", () => {
    const bytes = writeDataset(dataset);
    expect(readDataset(bytes)).toEqual(dataset);
    expect(writeDataset(readDataset(bytes))).toEqual(bytes);
  });

  it("fills a replay buffer, row by row", () => {
    const buffer = replayOf(dataset);
    expect(buffer.size).toBe(60);
    const { flatSize } = dataset.observationSpace;
    const flat = new Float32Array(flatSize);
    for (const which of ["observations", "nextObservations"] as const) {
      for (let row = 0; row < 60; row++) {
        buffer.store.read(which, row, flat);
        expect([...flat]).toEqual([...dataset[which].subarray(row * flatSize, (row + 1) * flatSize)]);
      }
    }
    expect([...(buffer.actions.data as Float32Array)]).toEqual([...dataset.actions]);
    expect(buffer.rewards).toEqual(dataset.rewards);
    expect([buffer.terminated, buffer.truncated]).toEqual([dataset.terminated, dataset.truncated]);
    const { maskSize } = buffer.sizes;
    expect([...(buffer.masks.data as Uint8Array)]).toEqual([...(dataset.masks ?? [])]);
    for (let row = 0; row < 60 && maskSize > 0; row++) {
      const ended = dataset.terminated[row] || dataset.truncated[row];
      const next = dataset.masks!.subarray((row + 1) * maskSize, (row + 2) * maskSize);
      const expected = ended ? new Array(maskSize).fill(1) : [...next];
      expect([...buffer.nextMasks.data.slice(row * maskSize, (row + 1) * maskSize)]).toEqual(expected);
    }
  });

  it("takes as little memory as what it holds", () => {
    const isBytes = dataset.observations instanceof Uint8Array;
    expect(isBytes).toBe(env === bytes);
    expect(replayOf(dataset).sizes.observationType).toBe(isBytes ? "uint8" : "float32");
  });
});

describe("what is no dataset", () => {
  const dataset = recorded(envs["masked choices"]!);
  const { tensors, metadata } = readSafetensors(writeDataset(dataset));

  const about = JSON.parse(metadata.dataset!);
  const read = (changed: Record<string, SafetensorsTensor | undefined>, text: Record<string, string> = {}) => {
    const arrays = Object.entries({ ...tensors, ...changed }).filter(([, tensor]) => tensor !== undefined);
    return () => readDataset(writeSafetensors(Object.fromEntries(arrays) as typeof tensors, { ...metadata, ...text }));
  };
  const described = (change: object) => read({}, { dataset: JSON.stringify({ ...about, ...change }) });
  const altered = (name: string, index: number, value: number) => {
    const { data, ...rest } = tensors[name]!;
    const copy = (data as Float32Array).slice();
    copy[index] = value;
    return read({ [name]: { ...rest, data: copy } });
  };

  it("is refused in a sentence that says what is wrong", () => {
    expect(read({})).not.toThrow();
    expect(read({}, { format: "limpid checkpoint 1" })).toThrow(/dataset format must be "limpid dataset 1"; got/);
    expect(read({}, { dataset: "{" })).toThrow(/described by JSON/);
    expect(read({}, { dataset: "[]" })).toThrow(FormatError);
    expect(described({ env: 3 })).toThrow(/dataset env must be a text/);
    expect(described({ seed: -1 })).toThrow(/dataset seed must be a non-negative integer/);
    expect(described({ actionSpace: { kind: "discrete", n: -2 } })).toThrow(/the dataset's actionSpace cannot be used/);
    expect(described({ actionSpace: { kind: "discrete", n: 6, start: 2 } })).toThrow(/dataset masks must be/);
    expect(described({ observationSpace: about.actionSpace, actionSpace: { kind: "multi-binary", n: 1 } })).toThrow(
      FormatError,
    );
    for (const name of ["observations", "nextObservations", "actions", "rewards", "terminated", "truncated"]) {
      expect(read({ [name]: undefined }), name).toThrow(new RegExp(`dataset ${name} must be`));
    }
    expect(altered("observations", 7, Number.NaN)).toThrow(/observations\[7\] must be a finite number; got NaN/);
    expect(altered("rewards", 7, Number.POSITIVE_INFINITY)).toThrow(/rewards\[7\] must be a finite number/);
    expect(altered("actions", 4, 5)).toThrow(/action of row 4 must be an integer from 2 to 6; got 7/);
    expect(altered("actions", 4, 0.5)).toThrow(/action of row 4 must be an integer/);
    expect(altered("masks", 4 * 5 + dataset.actions[4]!, 0)).toThrow(
      /action of row 4 must be one that its mask allows/,
    );
    expect(altered("masks", 4 * 5, 2)).toThrow(/masks of row 4 must be 0 or 1/);
    expect(altered("terminated", 4, 2)).toThrow(/terminated and truncated of row 4/);
    expect(altered("truncated", 59, 0)).toThrow(/last transition must be terminated or truncated/);
    expect(altered("nextObservations", 0, 9)).toThrow(
      /nextObservations of row 0 must be the observation of the next row/,
    );
    const empty = { dtype: "F32", shape: [0], data: new Float32Array(0) } as const;
    expect(read({ rewards: empty })).toThrow(/has no transitions/);
  });

  it("is refused without any other exception, whatever bytes are damaged", () => {
    const whole = writeDataset(recorded(envs.CartPole!, 12));
    const random = Key.fromSeed(8).stream();
    let refused = 0;
    for (let k = 0; k < 600; k++) {
      const damaged = k % 3 === 0 ? whole.slice(0, random.integer(whole.length)) : whole.slice();
      for (let i = 0; i < 3 && damaged.length > 0; i++) damaged[random.integer(damaged.length)] = random.integer(256);
      try {
        checkDataset(readDataset(damaged));
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(400);
  });
});

describe("joinDatasets", () => {
  it("puts datasets one after another", () => {
    const [one, two] = [recorded(envs.CartPole!, 30, 1), recorded(envs.CartPole!, 20, 2)];
    const joined = joinDatasets([one, two]);
    checkDataset(joined);
    expect(joined.policy).toEqual([one.policy, two.policy]);
    expect([...joined.actions]).toEqual([...one.actions, ...two.actions]);
    expect([...joined.nextObservations]).toEqual([...one.nextObservations, ...two.nextObservations]);
  });

  it("refuses those that do not fit, and none", () => {
    const parts = [recorded(envs.CartPole!, 5), recorded(envs["continuous actions"]!, 5)] as Dataset[];
    expect(() => joinDatasets(parts)).toThrow(/all of custom, with the same spaces/);
    expect(() => joinDatasets([])).toThrow(/one or more/);
  });
});
