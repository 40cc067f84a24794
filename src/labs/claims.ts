/**
 * Claims that figures decide. A claim holds where the whole interval is on its side, fails where the whole interval is on the
 * other, and is open where the interval has both: then more repetitions are needed, not other words.
 */
import { showInterval, showNumber } from "../inspection/table.ts";
import { intervalOf } from "./interval.ts";

export type Outcome = "holds" | "fails" | "open";

export interface Claim {
  readonly claim: string;
  readonly outcome: Outcome;
  /** The figures that decided. */
  readonly evidence: string;
}

export interface Verdict {
  /** Whether all claims hold, at least one fails, or none fails and some are open. */
  readonly outcome: Outcome;
  readonly text: string;
}

/** What was measured under a name: one value for each repetition. */
export interface Measured {
  readonly name: string;
  readonly values: readonly number[];
}

/** That one is smaller than the other, judged by the differences of repetitions that belong together. */
export function isBelow(claim: string, smaller: Measured, larger: Measured): Claim {
  const difference = intervalOf(smaller.values.map((value, i) => value - larger.values[i]!));
  const outcome = difference.high < 0 ? "holds" : difference.low > 0 ? "fails" : "open";
  const each = [smaller, larger].map(({ name, values }) => `${name} ${showInterval(intervalOf(values))}`);
  return { claim, outcome, evidence: `${each.join(", ")}; difference ${showInterval(difference)}` };
}

/** That the mean lies from `low` to `high`. */
export function isWithin(claim: string, { name, values }: Measured, low: number, high: number): Claim {
  const found = intervalOf(values);
  const inside = found.low >= low && found.high <= high;
  const outside = found.high < low || found.low > high;
  return {
    claim,
    outcome: inside ? "holds" : outside ? "fails" : "open",
    evidence: `${name} ${showInterval(found)}; ${range(low, high)} would do`,
  };
}

function range(low: number, high: number): string {
  if (low === Number.NEGATIVE_INFINITY) return `up to ${showNumber(high)}`;
  return high === Number.POSITIVE_INFINITY
    ? `${showNumber(low)} and more`
    : `${showNumber(low)} to ${showNumber(high)}`;
}

/** That no value exceeds `limit`: for what is exact, where one exception decides. NaN exceeds every limit. */
export function neverExceeds(claim: string, all: readonly Measured[], limit: number): Claim {
  const largest = ({ values }: Measured) => values.reduce((most, v) => Math.max(most, v), 0);
  const [worst] = all.toSorted((a, b) => compare(largest(b), largest(a)));
  const most = largest(worst!);
  return {
    claim,
    outcome: most <= limit ? "holds" : "fails",
    evidence: `largest ${showNumber(most)} (${worst!.name}); up to ${showNumber(limit)} would do`,
  };
}

/** NaN above everything. */
function compare(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : Number(a > b);
}

/** One claim of several that must hold together. */
export function together(claim: string, parts: readonly Claim[]): Claim {
  const { outcome } = verdictOf(parts);
  const deciding = parts.filter((part) => part.outcome === outcome);
  const shown = outcome === "holds" ? deciding.slice(0, 1) : deciding;
  const evidence = shown.map((part) => `${part.claim}: ${part.evidence}`).join(". ");
  return { claim, outcome, evidence: outcome === "holds" ? `all ${parts.length}, as ${evidence}` : evidence };
}

export function verdictOf(claims: readonly Claim[]): Verdict {
  const of = (outcome: Outcome) => claims.filter((one) => one.outcome === outcome);
  const [held, failed, open] = [of("holds"), of("fails"), of("open")];
  const named = (words: string, some: readonly Claim[]) =>
    some.length > 0 ? [`${words}: ${some.map(({ claim }) => claim).join("; ")}.`] : [];
  const text = [
    `${held.length} of ${claims.length} claims hold.`,
    ...named("The figures speak against", failed),
    ...named("The figures leave open", open),
  ].join(" ");
  return { outcome: failed.length > 0 ? "fails" : open.length > 0 ? "open" : "holds", text };
}
