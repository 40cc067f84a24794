import { describe, expect, it } from "vitest";
import { FormatError } from "../errors.ts";
import { Key } from "../random/index.ts";
import { persistent } from "../tensor/index.ts";
import { mlp } from "./mlp.ts";
import { readSafetensors, type SafetensorsTensor, writeSafetensors } from "./safetensors.ts";
import { loadStateDict, stateDict } from "./state-dict.ts";

const network = (seed: number, dtype: "float32" | "float64" = "float32") =>
  mlp({ inputs: 3, hidden: [4], outputs: 2, key: Key.fromSeed(seed), dtype });
const values = (n: ReturnType<typeof network>) => Object.values(n.parameters()).map((p) => p.toArray());

describe("state dictionaries", () => {
  it.each(["float32", "float64"] as const)("carry a %s network through safetensors bit for bit", (dtype) => {
    const [a, b] = [network(1, dtype), network(2, dtype)];
    expect(values(a)).not.toEqual(values(b));
    const { tensors } = readSafetensors(writeSafetensors(stateDict(a)));
    expect(Object.keys(tensors).sort()).toEqual(["0.bias", "0.weight", "2.bias", "2.weight"]);
    loadStateDict(b, tensors);
    expect(values(b)).toEqual(values(a));
  });

  it("are copies: training on does not change them", () => {
    const a = network(1);
    const saved = stateDict(a);
    const before = [...(saved["0.bias"].data as Float32Array)];
    a.parameters()["0.bias"].set([9, 9, 9, 9]);
    expect([...(saved["0.bias"].data as Float32Array)]).toEqual(before);
  });

  it("convert between precisions, and hold integers too", () => {
    const [a, b] = [network(1, "float64"), network(2)];
    loadStateDict(b, stateDict(a));
    expect(values(b)).toEqual(values(a).map((v) => Float32Array.from(v)));
    const counters = {
      stream: persistent([4], "int32").set([1, -2, 3, 4]),
      flags: persistent([2], "uint8").set([1, 0]),
    };
    const restored = { stream: persistent([4], "int32"), flags: persistent([2], "uint8") };
    loadStateDict(restored, readSafetensors(writeSafetensors(stateDict(counters))).tensors);
    expect([...restored.stream.toArray(), ...restored.flags.toArray()]).toEqual([1, -2, 3, 4, 1, 0]);
  });

  const wrong: [string, (state: Record<string, SafetensorsTensor>) => void, RegExp][] = [
    ["a missing tensor", (s) => delete s["0.bias"], /it lacks "0.bias"$/],
    ["an unknown tensor", (s) => (s.extra = s["0.bias"]), /it has unknown "extra"$/],
    [
      "both",
      (s) => {
        s["1.bias"] = s["0.bias"];
        delete s["0.bias"];
      },
      /it lacks "0.bias" and has unknown "1.bias"$/,
    ],
    [
      "a wrong shape",
      (s) => (s["0.bias"] = { dtype: "F32", shape: [5], data: new Float32Array(5) }),
      /tensor "0.bias" must be of shape \[4\]; got \[5\]/,
    ],
    [
      "a wrong dtype",
      (s) => (s["0.bias"] = { dtype: "I32", shape: [4], data: new Int32Array(4) }),
      /dtype of tensor "0.bias" must be F32; got "I32"/,
    ],
  ];
  it.each(wrong)("with %s are refused and change nothing", (_name, spoil, message) => {
    const [a, b] = [network(1), network(2)];
    const state = stateDict(a);
    spoil(state);
    const before = values(b);
    expect(() => loadStateDict(b, state)).toThrow(FormatError);
    expect(() => loadStateDict(b, state)).toThrow(message);
    expect(values(b)).toEqual(before);
  });
});
