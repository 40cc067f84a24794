/** Nobody disposes of anything: training for long leaves memory and heap where they were, and nothing in use is lost. */
import { describe, expect, it } from "vitest";
import { adam, mlp } from "../src/nn/index.ts";
import { Key } from "../src/random/index.ts";
import {
  add,
  affine,
  backward,
  compile,
  full,
  layerNorm,
  linear,
  memoryUse,
  mseLoss,
  parameter,
  perSample,
  persistent,
  plan,
  square,
  step,
  sum,
  type Tensor,
  tensor,
} from "../src/tensor/index.ts";
import { collectGarbage, liveHeap } from "./support/collect.ts";

const STEPS = 10_000;
/** A leak of one small object per step would take more than this. */
const HEAP_SLACK = STEPS * 16;

function learner(seed: number) {
  const key = Key.fromSeed(seed);
  const network = mlp({ inputs: 4, hidden: [8], outputs: 2, key });
  const optimiser = adam(network.parameters(), { maxGradNorm: 0.5 });
  const parameters = Object.values(network.parameters());
  const learn = (x: Tensor, y: Tensor) => {
    const loss = mseLoss(network.forward(x), y);
    const gradients = backward(loss);
    const norms = perSample(gradients, parameters, { batch: x.shape[0]! }).squaredNorms();
    optimiser.update(gradients);
    return { loss, norms };
  };
  const random = key.stream();
  const numbers = (size: number) => {
    const values = new Float32Array(size);
    random.fillNormal(values);
    return values;
  };
  return { learn, x: numbers(32), y: numbers(16) };
}

/**
 * The engine's memory must stay as it is at every step. The heap also holds what the compiler keeps when it translates a
 * function anew, at any time: a leak takes its share of every ten thousand steps, that does not, so one of three must be still.
 */
async function expectStill(iterate: () => void): Promise<void> {
  // Long enough for the compiler to be done with most of it.
  for (let i = 0; i < STEPS; i++) iterate();
  const growths: number[] = [];
  for (let round = 0; round < 3 && !growths.some((growth) => growth < HEAP_SLACK); round++) {
    const heap = await liveHeap();
    const before = memoryUse();
    for (let i = 0; i < STEPS; i++) iterate();
    expect(memoryUse()).toEqual(before);
    growths.push((await liveHeap()) - heap);
    expect(memoryUse()).toEqual(before);
  }
  expect(Math.min(...growths)).toBeLessThan(HEAP_SLACK);
}

describe(`${STEPS} training steps`, () => {
  it("leave memory and heap where they were: eager, in step()", async () => {
    const { learn, x, y } = learner(1);
    const losses: number[] = [];
    await expectStill(() => {
      const loss = step(() => learn(tensor(x, [8, 4]), tensor(y, [8, 2])).loss.item());
      losses[0] ??= loss;
      losses[1] = loss;
    });
    expect(losses[1]!).toBeLessThan(0.5 * losses[0]!);
  });

  it("leave memory and heap where they were: compiled", async () => {
    const { learn, x, y } = learner(2);
    const train = compile(({ a, b }: { a: Tensor; b: Tensor }) => learn(a, b));
    await expectStill(() => train({ a: { data: x, shape: [8, 4] }, b: { data: y, shape: [8, 2] } }).loss.item());
  });

  it("would be noticed if each of them left something behind", async () => {
    const left: unknown[] = [];
    await expect(expectStill(() => left.push({ step: left.length }))).rejects.toThrow(/less than/);
    await expect(expectStill(() => left.push(step(() => full([2], 1))))).rejects.toThrow(/deeply equal/);
  });
});

describe("memory of tensors", () => {
  it("comes back when nobody refers to them any more, kept results of steps included", async () => {
    await collectGarbage();
    const before = memoryUse().used;
    (() => {
      const kept = Array.from({ length: 200 }, (_, i) => step(() => full([1000], i)));
      kept.push(...kept.map((t) => add(t, 1)));
      expect(memoryUse().used).toBeGreaterThan(before + 400 * 4000);
    })();
    await collectGarbage();
    expect(memoryUse().used).toBe(before);
  });

  it("is zeroed before it is handed out again", async () => {
    (() => {
      for (let i = 0; i < 50; i++) full([500], 7);
    })();
    await collectGarbage();
    for (let i = 0; i < 50; i++) expect(persistent([500], "float32").data.every((v) => v === 0)).toBe(true);
  });

  it("does not come back while a view, a kept result or a gradient needs it", async () => {
    const view = (() => full([6], 3).view([2, 3]))();
    const history = (() => linear(tensor([[1, 2]]), parameter([3, 4], [1, 2])))();
    await collectGarbage();
    for (let i = 0; i < 200; i++) full([6], -1);
    expect([...view.toArray()]).toEqual([3, 3, 3, 3, 3, 3]);
    const [weight] = history.node!.edges[0]!;
    expect([...backward(history).of(weight).toArray()]).toEqual([1, 2]);
  });

  it("does not come back to per-sample norms under the address that they remember", async () => {
    const wave = (start: number, size: number) =>
      Float32Array.from({ length: size }, (_, i) => ((7 * i + start) % 11) - 5);
    const parameters = Array.from({ length: 6 }, (_, i) => parameter(wave(i, 4), [4]));
    const [g1, b1, g2, b2, g3, b3] = parameters as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
    const x = layerNorm(layerNorm(layerNorm(tensor(wave(3, 32), [8, 4]), g1, b1), g2, b2), g3, b3);
    const gradients = backward(sum(square(x)));
    const norms = (p: Tensor) => [...perSample(gradients, parameters, { batch: 4 }).squaredNorms([p]).toArray()];
    const samples = perSample(gradients, parameters, { batch: 4 });
    for (const p of parameters) {
      expect([...samples.squaredNorms([p]).toArray()]).toEqual(norms(p));
      await collectGarbage();
    }
  });

  it("is kept by a plan as long as it may run, and comes back with it", async () => {
    await collectGarbage();
    const before = memoryUse().used;
    const freed: number[] = [];
    await (async () => {
      const made = (() => {
        const weight = parameter([5, 6], [1, 2]);
        const other = plan({}, () => affine(weight, 2, 0));
        freed.push(full([2], 1).pointer);
        return plan({ x: { shape: [1, 2] } }, ({ x }) => add(linear(x, weight), linear(x, other.outputs)));
      })();
      await collectGarbage();
      const others = Array.from({ length: 300 }, () => full([2], -9));
      // The collector did run: memory that the plan does not need was used again.
      expect(others.some((t) => t.pointer === freed[0])).toBe(true);
      made.inputs.x.set([1, 10]);
      expect(made.run().item()).toBe(65);
    })();
    await collectGarbage();
    expect(memoryUse().used).toBe(before);
  });
});
