/**
 * Elementary functions in BigInt fixed-point arithmetic with at least 180 significant bits: the reference that src/math is
 * measured against. Slow and plain on purpose; none of its formulas is shared with src/math.
 */

/** mantissa · 2^exponent */
export interface BigReal {
  readonly mantissa: bigint;
  readonly exponent: number;
}

/** Significant bits that every result carries, less a few lost to rounding. */
const BITS = 192;

const view = new DataView(new ArrayBuffer(8));

/** A finite double as mantissa · 2^exponent, exactly. */
export function decompose(x: number): BigReal {
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const size = biased === 0 ? fraction : fraction | 0x10000000000000n;
  return { mantissa: bits >> 63n ? -size : size, exponent: Math.max(biased, 1) - 1075 };
}

const bitLength = (n: bigint): number => (n < 0n ? -n : n).toString(2).length;
const shift = (n: bigint, by: number): bigint => (by >= 0 ? n << BigInt(by) : n >> BigInt(-by));

/** Position of the leading bit: floor(log2 |x|). */
function magnitude(x: number): number {
  const { mantissa, exponent } = decompose(x);
  return mantissa === 0n ? 0 : bitLength(mantissa) - 1 + exponent;
}

/** x · 2^places as an integer; exact if places is large enough. */
const fixed = (x: number, places: number): bigint => shift(decompose(x).mantissa, decompose(x).exponent + places);

/** Fixed-point places that give |x| < 1 its full number of significant bits. */
const placesFor = (x: number): number => BITS + 60 + Math.max(0, -magnitude(x));

/** Σ s^(2k+1) (±1)^k / (2k+1): atanh or atan of a small fixed-point number. */
function oddSeries(s: bigint, places: number, sign: 1n | -1n): bigint {
  const p = BigInt(places);
  const square = (s * s) >> p;
  let power = s;
  let sum = s;
  for (let k = 3n; power !== 0n && power !== -1n; k += 2n) {
    power = (sign * power * square) >> p;
    sum += power / k;
  }
  return sum;
}

function floorDivide(n: bigint, d: bigint): bigint {
  const q = n / d;
  return n < 0n && q * d !== n ? q - 1n : q;
}

const constants = new Map<string, bigint>();
function constant(name: string, places: number, make: () => bigint): bigint {
  const key = `${name} ${places}`;
  let value = constants.get(key);
  if (value === undefined) {
    value = make();
    constants.set(key, value);
  }
  return value;
}

/** ln 2 = 2 atanh(1/3). */
const ln2 = (places: number): bigint =>
  constant("ln2", places, () => 2n * (oddSeries((1n << BigInt(places + 32)) / 3n, places + 32, 1n) >> 32n));

/** π by Machin's formula, 16 atan(1/5) - 4 atan(1/239). */
export const pi = (places: number): bigint =>
  constant("pi", places, () => {
    const p = places + 32;
    const one = 1n << BigInt(p);
    return (16n * oddSeries(one / 5n, p, -1n) - 4n * oddSeries(one / 239n, p, -1n)) >> 32n;
  });

/** e^(x 2^-places). */
function expFixed(x: bigint, places: number): BigReal {
  const log2 = ln2(places);
  const k = floorDivide(2n * x + log2, 2n * log2);
  const p = BigInt(places);
  const r = (x - k * log2) >> 8n;
  let term = 1n << p;
  let sum = term;
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    term = ((term * r) >> p) / n;
    sum += term;
  }
  for (let i = 0; i < 8; i++) sum = (sum * sum) >> p;
  return { mantissa: sum, exponent: Number(k) - places };
}

