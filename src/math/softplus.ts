import { sumError } from "./double-double.ts";
import { exp } from "./exp.ts";
import { expLow, expPair } from "./exp-pair.ts";
import { logLow, logPair } from "./log-pair.ts";

/** ln(1 + e^x), error below 0.52 ulp: x + ln(1 + e^-x) on the right, where e^x would overflow. */
export function softplus(x: number): number {
  if (!(x > -40 && x < 40)) return x > 0 ? x : exp(x);
  const t = expPair(-Math.abs(x), 0, 0);
  const tLow = expLow[0];
  const u = 1 + t;
  const high = logPair(u, sumError(1, t, u));
  const low = logLow[0] + tLow / u;
  if (x <= 0) return high + low;
  const sum = x + high;
  return sum + (sumError(x, high, sum) + low);
}
