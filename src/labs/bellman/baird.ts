/**
 * Baird's counterexample (Baird 1995; Sutton & Barto 2018, section 11.2): seven states, all rewards 0, so that every value is 0.
 * The behaviour goes to one of the first six states with probability 6/7 and to the last with 1/7; the target policy goes to the
 * last always. Linear features, TD(0) with importance ratios. Off-policy the weights leave every bound.
 */
import type { Key, Random } from "../../random/index.ts";
import { isBelow, type Measured, neverExceeds } from "../claims.ts";
import { intervalOf } from "../interval.ts";
import type { Part } from "../lab.ts";
import { curve, lines } from "../learning-curve.ts";
import { log10 } from "../log10.ts";
import { rootMeanSquare } from "./backup.ts";

const STATES = 7;
const GAMMA = 0.99;
const STEP_SIZE = 0.01;
const STEPS = 4000;
const EVERY = 100;

/** The weights that Sutton & Barto begin with. */
const FIRST = Float64Array.of(1, 1, 1, 1, 1, 1, 10, 1);

interface Variant {
  readonly name: string;
  readonly policy: "on-policy" | "off-policy";
  readonly features: "shared" | "one each";
  /** How the weights that bootstrap follow: at once, copied each so many steps, or by a share τ of the way each step. */
  readonly target: { readonly every: number } | { readonly tau: number };
}

const AT_ONCE = { every: 1 };
const VARIANTS: readonly Variant[] = [
  { name: "off-policy", policy: "off-policy", features: "shared", target: AT_ONCE },
  { name: "copied target", policy: "off-policy", features: "shared", target: { every: 100 } },
  { name: "averaged target", policy: "off-policy", features: "shared", target: { tau: 0.01 } },
  { name: "off-policy, table", policy: "off-policy", features: "one each", target: AT_ONCE },
  { name: "on-policy", policy: "on-policy", features: "shared", target: AT_ONCE },
];

export function bairdsCounterexample(key: Key, repetitions: number): Part {
  const found = VARIANTS.map((variant) => ({
    ...variant,
    runs: Array.from({ length: repetitions }, (_, i) => run(variant, key.split("baird", i).stream())),
  }));
  const of = (name: string, end: "start" | "end"): Measured => {
    const { runs } = found.find((one) => one.name === name)!;
    return { name: `${name} at the ${end}`, values: runs.map((logs) => logs.at(end === "start" ? 0 : -1)!) };
  };
  const grows = (claim: string, name: string) => isBelow(claim, of(name, "start"), of(name, "end"));
  const shrinks = (claim: string, name: string) => isBelow(claim, of(name, "end"), of(name, "start"));
  const at = Array.from({ length: STEPS / EVERY + 1 }, (_, i) => i * EVERY);
  return {
    tables: [
      {
        title: `Baird's counterexample: log₁₀ of the RMS error before and after ${STEPS} steps`,
        columns: ["before", "after"],
        rows: found.map(({ name, runs }) => ({
          name,
          cells: [0, -1].map((i) => intervalOf(runs.map((logs) => logs.at(i)!))),
        })),
      },
    ],
    charts: [
      lines(
        {
          title: "Baird's counterexample: what diverges, and what does not",
          x: "steps",
          y: "log₁₀ of the RMS error of V",
        },
        found.map(({ name, runs }) => curve(name, at, runs)),
        "free",
      ),
    ],
    claims: [
      grows("Off-policy bootstrapping with shared features diverges", "off-policy"),
      shrinks("On-policy, the same features do not diverge", "on-policy"),
      neverExceeds(
        "A table does not diverge off-policy: its error stays below the largest of its first values",
        [
          {
            name: "log₁₀ of the RMS error",
            values: found.find(({ features }) => features === "one each")!.runs.flat(),
          },
        ],
        log10(Math.max(...FIRST)),
      ),
      isBelow("A copied target network slows the divergence", of("copied target", "end"), of("off-policy", "end")),
      isBelow("An averaged target network slows it", of("averaged target", "end"), of("off-policy", "end")),
    ],
  };
}

/** V(s) = Σ_i x_i(s) w_i: 2 w_s + w_7 in the first six states, w_6 + 2 w_7 in the last. */
function featuresOf(kind: Variant["features"]): Float64Array[] {
  return Array.from({ length: STATES }, (_, state) => {
    const x = new Float64Array(STATES + 1);
    if (kind === "one each") x[state] = 1;
    else if (state === STATES - 1) x.set([1, 2], STATES - 1);
    else [x[state], x[STATES]] = [2, 1];
    return x;
  });
}

/** log₁₀ of the RMS error, each so many steps, from the start on. */
function run({ policy, features, target }: Variant, random: Random): number[] {
  const x = featuresOf(features);
  const weights = FIRST.slice();
  const slow = weights.slice();
  const value = (w: Float64Array, state: number) => x[state]!.reduce((sum, feature, i) => sum + feature * w[i]!, 0);
  const zero = new Float64Array(STATES);
  const error = () =>
    log10(
      rootMeanSquare(
        zero.map((_, s) => value(weights, s)),
        zero,
      ),
    );
  const errors = [error()];
  let state = random.integer(STATES);
  for (let step = 1; step <= STEPS; step++) {
    const isSolid = random.integer(STATES) === 0;
    const next = isSolid ? STATES - 1 : random.integer(STATES - 1);
    // π / b: the target policy never goes to the first six, and always to the last.
    const ratio = policy === "on-policy" ? 1 : isSolid ? STATES : 0;
    const delta = GAMMA * value(slow, next) - value(weights, state);
    for (let i = 0; i < weights.length; i++) weights[i]! += STEP_SIZE * ratio * delta * x[state]![i]!;
    if ("every" in target && step % target.every === 0) slow.set(weights);
    if ("tau" in target) for (let i = 0; i < slow.length; i++) slow[i]! += target.tau * (weights[i]! - slow[i]!);
    state = next;
    if (step % EVERY === 0) errors.push(error());
  }
  return errors;
}
