import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError, FormatError } from "../errors.ts";
import { Key } from "../random/index.ts";
import {
  Box,
  Dict,
  Discrete,
  describeMismatch,
  MultiBinary,
  MultiDiscrete,
  type Space,
  spaceFromJSON,
} from "./index.ts";

const SPACES: Record<string, Space<unknown>> = {
  Discrete: new Discrete(5),
  "Discrete with start": new Discrete(3, -1),
  MultiDiscrete: new MultiDiscrete([2, 3, 4]),
  MultiBinary: new MultiBinary(4),
  Box: new Box([-1, 0], [1, 2]),
  "Box of shape [2, 3]": new Box(-2, 2, [2, 3]),
  "unbounded Box": new Box([-Infinity, 0, -Infinity], [Infinity, Infinity, 0], undefined, "float64"),
  "Box of bytes": new Box(0, 255, [2, 2], "uint8"),
  "Box of integers": new Box(-3, 3, [4], "int32"),
  Dict: new Dict({
    where: new Box(-1, 1, [2]),
    holds: new Discrete(4),
    switches: new MultiBinary(2),
    inner: new Dict({ cards: new MultiDiscrete([3, 2]) }),
  }),
};

describe.each(Object.entries(SPACES))("%s", (_name, space) => {
  it("contains its samples and tells the same of equal streams", () => {
    const random = Key.fromSeed(3).stream();
    const again = Key.fromSeed(3).stream();
    for (let i = 0; i < 200; i++) {
      const value = space.sample(random);
      expect(space.mismatch(value, "value", true)).toBeUndefined();
      expect(space.contains(value)).toBe(true);
      expect(space.sample(again)).toEqual(value);
    }
  });

  it("brings an action back from its encoding", () => {
    const random = Key.fromSeed(4).stream();
    const data = new Float32Array(space.actionSize + 2).fill(9);
    for (let i = 0; i < 50; i++) {
      const action = space.sample(random);
      space.flattenAction(action, data, 1);
      const encoded = data.slice();
      const back = space.unflattenAction(data, 1);
      expect(space.mismatch(back, "action", false)).toBeUndefined();
      space.flattenAction(back, data, 1);
      expect(data).toEqual(encoded);
      expect([data[0], data[data.length - 1]]).toEqual([9, 9]);
    }
  });

  it("writes its flat encoding into its own place only", () => {
    const out = new Float32Array(space.flatSize + 2).fill(9);
    space.flatten(space.sample(Key.fromSeed(5).stream()), out, 1);
    expect([out[0], out[out.length - 1]]).toEqual([9, 9]);
    expect(out.subarray(1, -1).every((x) => x !== 9)).toBe(true);
  });

  it("survives JSON text", () => {
    const copy = spaceFromJSON(JSON.parse(JSON.stringify(space)));
    expect(copy.equals(space)).toBe(true);
    expect(copy.flatSize).toBe(space.flatSize);
    expect(copy.constructor).toBe(space.constructor);
    for (const [, other] of Object.entries(SPACES)) expect(copy.equals(other)).toBe(other === space);
  });

  it("refuses what does not belong", () => {
    for (const value of [
      undefined,
      null,
      "1",
      Number.NaN,
      1.5,
      1e9,
      [],
      [1],
      { a: 1 },
      new Float32Array(99),
      [["0"]],
    ]) {
      expect(space.contains(value), String(value)).toBe(false);
      expect(describeMismatch(space, value)).toMatch(/^observation.* must be .*; got /);
    }
  });
});

