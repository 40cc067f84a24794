/** Per-sample gradients of whole networks: layers of nn, PPO's loss, and networks put together at random. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ActorCritic, type ActorCriticOptions } from "../src/algorithms/actor-critic.ts";
import { ppoLoss } from "../src/algorithms/ppo.ts";
import { Activation, Conv2d, Embedding, Flatten, Gru, LayerNorm, Linear, Lstm, sequential } from "../src/nn/index.ts";
import { Key } from "../src/random/index.ts";
import { Box, Discrete, MultiDiscrete } from "../src/spaces/index.ts";
import { backward, compile, concat, mean, perSample, square, sum, type Tensor, tensor } from "../src/tensor/index.ts";
import { indices, uniform } from "./support/gradients.ts";
import { allAtOnce, checkPerSample } from "./support/per-sample.ts";
import { randomNetwork } from "./support/random-networks.ts";

const key = Key.fromSeed(21);
const dtype = "float64" as const;
const perRow = (y: Tensor) => sum(square(y), y.shape.map((_, i) => i).slice(1));

describe("layers of nn", () => {
  const random = key.split("data").stream();
  for (const Recurrent of [Lstm, Gru]) {
    it(`${Recurrent.name} with resets`, () => {
      const layer = new Recurrent({ inputs: 3, hidden: 4, key: key.split(Recurrent.name), dtype });
      const x = uniform(random, [5, 6, 3]);
      const resets = tensor(indices(random, [5, 6], 2).toArray(), [5, 6], dtype);
      checkPerSample({
        parameters: Object.values(layer.parameters()),
        batch: 5,
        losses: (rows) => perRow(layer.forward(rows(x), { resets: rows(resets) }).output),
      });
    });
  }

  it("convolution, normalisation and an embedding together", () => {
    const image = sequential(
      new Conv2d({ inputs: 2, outputs: 3, kernel: 3, key: key.split("conv"), dtype }),
      new Activation("silu"),
      new Flatten(),
      new Linear({ inputs: 48, outputs: 5, key: key.split("linear"), dtype }),
      new LayerNorm({ size: 5, dtype }),
    );
    const words = new Embedding({ entries: 4, features: 5, key: key.split("words"), dtype });
    const [x, index] = [uniform(random, [3, 2, 6, 6]), indices(random, [3, 4], 4)];
    checkPerSample({
      parameters: [...Object.values(image.parameters()), ...Object.values(words.parameters())],
      batch: 3,
      losses: (rows) => perRow(concat([image.forward(rows(x)), sum(words.forward(rows(index)), 1)], 1)),
    });
  });
});

describe("PPO's loss", () => {
  const N = 6;
  const spaces = {
    "one choice": { actionSpace: new Discrete(3), actions: () => indices(random, [N], 3) },
    "several choices": { actionSpace: new MultiDiscrete([3, 2]), actions: () => indices(random, [N, 2], 2) },
    "continuous actions": { actionSpace: new Box(-1, 1, [2]), actions: () => uniform(random, [N, 2]) },
    "noise as a function of the state": {
      actionSpace: new Box(-1, 1, [2]),
      actions: () => uniform(random, [N, 2]),
      useSde: true,
    },
  };
  const random = key.split("ppo").stream();
  for (const [name, { actions, ...space }] of Object.entries(spaces)) {
    for (const critic of ["separate", "shared"] as const) {
      it(`${name}, ${critic} critic`, () => {
        const options = { observationSize: 4, hidden: [8, 5], activation: "tanh", orthogonalInit: true } as const;
        const network = new ActorCritic({
          ...options,
          ...space,
          critic,
          logStdInit: -0.2,
          key,
          dtype,
        } as ActorCriticOptions);
        const numbers = (low: number, high: number) => uniform(random, [N], low, high);
        const batch = {
          observations: uniform(random, [N, 4]),
          actions: actions(),
          oldLogProbs: numbers(-4, -1),
          oldValues: numbers(-1, 1),
          advantages: numbers(-1, 1),
          returns: numbers(-1, 1),
        };
        const how = { clipRange: 0.2, clipRangeVf: 0.5, normalizeAdvantage: false, entCoef: 0.1, vfCoef: 0.5 };
        checkPerSample({
          parameters: Object.values(network.parameters()),
          batch: N,
          losses: (rows) => {
            const own = Object.fromEntries(Object.entries(batch).map(([field, data]) => [field, rows(data)]));
            return ppoLoss(network, own as typeof batch, how).total;
          },
        });
      });
    }
  }
});

describe("networks put together at random", () => {
  it("equal one sample at a time, float64", () => {
    const property = fc.property(fc.gen(), (g) => {
      const network = randomNetwork(g, "float64");
      try {
        checkPerSample(network, 1e-9);
      } catch (cause) {
        throw new Error(`${network.layers.join(" → ")}: ${cause}`, { cause });
      }
    });
    fc.assert(property, { seed: 7, numRuns: 150, includeErrorInReport: true });
  });

  it("equal one sample at a time, float32", () => {
    fc.assert(
      fc.property(fc.gen(), (g) => checkPerSample(randomNetwork(g, "float32"), 1e-4)),
      { seed: 8, numRuns: 60, includeErrorInReport: true },
    );
  });

  it("give the same bits in a plan", () => {
    const property = fc.property(fc.gen(), (g) => {
      const network = randomNetwork(g, "float32");
      const eager = allAtOnce(network);
      const planned = compile((inputs: { x: Tensor; index: Tensor }) => {
        const rows = (data: Tensor) => (data === network.data.x ? inputs.x : inputs.index);
        const gradients = backward(mean(network.losses(rows)));
        const samples = perSample(gradients, network.parameters, { batch: network.batch, scale: network.batch });
        return {
          each: network.parameters.map((p) => samples.of(p)),
          squaredNorms: samples.squaredNorms(),
          inner: samples.inner(),
          batch: network.parameters.map((p) => gradients.of(p)),
        };
      })(network.data);
      const values = (result: Tensor) => Float64Array.from(result.toArray());
      expect({
        each: planned.each.map(values),
        squaredNorms: values(planned.squaredNorms),
        inner: values(planned.inner),
        batch: planned.batch.map(values),
      }).toEqual(eager);
    });
    fc.assert(property, { seed: 9, numRuns: 60, includeErrorInReport: true });
  });

  it("would be told from gradients whose samples are exchanged", () => {
    const property = fc.property(fc.gen(), (g) => {
      const network = randomNetwork(g, "float64");
      checkPerSample({ ...network, losses: (rows) => network.losses((data) => reversed(rows(data))) });
    });
    // One sample alone stays as it is.
    const reversed = (data: Tensor) => {
      const values = Array.from(data.toArray());
      const width = data.size / data.shape[0]!;
      const rows = Array.from({ length: data.shape[0]! }, (_, i) => values.slice(i * width, (i + 1) * width));
      return tensor(rows.reverse().flat(), data.shape, data.dtype);
    };
    expect(() => fc.assert(property, { seed: 7, numRuns: 20 })).toThrow(/Property failed/);
  });
});