/** ln of n/d, both positive, with `places` places. */
function logQuotient(n: bigint, d: bigint, places: number): bigint {
  let k = bitLength(n) - bitLength(d);
  // n/d 2^-k into [3/4, 3/2).
  if (4n * shift(n, Math.max(0, -k)) < 3n * shift(d, Math.max(0, k))) k--;
  if (2n * shift(n, Math.max(0, -k)) >= 3n * shift(d, Math.max(0, k))) k++;
  const a = shift(n, Math.max(0, -k));
  const b = shift(d, Math.max(0, k));
  const s = ((a - b) << BigInt(places)) / (a + b);
  return 2n * oddSeries(s, places, 1n) + BigInt(k) * ln2(places);
}

function squareRoot(n: bigint): bigint {
  let x = 1n << BigInt((bitLength(n) + 1) >> 1);
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

/** atan of a fixed-point number in [0, 1]: four half-angle steps, then the series. */
function atanFixed(q: bigint, places: number): bigint {
  const p = BigInt(places);
  const one = 1n << p;
  let t = q;
  for (let i = 0; i < 4; i++) t = (t << p) / (one + squareRoot((one << p) + t * t));
  return oddSeries(t, places, -1n) << 4n;
}

/** sin (from = 1) or cos (from = 0) of a small fixed-point number by its series. */
function sinCosSeries(r: bigint, places: number, from: 0 | 1): bigint {
  const p = BigInt(places);
  const square = (r * r) >> p;
  let term = from ? r : 1n << p;
  let sum = term;
  for (let n = BigInt(from) + 1n; term !== 0n && term !== -1n; n += 2n) {
    term = -((term * square) >> p) / (n * (n + 1n));
    sum += term;
  }
  return sum;
}

/** sin(x + quarterTurns π/2). */
function sinCos(x: number, quarterTurns: number): BigReal {
  // Arguments are never closer than 2^-62 to a multiple of π/2 unless they are small themselves.
  const places = placesFor(x) + 70;
  const extra = Math.max(0, magnitude(x)) + 8;
  const value = fixed(x, places + extra);
  const circle = pi(places + extra);
  const n = floorDivide(4n * value + circle, 2n * circle);
  const r = (2n * value - n * circle) >> BigInt(extra + 1);
  const quadrant = Number(((n % 4n) + 4n) % 4n) + quarterTurns;
  const size = sinCosSeries(r, places, quadrant & 1 ? 0 : 1);
  return { mantissa: quadrant & 2 ? -size : size, exponent: -places };
}

const real = (mantissa: bigint, places: number): BigReal => ({ mantissa, exponent: -places });

/** e^x with `places` places after the point. */
function expPlaces(x: number, places: number): bigint {
  const { mantissa, exponent } = expFixed(fixed(x, places), places);
  return shift(mantissa, exponent + places);
}

export const bigMath = {
  exp: (x: number): BigReal => expFixed(fixed(x, placesFor(x)), placesFor(x)),
  expm1(x: number): BigReal {
    const places = placesFor(x);
    return real(expPlaces(x, places) - (1n << BigInt(places)), places);
  },
  log(x: number): BigReal {
    const { mantissa, exponent } = decompose(x);
    const places = BITS + 120;
    return real(logQuotient(shift(mantissa, Math.max(0, exponent)), shift(1n, Math.max(0, -exponent)), places), places);
  },
  log1p(x: number): BigReal {
    const places = placesFor(x) + 60;
    const one = 1n << BigInt(places);
    return real(logQuotient(one + fixed(x, places), one, places), places);
  },
  atanh(x: number): BigReal {
    const places = placesFor(x) + 60;
    const one = 1n << BigInt(places);
    return real(logQuotient(one + fixed(x, places), one - fixed(x, places), places), places + 1);
  },
  tanh(x: number): BigReal {
    const places = placesFor(x);
    const one = 1n << BigInt(places);
    const e = expPlaces(2 * x, places);
    return real(((e - one) << BigInt(places)) / (e + one), places);
  },
  sigmoid(x: number): BigReal {
    const places = placesFor(x) + 60 + Math.ceil(Math.abs(x) * 1.5);
    const one = 1n << BigInt(places);
    const e = expPlaces(x, places);
    return real((e << BigInt(places)) / (e + one), places);
  },
  softplus(x: number): BigReal {
    const places = placesFor(x) + 60 + Math.ceil(Math.abs(x) * 1.5);
    const one = 1n << BigInt(places);
    return real(logQuotient(one + expPlaces(x, places), one, places), places);
  },
  sin: (x: number): BigReal => sinCos(x, 0),
  cos: (x: number): BigReal => sinCos(x, 1),
  atan2(y: number, x: number): BigReal {
    const ay = Math.abs(y);
    const ax = Math.abs(x);
    const steep = ay > ax;
    const small = decompose(steep ? ax : ay);
    const large = decompose(steep ? ay : ax);
    const places = BITS + 60 + Math.max(0, magnitude(steep ? ay : ax) - magnitude(steep ? ax : ay));
    const low = Math.min(small.exponent, large.exponent);
    const s = shift(small.mantissa, small.exponent - low);
    const l = shift(large.mantissa, large.exponent - low);
    let angle = atanFixed((s << BigInt(places)) / l, places);
    if (steep) angle = pi(places) / 2n - angle;
    if (x < 0) angle = pi(places) - angle;
    return real(y < 0 ? -angle : angle, places);
  },
  pow(x: number, y: number): BigReal {
    const { mantissa, exponent } = decompose(x);
    const places = BITS + 240;
    const log = logQuotient(shift(mantissa, Math.max(0, exponent)), shift(1n, Math.max(0, -exponent)), places);
    const power = decompose(y);
    return expFixed(shift(log * power.mantissa, power.exponent), places);
  },
};

/** The double nearest to `value`, ties to even, with subnormals and overflow as IEEE 754 has them. */
export function roundToDouble({ mantissa, exponent }: BigReal): number {
  if (mantissa === 0n) return 0;
  const size = mantissa < 0n ? -mantissa : mantissa;
  const drop = Math.max(bitLength(size) - 53, -1074 - exponent);
  let kept: bigint;
  if (drop <= 0) kept = shift(size, -drop);
  else {
    kept = size >> BigInt(drop);
    const rest = size - (kept << BigInt(drop));
    const half = 1n << BigInt(drop - 1);
    if (rest > half || (rest === half && (kept & 1n) === 1n)) kept += 1n;
  }
  // kept <= 2^53 is exact; two steps keep the power of two in range.
  const places = exponent + drop;
  const result =
    places > 0 ? Number(kept) * 2 ** 60 * 2 ** Math.min(places - 60, 1000) : scaleDown(Number(kept), places);
  return mantissa < 0n ? -result : result;
}

function scaleDown(x: number, places: number): number {
  return places < -1000 ? x * 2 ** -1000 * 2 ** (places + 1000) : x * 2 ** places;
}

/** Distance of finite `x` from the exact value in units in the last place of the correctly rounded double. */
export function ulpError(x: number, exact: BigReal): number {
  const nearest = Math.abs(roundToDouble(exact));
  const unit = nearest === Number.POSITIVE_INFINITY ? 971 : decompose(nearest).exponent;
  const got = decompose(x);
  // Both in units of 2^(unit - 40), so the quotient keeps twelve digits.
  const base = unit - 40;
  const difference = shift(got.mantissa, got.exponent - base) - shift(exact.mantissa, exact.exponent - base);
  return Number(difference < 0n ? -difference : difference) / 2 ** 40;
}

/** Number of representable doubles from a to b; 0 also for equal NaNs, Infinity if only one is NaN. */
export function doublesBetween(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b) ? 0 : Number.POSITIVE_INFINITY;
  const order = (x: number): bigint => {
    view.setFloat64(0, x);
    const bits = view.getBigInt64(0);
    return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
  };
  const difference = order(a) - order(b);
  return Number(difference < 0n ? -difference : difference);
}
