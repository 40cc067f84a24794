import { describe, expect, it } from "vitest";
import { Key } from "../random/index.ts";
import { Box, Dict, Discrete, MultiBinary, MultiDiscrete, type Space } from "../spaces/index.ts";
import { full, persistent, randomNormal, randomStream, tensor, zeros } from "../tensor/index.ts";
import { distributionFor, type HeadOptions } from "./action-head.ts";

const sde = { stateDependent: { features: 5 } };
const table: [string, Space<unknown>, HeadOptions, number, number[] | undefined, number[]][] = [
  ["Discrete", new Discrete(4, 2), {}, 4, undefined, []],
  ["MultiDiscrete", new MultiDiscrete([2, 3]), {}, 5, undefined, [2]],
  ["MultiBinary", new MultiBinary(3), {}, 3, undefined, [3]],
  ["Box", new Box(-1, 1, [2]), {}, 2, [2], [2]],
  ["Box, squashed", new Box(-1, 1, [2]), { squash: true }, 2, [2], [2]],
  ["Box, state-dependent", new Box(-1, 1, [2]), sde, 2, [5, 2], [2]],
  [
    "Box, state-dependent, shared",
    new Box(-1, 1, [2]),
    { stateDependent: { features: 5, fullStd: false } },
    2,
    [5, 1],
    [2],
  ],
];

describe("distributionFor", () => {
  it.each(table)(
    "%s: head size, log std and actions fit",
    (_name, space, options, outputs, logStdShape, actionShape) => {
      const head = distributionFor(space, options);
      expect([head.outputs, head.logStdShape, head.actionShape]).toEqual([outputs, logStdShape, actionShape]);
      expect(head.maskSize).toBe(space.maskSize);
      const rows = 7;
      const stream = randomStream(Key.fromSeed(5));
      const distribution = head.build(randomNormal(stream, [rows, outputs]), {
        logStd: logStdShape && full(logStdShape, -1),
        mask: head.maskSize > 0 ? full([rows, head.maskSize], 1, "uint8") : undefined,
        features: randomNormal(stream, [rows, 5]),
        exploration: randomNormal(stream, logStdShape ? [rows, 5, 2] : [1]),
      });
      const action = distribution.sample(stream);
      expect(action.shape).toEqual([rows, ...actionShape]);
      expect(action.dtype).toBe(head.actionDtype === "float" ? "float32" : "int32");
      expect(distribution.logProb(action).shape).toEqual([rows]);
      expect(distribution.mode().shape).toEqual(action.shape);
      const divergence = distribution.kl(distribution).toArray();
      expect(divergence.every((v) => Math.abs(v) < 1e-6)).toBe(true);
    },
  );

  it("says what it cannot do", () => {
    expect(() => distributionFor(new Dict({ a: new Discrete(2) }))).toThrow(
      'action space must be Discrete, MultiDiscrete, MultiBinary or Box; got "dict"',
    );
    expect(() => distributionFor(new Box(0, 1)).build(zeros([1, 1]))).toThrow(
      "logStd must be given to a Gaussian head",
    );
    const head = distributionFor(new Discrete(2)).build(zeros([3, 2]));
    expect(() => head.logProb(tensor([0, 1], undefined, "int32"))).toThrow(/action must be of shape \[3\] and int32/);
    expect(() => head.logProb(persistent([3], "float32"))).toThrow(/got "\[3\] float32"/);
  });
});