describe("encodings", () => {
  const flat = (space: Space<unknown>, value: unknown) => {
    const out = new Float32Array(space.flatSize).fill(7);
    space.flatten(value, out, 0);
    return [...out];
  };

  it("are one-hots, switches, rows and concatenations", () => {
    expect(flat(SPACES["Discrete with start"], 1)).toEqual([0, 0, 1]);
    expect(flat(SPACES.MultiDiscrete, [1, 0, 3])).toEqual([0, 1, 1, 0, 0, 0, 0, 0, 1]);
    expect(flat(SPACES.MultiBinary, [true, false, 1, 0])).toEqual([1, 0, 1, 0]);
    expect(flat(SPACES["Box of shape [2, 3]"], [1, 2, 0, -1, -2, 0.5])).toEqual([1, 2, 0, -1, -2, 0.5]);
    const value = { where: [0.5, -0.5], holds: 2, switches: [0, 1], inner: { cards: [2, 1] } };
    expect(flat(SPACES.Dict, value)).toEqual([0.5, -0.5, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1]);
  });

  it("store a discrete action as its index", () => {
    const data = new Float32Array(1);
    SPACES["Discrete with start"].flattenAction(-1, data, 0);
    expect(data[0]).toBe(0);
    expect(SPACES["Discrete with start"].unflattenAction(Float32Array.of(2), 0)).toBe(1);
  });

  it("round continuous actions of integer boxes into their bounds", () => {
    expect([
      ...(SPACES["Box of integers"].unflattenAction(Float32Array.of(-9, -1.4, 1.6, 9), 0) as Int32Array),
    ]).toEqual([-3, -1, 2, 3]);
  });

  it("give a bound of a float64 Box back, not its neighbour in float32", () => {
    const box = new Box([-0.1, -1], [0.1, 1], [2], "float64");
    for (const action of [box.high, box.low, Float64Array.of(0.03, -0.5)]) {
      const stored = new Float32Array(2);
      box.flattenAction(action, stored, 0);
      const found = box.unflattenAction(stored, 0);
      expect(box.contains(found)).toBe(true);
      expect([...(found as Float64Array)]).toEqual(action[0] === 0.03 ? [Math.fround(0.03), -0.5] : [...action]);
    }
  });

  it("depend on the order of a Dict's keys", () => {
    const a = new Dict({ x: new Discrete(2), y: new Discrete(3) });
    expect(a.equals(new Dict({ y: new Discrete(3), x: new Discrete(2) }))).toBe(false);
  });
});

describe("masks", () => {
  it("keep samples to what is allowed, all of it", () => {
    const random = Key.fromSeed(1).stream();
    const seen = new Set<number>();
    for (let i = 0; i < 100; i++) seen.add(new Discrete(4, 10).sample(random, Uint8Array.of(1, 0, 0, 1)));
    expect([...seen].sort()).toEqual([10, 13]);
    const space = new MultiDiscrete([2, 3]);
    for (let i = 0; i < 20; i++) expect([...space.sample(random, Uint8Array.of(0, 1, 1, 0, 0))]).toEqual([1, 0]);
  });

  it("are refused where they do not fit", () => {
    const random = Key.fromSeed(1).stream();
    expect(() => new Discrete(2).sample(random, Uint8Array.of(0, 0))).toThrow(/at least one action/);
    expect(() => new Discrete(2).sample(random, Uint8Array.of(1))).toThrow(/array of 2 entries/);
    expect(() => new Box(0, 1).sample(random, Uint8Array.of(1))).toThrow(/takes none/);
  });
});

describe("constructors", () => {
  it.each([
    ["Discrete.n", () => new Discrete(0)],
    ["Discrete.n", () => new Discrete(2.5)],
    ["Discrete.start", () => new Discrete(2, 0.5)],
    ["MultiDiscrete.nvec", () => new MultiDiscrete([])],
    ["MultiDiscrete.nvec[1]", () => new MultiDiscrete([2, -1])],
    ["the sum of MultiDiscrete.nvec", () => new MultiDiscrete([2 ** 24, 1])],
    ["MultiBinary.n", () => new MultiBinary(Number.NaN)],
    ["Box.low[1]", () => new Box([0, 2], [1, 1])],
    ["Box.high", () => new Box([0, 0], [1, 1, 1])],
    ["Box.low", () => new Box(Number.NaN, 1)],
    ["Box.low", () => new Box({ low: 0, high: 1, shape: [2] } as unknown as number, undefined as unknown as number)],
    ["Box.high", () => new Box(0, undefined as unknown as number)],
    ["Box.shape[0]", () => new Box(0, 1, [0])],
    ["the product of Box.shape", () => new Box(0, 1, [2 ** 13, 2 ** 12])],
    ["Box.high", () => new Box(0, 256, [1], "uint8")],
    ["Box.low", () => new Box(-Infinity, 1, [1], "int32")],
    ["Box.dtype", () => new Box(0, 1, [1], "toString" as "float32")],
    ["Dict.spaces", () => new Dict({})],
    ['Dict.spaces["a"]', () => new Dict({ a: 3 as unknown as Discrete })],
    ['Dict.spaces["__proto__"]', () => new Dict(JSON.parse('{"__proto__": 1}'))],
  ])("name the field %s", (field, make) => {
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(new RegExp(`^${field.replace(/[[\]"().]/g, "\\$&")} must be`));
  });

  it("round the bounds of a float32 Box, so that a float32 value on the bound is inside", () => {
    const box = new Box(-1.2, 0.6);
    expect(box.contains(Float32Array.of(0.6))).toBe(true);
    expect(box.contains([0.6])).toBe(true);
    expect(box.contains([0.6000001])).toBe(false);
  });

  it("take the shape from the bounds", () => {
    expect(new Box(0, 1).shape).toEqual([1]);
    expect(new Box(0, [1, 2, 3]).shape).toEqual([3]);
  });
});

