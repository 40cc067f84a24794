import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError, FormatError } from "../errors.ts";
import { Key } from "./index.ts";

const text = (key: Key): string => `${key.k0} ${key.k1}`;

describe("keys", () => {
  it("come from any non-negative safe integer, different ones from different seeds", () => {
    expect(Key.fromSeed(0).toJSON()).toEqual({ k0: 0, k1: 0 });
    expect(Key.fromSeed(2 ** 32 + 5).toJSON()).toEqual({ k0: 5, k1: 1 });
    expect(Key.fromSeed(Number.MAX_SAFE_INTEGER).toJSON()).toEqual({ k0: 0xffffffff, k1: 0x1fffff });
    for (const seed of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(() => Key.fromSeed(seed)).toThrow(ConfigError);
      expect(() => Key.fromSeed(seed)).toThrow(/^seed must be a non-negative safe integer/);
    }
    expect(() => Key.fromSeed("1" as unknown as number)).toThrow(ConfigError);
  });

  it("survive JSON, and refuse what is not a key", () => {
    const key = Key.fromSeed(3).split("env", 4);
    expect(Key.fromJSON(JSON.parse(JSON.stringify(key)))).toEqual(key);
    for (const bad of [
      null,
      {},
      { k0: 1 },
      { k0: 1, k1: -1 },
      { k0: 1.5, k1: 0 },
      { k0: 2 ** 32, k1: 0 },
      { k0: "1", k1: 0 },
    ]) {
      expect(() => Key.fromJSON(bad as never)).toThrow(FormatError);
    }
  });

  it("split to the values other implementations must reproduce", () => {
    expect(Key.fromSeed(0).split("env").toJSON()).toMatchInlineSnapshot(`
      {
        "k0": 3490192991,
        "k1": 2656991986,
      }
    `);
    expect(Key.fromSeed(1).split("exploration", 7).toJSON()).toMatchInlineSnapshot(`
      {
        "k0": 350081188,
        "k1": 476999108,
      }
    `);
    expect(
      Key.fromSeed(2 ** 53 - 1)
        .split("", 2 ** 53 - 1)
        .toJSON(),
    ).toMatchInlineSnapshot(`
      {
        "k0": 2187431838,
        "k1": 99367997,
      }
    `);
  });

  it("split is a function of key, name and index alone", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.string(), fc.maxSafeNat(), (seed, name, index) => {
        const key = Key.fromSeed(seed);
        const before = key.split(name, index);
        key.stream().uniform();
        key.split("other").split(name, index);
        expect(key.split(name, index)).toEqual(before);
        expect(Key.fromSeed(seed).split(name, index)).toEqual(before);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("branches of the same name never meet, of different names did not among 200 000", () => {
    const seen = new Set<string>();
    const root = Key.fromSeed(11);
    for (let i = 0; i < 100_000; i++) seen.add(text(root.split("env", i)));
    for (let i = 0; i < 100_000; i++) seen.add(text(root.split(`env${i}`)));
    expect(seen.size).toBe(200_000);
  });

  it("names that only differ in padding, order or the place of the index are different branches", () => {
    const root = Key.fromSeed(5);
    const keys = [
      root,
      root.split(""),
      root.split("\0"),
      root.split("\0\0\0\0"),
      root.split("a"),
      root.split("a\0"),
      root.split("a", 1),
      root.split("a", 2 ** 32),
      root.split("a1"),
      root.split("a").split("1"),
      root.split("abcd").split("efgh"),
      root.split("abcdefgh"),
      root.split("efghabcd"),
      root.split("a").split("b"),
      root.split("b").split("a"),
      root.split("ä"),
    ];
    expect(new Set(keys.map(text)).size).toBe(keys.length);
  });

  it("refuses names and indices that would not hash apart", () => {
    const root = Key.fromSeed(5);
    expect(() => root.split("x".repeat(2047))).not.toThrow();
    expect(() => root.split("x".repeat(2048))).toThrow(ConfigError);
    for (const index of [-1, 0.5, 2 ** 53, Number.NaN]) expect(() => root.split("a", index)).toThrow(/^index must be/);
  });
});
