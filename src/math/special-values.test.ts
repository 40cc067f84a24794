import { describe, expect, it } from "vitest";
import { Key } from "../random/index.ts";
import { atan2, atanh, cos, exp, expm1, log, log1p, pow, sigmoid, sin, softplus, tanh } from "./index.ts";

const inf = Number.POSITIVE_INFINITY;
const tiny = 5e-324;
const smallestNormal = 2.2250738585072014e-308;

/** [function, its name, argument, exact result]; `toBe` tells -0 from 0 and accepts NaN for NaN. */
const values: [(x: number) => number, string, [number, number][]][] = [
  [
    exp,
    "exp",
    [
      [0, 1],
      [-0, 1],
      [inf, inf],
      [-inf, 0],
      [Number.NaN, Number.NaN],
      [709.782712893384, 1.7976931348622732e308],
      [709.7827128933841, inf],
      [-745.1332191019411, tiny],
      [-745.1332191019412, 0],
      [-708.3964185322641, 2.2250738585072626e-308],
      [1e308, inf],
      [-1e308, 0],
      [tiny, 1],
    ],
  ],
  [
    expm1,
    "expm1",
    [
      [0, 0],
      [-0, -0],
      [tiny, tiny],
      [-tiny, -tiny],
      [smallestNormal, smallestNormal],
      [inf, inf],
      [-inf, -1],
      [-1e3, -1],
      [1e3, inf],
      [Number.NaN, Number.NaN],
    ],
  ],
  [
    log,
    "log",
    [
      [1, 0],
      [0, -inf],
      [-0, -inf],
      [inf, inf],
      [-1, Number.NaN],
      [-inf, Number.NaN],
      [-tiny, Number.NaN],
      [Number.NaN, Number.NaN],
      [2, Math.LN2],
      [10, Math.LN10],
      [tiny, -744.4400719213812],
      [smallestNormal, -708.3964185322641],
      [Number.MAX_VALUE, 709.782712893384],
    ],
  ],
  [
    log1p,
    "log1p",
    [
      [0, 0],
      [-0, -0],
      [tiny, tiny],
      [-tiny, -tiny],
      [-1, -inf],
      [-1.0000000000000002, Number.NaN],
      [-inf, Number.NaN],
      [inf, inf],
      [Number.NaN, Number.NaN],
      [1, Math.LN2],
    ],
  ],
  [
    tanh,
    "tanh",
    [
      [0, 0],
      [-0, -0],
      [tiny, tiny],
      [inf, 1],
      [-inf, -1],
      [20, 1],
      [-30, -1],
      [1e308, 1],
      [Number.NaN, Number.NaN],
    ],
  ],
  [
    sigmoid,
    "sigmoid",
    [
      [0, 0.5],
      [-0, 0.5],
      [inf, 1],
      [-inf, 0],
      [800, 1],
      [-800, 0],
      [Number.NaN, Number.NaN],
    ],
  ],
  [
    softplus,
    "softplus",
    [
      [0, Math.LN2],
      [inf, inf],
      [-inf, 0],
      [800, 800],
      [-800, 0],
      [1e308, 1e308],
      [Number.NaN, Number.NaN],
    ],
  ],
  [
    atanh,
    "atanh",
    [
      [0, 0],
      [-0, -0],
      [tiny, tiny],
      [1, inf],
      [-1, -inf],
      [1.0000000000000002, Number.NaN],
      [inf, Number.NaN],
      [Number.NaN, Number.NaN],
    ],
  ],
  [
    sin,
    "sin",
    [
      [0, 0],
      [-0, -0],
      [tiny, tiny],
      [-tiny, -tiny],
      [inf, Number.NaN],
      [-inf, Number.NaN],
      [Number.NaN, Number.NaN],
      [Math.PI, 1.2246467991473532e-16],
      [Math.PI / 2, 1],
      // Ng 1992, "Argument reduction for huge arguments": 10^22 and the double closest to a multiple of π/2.
      [1e22, -0.8522008497671888],
      [5.319372648326541e255, 1],
    ],
  ],
  [
    cos,
    "cos",
    [
      [0, 1],
      [-0, 1],
      [tiny, 1],
      [inf, Number.NaN],
      [-inf, Number.NaN],
      [Number.NaN, Number.NaN],
      [Math.PI, -1],
      [Math.PI / 2, 6.123233995736766e-17],
      [1e22, 0.523214785395139],
      [5.319372648326541e255, -4.687165924254628e-19],
    ],
  ],
];