describe("describeMismatch", () => {
  const say = (space: Space<unknown>, value: unknown, bounds = true) => describeMismatch(space, value, { bounds });

  it("names the entry and what is allowed there", () => {
    expect(say(SPACES.Box, [0, Number.NaN])).toBe("observation[1] must be a finite number; got NaN");
    expect(say(SPACES.Box, [0, 5])).toBe("observation[1] must be from 0 to 2; got 5");
    expect(say(SPACES.Box, [0, 1e39], false)).toBe("observation[1] must be a finite number; got 1e+39");
    expect(say(SPACES["Box of bytes"], [0, 1, 2, 0.5], false)).toMatch(
      /^observation\[3\] must be an integer from 0 to 255/,
    );
    expect(say(SPACES["Box of shape [2, 3]"], [[1, 2, 3]])).toMatch(/a flat array of 6 numbers, shape \[2, 3\]/);
    const dict = { where: [0, 0], holds: 9, switches: [0, 1], inner: { cards: [2, 1] } };
    expect(say(SPACES.Dict, dict)).toBe('observation["holds"] must be an integer from 0 to 3; got 9');
    expect(say(SPACES.Dict, { ...dict, extra: 1 })).toMatch(/an object with only "where", "holds"/);
    expect(say(SPACES.Dict, { ...dict, holds: 1, inner: { cards: [0, 2] } })).toMatch(
      /^observation\["inner"\]\["cards"\]\[1\]/,
    );
  });

  it("lets finite values outside the bounds pass on request, but never NaN", () => {
    expect(say(SPACES.Box, [0, 5], false)).toBeUndefined();
    expect(say(SPACES.Box, [0, Infinity], false)).toBeDefined();
  });
});

describe("spaceFromJSON", () => {
  it("answers anything at all with a space or a typed error", () => {
    const json = fc.oneof(
      fc.jsonValue(),
      fc.record({
        kind: fc.constantFrom("discrete", "multi-discrete", "multi-binary", "box", "dict", "x"),
        n: fc.jsonValue(),
        start: fc.jsonValue(),
        nvec: fc.jsonValue(),
        low: fc.jsonValue(),
        high: fc.jsonValue(),
        shape: fc.oneof(fc.array(fc.integer({ min: -1, max: 4 }), { maxLength: 3 }), fc.jsonValue()),
        dtype: fc.constantFrom("float32", "uint8", "x", "constructor"),
        spaces: fc.jsonValue(),
      }),
    );
    fc.assert(
      fc.property(json, (value) => {
        try {
          expect(spaceFromJSON(value).flatSize).toBeGreaterThan(0);
        } catch (error) {
          expect(error instanceof ConfigError || error instanceof FormatError, String(error)).toBe(true);
        }
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it("refuses endless nesting", () => {
    let json: unknown = { kind: "discrete", n: 2, start: 0 };
    for (let i = 0; i < 100; i++) json = { kind: "dict", spaces: { a: json } };
    expect(() => spaceFromJSON(json)).toThrow(FormatError);
  });
});

it("a half-bounded Box samples beyond its bound by an exponential variable of mean 1", () => {
  const random = Key.fromSeed(8).stream();
  const box = new Box(2, Infinity);
  let sum = 0;
  for (let i = 0; i < 20_000; i++) sum += box.sample(random)[0];
  expect(sum / 20_000).toBeCloseTo(3, 1);
});
