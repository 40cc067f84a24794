/** The largest float32 (or float64) number below finite x, where numbers of [low, x) are cut off after rounding. */
export function largestBelow(x: number, single: boolean): number {
  if (single) {
    const rounded = Math.fround(x);
    if (rounded < x) return rounded;
    const float = Float32Array.of(rounded);
    const bits = new Int32Array(float.buffer);
    if (rounded === 0) return -1.401298464324817e-45;
    bits[0] += rounded > 0 ? -1 : 1;
    return float[0];
  }
  if (x === 0) return -5e-324;
  const double = Float64Array.of(x);
  const bits = new BigInt64Array(double.buffer);
  bits[0] += x > 0 ? -1n : 1n;
  return double[0];
}