describe("special values", () => {
  for (const [f, name, cases] of values) {
    it(name, () => {
      for (const [x, expected] of cases) expect(f(x), `${name}(${x})`).toBe(expected);
    });
  }

  it("odd functions are odd to the last bit, even functions even", () => {
    const random = Key.fromSeed(1).stream();
    for (let i = 0; i < 1000; i++) {
      const x = random.normal() * 10;
      for (const f of [sin, tanh]) expect(f(-x)).toBe(-f(x));
      expect(cos(-x)).toBe(cos(x));
      expect(atanh(-tanh(x))).toBe(-atanh(tanh(x)));
    }
  });

  it("atan2 has ECMAScript's table of zeros and infinities, and every quadrant", () => {
    const pi = Math.PI;
    const table: [number, number, number][] = [
      [0, 0, 0],
      [-0, 0, -0],
      [0, -0, pi],
      [-0, -0, -pi],
      [0, 1, 0],
      [-0, 1, -0],
      [0, -1, pi],
      [-0, -1, -pi],
      [1, 0, pi / 2],
      [1, -0, pi / 2],
      [-1, 0, -pi / 2],
      [inf, 1, pi / 2],
      [-inf, 1, -pi / 2],
      [1, inf, 0],
      [-1, inf, -0],
      [1, -inf, pi],
      [-1, -inf, -pi],
      [inf, inf, pi / 4],
      [inf, -inf, (3 * pi) / 4],
      [-inf, inf, -pi / 4],
      [-inf, -inf, (-3 * pi) / 4],
      [1, 1, pi / 4],
      [1, -1, (3 * pi) / 4],
      [-1, -1, (-3 * pi) / 4],
      [tiny, 1, tiny],
      [tiny, tiny, pi / 4],
      [tiny, -tiny, (3 * pi) / 4],
      [tiny, -1, pi],
      [Number.MAX_VALUE, Number.MAX_VALUE, pi / 4],
      [Number.MAX_VALUE, tiny, pi / 2],
      [tiny, Number.MAX_VALUE, 0],
      [Number.NaN, 1, Number.NaN],
      [1, Number.NaN, Number.NaN],
    ];
    for (const [y, x, expected] of table) expect(atan2(y, x), `atan2(${y}, ${x})`).toBe(expected);
  });

  it("pow has ECMAScript's special cases", () => {
    const nan = Number.NaN;
    const table: [number, number, number][] = [
      [nan, 0, 1],
      [inf, -0, 1],
      [2, nan, nan],
      [nan, 1, nan],
      [1, inf, nan],
      [-1, -inf, nan],
      [2, inf, inf],
      [2, -inf, 0],
      [0.5, inf, 0],
      [0.5, -inf, inf],
      [-2, inf, inf],
      [inf, 0.1, inf],
      [inf, -0.1, 0],
      [-inf, 3, -inf],
      [-inf, 2, inf],
      [-inf, -3, -0],
      [-inf, -2, 0],
      [0, 2, 0],
      [0, -2, inf],
      [-0, 3, -0],
      [-0, 2, 0],
      [-0, -3, -inf],
      [-0, -2, inf],
      [-0, 0.5, 0],
      [-8, 1 / 3, nan],
      [-2, 3, -8],
      [-2, -2, 0.25],
      [-1, 9007199254740992, 1],
      [-1, 9007199254740991, -1],
      [2, 1024, inf],
      [2, -1074, tiny],
      [2, -1075, 0],
      [2, -1073.5, tiny],
      [-2, 1025, -inf],
      [1.0000000000000002, 1e300, inf],
      [0.9999999999999999, 1e300, 0],
      [1, 1e308, 1],
      [1, -1e308, 1],
      [-1, 1e308, 1],
      [tiny, 1, tiny],
      [tiny, -1, inf],
      [Number.MAX_VALUE, 1, Number.MAX_VALUE],
    ];
    for (const [x, y, expected] of table) expect(pow(x, y), `pow(${x}, ${y})`).toBe(expected);
  });

  it("pow is exact where the result is a double", () => {
    for (let base = 2; base <= 40; base++) {
      let product = base;
      for (let n = 1; product <= Number.MAX_SAFE_INTEGER; n++, product *= base) expect(pow(base, n)).toBe(product);
    }
    for (let n = -1074; n <= 1023; n++) expect(pow(2, n)).toBe(2 ** n);
    for (const x of [2, 3, 1.5, 0.1, 1e-200, 12345.678]) expect(pow(x * x, 0.5)).toBeCloseTo(x, 12);
    expect(pow(81, 0.25)).toBe(3);
    expect(pow(4, -0.5)).toBe(0.5);
  });
});

describe("the same bits on every engine", () => {
  /** FNV-1a over the bytes of the results; a change of one bit anywhere changes it. */
  function fingerprint(f: (x: number, y: number) => number): string {
    const random = Key.fromSeed(2).stream();
    const double = new Float64Array(1);
    const bytes = new Uint8Array(double.buffer);
    let hash = 0x811c9dc5;
    for (let i = 0; i < 3000; i++) {
      double[0] = f(4 * random.normal(), 3 * random.normal());
      for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
    }
    return (hash >>> 0).toString(16);
  }

  it("fingerprints of 3000 results each", () => {
    const prints = Object.fromEntries(
      Object.entries({
        exp,
        expm1,
        log: (x: number) => log(Math.abs(x)),
        log1p: (x: number) => log1p(Math.abs(x)),
        tanh,
        sigmoid,
        softplus,
        atanh: (x: number) => atanh(x / 32),
        sin,
        cos,
        sinLarge: (x: number) => sin(x * 1e12),
        atan2,
        pow: (x: number, y: number) => pow(Math.abs(x), y),
      }).map(([name, f]) => [name, fingerprint(f)]),
    );
    expect(prints).toMatchInlineSnapshot(`
      {
        "atan2": "fbfb9345",
        "atanh": "e2127b2f",
        "cos": "7fbe9766",
        "exp": "ca2802fa",
        "expm1": "8d840cd8",
        "log": "5d5f9689",
        "log1p": "dff557d1",
        "pow": "fe517c3d",
        "sigmoid": "f0eba26f",
        "sin": "d7059b68",
        "sinLarge": "e87ee8f0",
        "softplus": "3fa7b1e9",
        "tanh": "717e376a",
      }
    `);
  });
});
