import { describe, it } from "vitest";
import { stepAlong } from "../../test/support/gradient-step.ts";
import { indices, uniform } from "../../test/support/gradients.ts";
import { expectClose } from "../../test/support/per-sample.ts";
import { ActorCritic } from "../algorithms/actor-critic.ts";
import { ppoLoss } from "../algorithms/ppo.ts";
import { sgd } from "../nn/index.ts";
import { Key } from "../random/index.ts";
import { Box, Discrete } from "../spaces/index.ts";
import { backward, cast, type FloatType, mul, noGrad, slice, step, sum, type Tensor } from "../tensor/index.ts";
import { measureSamples } from "./sample-gradients.ts";

const key = Key.fromSeed(31);
const N = 6;
const options = { clipRange: 0.2, clipRangeVf: null, normalizeAdvantage: false, entCoef: 0.1, vfCoef: 0.5 };
/** As equation 9 of the paper weighs them; the surrogate and the entropy are maximised. */
const weights = { policy: -1, value: 0.5, entropy: -0.1 };
const spaces = { choices: new Discrete(3), numbers: new Box(-1, 1, [2]) };

function setUp(space: Discrete | Box, critic: "separate" | "shared", dtype: FloatType) {
  const how = {
    observationSize: 4,
    hidden: [8, 5],
    activation: "tanh",
    orthogonalInit: false,
    logStdInit: -0.2,
  } as const;
  const network = new ActorCritic({ ...how, actionSpace: space, critic, key, dtype });
  const random = key.split("batch").stream();
  const numbers = (shape: number[], low = -1, high = 1) => noGrad(() => cast(uniform(random, shape, low, high), dtype));
  const batch = {
    observations: numbers([N, 4]),
    actions: space instanceof Discrete ? indices(random, [N], 3) : numbers([N, 2]),
    // Ratios on both sides of the clip range, and within it.
    oldLogProbs: numbers([N], -2.5, -0.5),
    oldValues: numbers([N]),
    advantages: numbers([N]),
    returns: numbers([N]),
  };
  return { network, batch };
}

/** The gradient of one term, or of all, of one sample alone. */
function alone({ network, batch }: ReturnType<typeof setUp>, i: number, names: readonly (keyof typeof weights)[]) {
  return step(() => {
    const row = (t: Tensor) => noGrad(() => slice(t, 0, i, i + 1));
    const own = Object.fromEntries(Object.entries(batch).map(([name, t]) => [name, row(t)])) as typeof batch;
    const { terms } = ppoLoss(network, own, options);
    const gradients = names.map((name) => backward(mul(sum(terms[name]), weights[name])));
    return Object.values(network.parameters()).flatMap((p) => {
      const parts = gradients.filter((g) => g.has(p)).map((g) => g.of(p).toArray());
      return Array.from({ length: p.size }, (_, k) => parts.reduce((all, g) => all + g[k]!, 0));
    });
  });
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((all, x, k) => all + x * b[k]!, 0);

describe.each(Object.entries(spaces))("PPO with actions that are %s", (_name, space) => {
  for (const critic of ["separate", "shared"] as const) {
    it.each([
      ["float64", 1e-9],
      ["float32", 1e-4],
    ] as const)(`${critic} critic, %s: terms apart as one sample at a time`, (dtype, tolerance) => {
      const made = setUp(space, critic, dtype);
      const taken = stepAlong(() => ppoLoss(made.network, made.batch, options).terms, weights, sgd(made.network));
      const found = measureSamples(taken)();
      const names = ["policy", "value", "entropy"] as const;
      const samples = Array.from({ length: N }, (_, i) => i);
      const whole = samples.map((i) => alone(made, i, names));
      const mean = whole[0]!.map((_, k) => whole.reduce((all, g) => all + g[k]! / N, 0));
      const squared = dot(mean, mean);
      expectClose(
        found.norm,
        whole.map((g) => Math.sqrt(dot(g, g))),
        tolerance,
        "norms",
      );
      for (const name of names) {
        const own = samples.map((i) => alone(made, i, [name]));
        const { norm, share } = found.terms[name]!;
        expectClose(
          norm,
          own.map((g) => Math.sqrt(dot(g, g))),
          tolerance,
          `norms of ${name}`,
        );
        expectClose(
          share,
          own.map((g) => dot(g, mean) / N / squared),
          tolerance,
          `shares of ${name}`,
        );
      }
    });
  }
});
