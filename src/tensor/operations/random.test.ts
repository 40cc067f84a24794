import { describe, expect, it } from "vitest";
import { Key, Streams } from "../../random/index.ts";
import { tensor } from "../create.ts";
import { plan } from "../plan.ts";
import { persistent } from "../scope.ts";
import {
  randomCategorical,
  randomIntegers,
  randomNormal,
  randomOutcomes,
  randomPermutation,
  randomStream,
  randomUniform,
} from "./random.ts";

const key = Key.fromSeed(2 ** 40 + 3).split("draws");
const stream = () => randomStream(key);

describe("random operations", () => {
  it.each(["float32", "float64"] as const)("draw the numbers of the key's own stream, %s", (dtype) => {
    const make = () => (dtype === "float32" ? new Float32Array(7) : new Float64Array(7));
    const [random, ours] = [key.stream(), stream()];
    const uniform = make();
    random.fillUniform(uniform, -2, 3);
    expect(randomUniform(ours, [7], { low: -2, high: 3, dtype }).toArray()).toEqual(uniform);
    const normal = make();
    random.fillNormal(normal, 1, 2);
    expect(randomNormal(ours, [7], { mean: 1, std: 2, dtype }).toArray()).toEqual(normal);
    const integers = new Int32Array(7);
    random.fillInteger(integers, 10);
    expect(randomIntegers(ours, [7], 10).toArray()).toEqual(integers);
    expect(randomPermutation(ours, 9).toArray()).toEqual(random.permutation(new Int32Array(9)));
    const { k0, k1, c0, c1 } = random.state();
    expect([...ours.toArray()].map((v) => v >>> 0)).toEqual([k0, k1, c0, c1]);
  });

  it("move the stream on at each run of a plan, and a saved stream goes on where it was", () => {
    const s = stream();
    const drawing = plan({}, () => randomNormal(s, [4]));
    const first = drawing.run().toArray();
    const saved = s.toArray();
    const second = drawing.run().toArray();
    expect(first).not.toEqual(second);
    expect(randomNormal(persistent([4], "int32").set(saved), [4]).toArray()).toEqual(second);
  });

  it("draw categories with any leading axes", () => {
    const certain = tensor([
      [
        [-50, 0, -50],
        [0, -50, -50],
      ],
    ]);
    const drawn = randomCategorical(stream(), certain);
    expect([drawn.shape, drawn.dtype, [...drawn.toArray()]]).toEqual([[1, 2], "int32", [1, 0]]);
  });

  it("draw outcomes from streams of their own", () => {
    const table = [persistent([3], "int32").set([0, 1, 3]), persistent([3], "float64").set([1, 0.5, 1])] as const;
    const streams = new Streams([key, key, key.split("other")]);
    const states = persistent([3, 4], "int32").set(streams.states);
    const drawn = randomOutcomes(states, ...table, persistent([3], "int32").set([1, 0, 1]));
    const outcome = (n: number) => (streams.each[n]!.uniform() < 0.5 ? 1 : 2);
    expect([drawn.dtype, ...drawn.toArray()]).toEqual(["int32", outcome(0), 0, outcome(2)]);
    expect(states.toArray()).toEqual(streams.states);
    expect(() => randomOutcomes(states, ...table, persistent([2], "int32"))).toThrow(
      /streams must be of shape \[2, 4\]/,
    );
  });

  it("refuse what is no stream, shape or bound", () => {
    expect(() => randomUniform(tensor([1, 2, 3, 4]), [2])).toThrow(/stream dtype must be int32; got "float32"/);
    expect(() => randomUniform(persistent([3], "int32"), [2])).toThrow(/stream must be of shape \[4\]; got \[3\]/);
    expect(() => randomIntegers(stream(), [2], 0)).toThrow(/bound must be an integer from 1 to 2147483648; got 0/);
    expect(() => randomNormal(stream(), [-1])).toThrow(/shape must be/);
    expect(() => randomCategorical(stream(), tensor([]))).toThrow(/logits must be with a last axis of at least 1/);
  });
});
