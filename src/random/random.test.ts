import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError, FormatError, ShapeError } from "../errors.ts";
import { block, Key, type Random, Streams, threefry2x32 } from "./index.ts";
import { normalQuantile } from "./normal-quantile.ts";

const stream = (seed = 1): Random => Key.fromSeed(seed).stream();

/** Words of blocks 0, 1, … of a key, from the scalar cipher. */
function words(key: Key, blocks: number): number[] {
  const out: number[] = [];
  for (let c = 0; c < blocks; c++) {
    threefry2x32(key.k0, key.k1, c, 0);
    out.push(block[0] >>> 0, block[1] >>> 0);
  }
  return out;
}

describe("how draws use the counter", () => {
  const key = Key.fromSeed(42).split("layout");
  const w = words(key, 4000);
  const uniform53 = (c: number): number => ((w[2 * c] >>> 5) * 2 ** 26 + (w[2 * c + 1] >>> 6)) * 2 ** -53;

  it("bits, uniform, normal, categorical: one block each", () => {
    const random = key.stream();
    expect(random.bits()).toBe(w[0]);
    expect(random.uniform()).toBe(uniform53(1));
    expect(random.normal()).toBe(normalQuantile(uniform53(2) - 0.5 + 2 ** -54));
    expect(random.categorical([0.25, 0.25, 0.5])).toBe(uniform53(3) < 0.25 ? 0 : uniform53(3) < 0.5 ? 1 : 2);
    expect(random.state()).toEqual({ k0: key.k0, k1: key.k1, c0: 4, c1: 0 });
  });

  it("float64 fills are the single draws one by one", () => {
    const [bulk, single] = [key.stream(), key.stream()];
    const uniforms = new Float64Array(1500);
    const normals = new Float64Array(701);
    bulk.fillUniform(uniforms);
    bulk.fillNormal(normals);
    for (const x of uniforms) expect(x).toBe(single.uniform());
    for (const x of normals) expect(x).toBe(single.normal());
    expect(bulk.state()).toEqual(single.state());
  });

  it("float32 fills take one word each and drop the half of a last block", () => {
    const random = key.stream();
    const uniforms = new Float32Array(2501);
    random.fillUniform(uniforms);
    expect(Array.from(uniforms)).toEqual(w.slice(0, 2501).map((word) => (word >>> 8) * 2 ** -24));
    expect(random.state().c0).toBe(1251);
    const normals = new Float32Array(3);
    random.fillNormal(normals);
    expect(Array.from(normals)).toEqual(
      w.slice(2502, 2505).map((word) => Math.fround(normalQuantile((word + 0.5) * 2 ** -32 - 0.5))),
    );
    expect(random.state().c0).toBe(1253);
  });

  it("integers are the high half of word times bound", () => {
    const random = key.stream();
    const out = new Int32Array(9);
    random.fillInteger(out, 1000);
    expect(Array.from(out)).toEqual(w.slice(0, 9).map((word) => Math.floor((word * 1000) / 2 ** 32)));
    expect(random.state().c0).toBe(5);
    expect(random.integer(6)).toBe(Math.floor((w[10] * 6) / 2 ** 32));
    expect(random.state().c0).toBe(6);
  });

  it("a permutation takes n - 1 words", () => {
    const random = key.stream();
    const order = random.permutation(new Int32Array(6));
    const expected = [0, 1, 2, 3, 4, 5];
    for (let i = 5, word = 0; i > 0; i--, word++) {
      const j = Math.floor((w[word] * (i + 1)) / 2 ** 32);
      [expected[i], expected[j]] = [expected[j], expected[i]];
    }
    expect(Array.from(order)).toEqual(expected);
    expect(random.state().c0).toBe(3);
  });

  it("empty draws take nothing", () => {
    const random = key.stream();
    random.fillUniform(new Float32Array(0));
    random.fillNormal(new Float64Array(0));
    random.fillInteger(new Int32Array(0), 3);
    random.permutation(new Int32Array(0));
    random.permutation(new Int32Array(1));
    expect(random.state().c0).toBe(0);
  });

  it("the counter carries into its second word, and skip moves it as draws do", () => {
    const random = stream();
    random.restore({ ...random.state(), c0: 0xfffffffe, c1: 3 });
    for (let i = 0; i < 3; i++) random.uniform();
    expect(random.state()).toMatchObject({ c0: 1, c1: 4 });
    random.restore({ ...random.state(), c0: 0xfffffffe, c1: 3 });
    random.fillUniform(new Float64Array(3));
    expect(random.state()).toMatchObject({ c0: 1, c1: 4 });
    random.skip(2 ** 40 + 7);
    expect(random.state()).toMatchObject({ c0: 8, c1: 260 });
    expect(() => random.skip(-1)).toThrow(ConfigError);
  });
});

describe("state", () => {
  it("a stream restored from JSON goes on with the same numbers, whatever was drawn before", () => {
    const draws: ((random: Random) => unknown)[] = [
      (r) => r.bits(),
      (r) => r.uniform(),
      (r) => r.normal(),
      (r) => r.integer(7),
      (r) => r.categorical([1, 2, 3]),
      (r) => r.fillUniform(new Float32Array(3)),
      (r) => r.fillNormal(new Float32Array(3)),
      (r) => Array.from(r.permutation(new Int32Array(5))),
    ];
    const draw = fc.nat({ max: draws.length - 1 });
    fc.assert(
      fc.property(fc.array(draw), fc.array(draw), (before, after) => {
        const random = stream();
        for (const i of before) draws[i](random);
        const other = stream(999);
        other.restore(JSON.parse(JSON.stringify(random.state())));
        expect(other.key).toEqual(random.key);
        expect(after.map((i) => draws[i](other))).toEqual(after.map((i) => draws[i](random)));
      }),
      { seed: 2 },
    );
  });

  it("refuses what is not a state, and stays where it was", () => {
    const random = stream();
    const before = random.state();
    for (const bad of [null, {}, { ...before, c0: -1 }, { ...before, c1: 2 ** 32 }, { ...before, k0: "0" }]) {
      expect(() => random.restore(bad as never)).toThrow(FormatError);
    }
    expect(random.state()).toEqual(before);
  });
});

describe("results do not depend on the cut", () => {
  it("environments drawn in slices of any size equal one slice", () => {
    const key = Key.fromSeed(9);
    const draw = (env: number): number[] => {
      const random = key.split("env", env).stream();
      return [random.uniform(), random.normal(), random.integer(10)];
    };
    const whole = Array.from({ length: 12 }, (_, env) => draw(env));
    for (const slice of [1, 2, 3, 5, 12]) {
      const parts: number[][] = [];
      for (let start = 0; start < 12; start += slice) {
        for (let env = Math.min(12, start + slice) - 1; env >= start; env--) parts[env] = draw(env);
      }
      expect(parts).toEqual(whole);
    }
  });
});

describe("ranges", () => {
  it("uniform float32 and float64 numbers stay below the high end after rounding", () => {
    // The largest draw before rounding is 1 - 2^-24 (1 - 2^-53) of the range; on ranges like these it rounds up to the end.
    const random = stream();
    const f32 = new Float32Array(200_000);
    const f64 = new Float64Array(1000);
    for (const [low, high] of [
      [0, 1],
      [-1, 1],
      [1e6, 1e6 + 1],
      [16777215, 16777216],
      [-3, 0],
      [-1e-45, 0],
      [0.1, 0.1 + 2 ** -54],
      [-0.5, -0.25],
    ]) {
      if (Math.fround(low) >= low && Math.fround(low) < high) {
        random.fillUniform(f32, low, high);
        expect(f32.reduce((a, b) => Math.max(a, b))).toBeLessThan(high);
        expect(f32.reduce((a, b) => Math.min(a, b))).toBeGreaterThanOrEqual(low);
      }
      random.fillUniform(f64, low, high);
      expect(Math.max(...f64)).toBeLessThan(high);
      expect(Math.min(...f64)).toBeGreaterThanOrEqual(low);
    }
    for (const [low, high] of [
      [1, 1],
      [1, 0],
      [0, Number.NaN],
      [0, Number.POSITIVE_INFINITY],
      [-1e308, 1e308],
    ]) {
      expect(() => random.fillUniform(f64, low, high)).toThrow(ConfigError);
    }
  });

  it("integers stay in 0 … bound-1 for every bound, 1 and 2^32 included", () => {
    const random = stream();
    expect(random.integer(1)).toBe(0);
    for (const bound of [2, 3, 7, 2 ** 31, 2 ** 31 + 1, 3_000_000_000, 2 ** 32 - 1, 2 ** 32]) {
      let largest = 0;
      for (let i = 0; i < 300; i++) {
        const x = random.integer(bound);
        expect(Number.isInteger(x) && x >= 0 && x < bound).toBe(true);
        largest = Math.max(largest, x);
      }
      expect(largest).toBeGreaterThan(bound * 0.45);
    }
    for (const bound of [0, -1, 1.5, Number.NaN, 2 ** 32 + 1]) expect(() => random.integer(bound)).toThrow(ConfigError);
    expect(() => random.fillInteger(new Int32Array(2), 0)).toThrow(/^bound must be/);
  });

  it("permutations hold every number once and shuffles keep every item", () => {
    const random = stream();
    for (const n of [0, 1, 2, 10, 1000, 3000]) {
      const sorted = Array.from(random.permutation(new Int32Array(n))).sort((a, b) => a - b);
      expect(sorted).toEqual(Array.from({ length: n }, (_, i) => i));
    }
    expect(random.shuffle(["a", "b", "c", "d"]).sort()).toEqual(["a", "b", "c", "d"]);
  });

  it("categories of probability 0 are never chosen, and the window is respected", () => {
    const random = stream();
    const p = Float32Array.of(9, 0, 0.5, 0, 0.5, 0, 9);
    for (let i = 0; i < 500; i++) expect([1, 3]).toContain(random.categorical(p, 1, 5));
    expect(random.categorical([0, 0, 1e-300])).toBe(2);
    expect(() => random.categorical([0, 0])).toThrow(ConfigError);
    expect(() => random.categorical([0.5, -0.1])).toThrow(/^probabilities must be non-negative/);
    expect(() => random.categorical([0.5, Number.NaN])).toThrow(ConfigError);
    expect(() => random.categorical([])).toThrow(ShapeError);
    expect(() => random.categorical([1, 2], 1, 2)).toThrow(ShapeError);
  });
});

describe("streams side by side", () => {
  it("are those of their keys, and their states are where a kernel finds them", () => {
    const keys = [0, 1, 2].map((n) => Key.fromSeed(9).split("stream", n));
    const streams = new Streams(keys);
    const alone = keys.map((key) => key.stream());
    for (const each of [streams.each, alone]) each[1].restore({ ...each[1].state(), c0: 0xffffffff });
    for (const n of [1, 2, 1]) expect(streams.each[n].uniform()).toBe(alone[n].uniform());
    expect(streams.each.map((random) => random.state())).toEqual(alone.map((random) => random.state()));
    const words = alone.flatMap((random) => Object.values(random.state()));
    expect([...new Uint32Array(streams.states.buffer)]).toEqual(words);
    // Moved on from outside, as a kernel does.
    streams.states[4 * 2 + 2] += 5;
    alone[2].skip(5);
    expect(streams.each[2].normal()).toBe(alone[2].normal());
  });
});
