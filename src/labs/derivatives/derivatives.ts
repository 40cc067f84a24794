/** The lab `derivatives`: the derivative of a network by its definition, by the chain rule, and by the tape. */
import { type ActivationName, activationNames } from "../../nn/index.ts";
import { Key } from "../../random/index.ts";
import type { FloatType } from "../../tensor/index.ts";
import { isBelow, type Measured, neverExceeds } from "../claims.ts";
import { intervalOf } from "../interval.ts";
import type { Findings, Lab, LabSettings } from "../lab.ts";
import { pointOf } from "../learning-curve.ts";
import { log10 } from "../log10.ts";
import { kinkFindings } from "./kinks.ts";
import { byLimit, byRule, byTape, type Difference, distance, smallNetwork } from "./network.ts";
import { type DerivativeRule, derivativeRules } from "./rules.ts";

export const derivatives: Lab = {
  name: "derivatives",
  question: "How is the derivative of a network computed at all?",
  criterion:
    "the limit of the definition, the chain rule with each activation's derivative, and the tape give the same numbers, for every weight and every neuron under every activation, as far as each can; and it is seen where differences stop being derivatives: by step size, in float32, at kinks.",
  experiment: (settings) => derivativesExperiment(settings),
};

/** For which the limit is taken where all three are compared. */
const STEP = 1e-5;

/** @param rules the activations' derivatives; the lab must notice a wrong one */
export function derivativesExperiment(
  { seed, thorough }: LabSettings,
  rules: Readonly<Record<ActivationName, DerivativeRule>> = derivativeRules,
): Findings {
  const repetitions = thorough ? 200 : 20;
  const keys = Array.from({ length: repetitions }, (_, i) => Key.fromSeed(seed).split("network", i));
  const methods = activationNames.map((name) => compareMethods(name, keys, rules[name]));
  const curves = CURVES.map((curve) => ({ ...curve, errors: errorsByStep(curve, keys) }));
  const kinks = kinkFindings(keys);
  const [forward, central, single] = curves.map(({ errors }) => errors);
  const best = central!.toSorted((a, b) => meanLog(a) - meanLog(b))[0]!;
  const bestSingle = single!.toSorted((a, b) => meanLog(a) - meanLog(b))[0]!;
  const smallest = central!.at(-1)!;
  return {
    repetitions,
    tables: [
      {
        title: "Largest distance between methods, relative to the largest derivative",
        columns: ["rule − tape, weights", "rule − tape, neurons", "limit − tape, weights", "limit − tape, neurons"],
        rows: methods.map(({ name, rule, limit }) => ({
          name,
          cells: [rule.weights, rule.neurons, limit.weights, limit.neurons].map((values) => intervalOf(values)),
        })),
      },
      ...kinks.tables,
    ],
    charts: [
      {
        kind: "line",
        text: { title: "Error of a difference by its step", x: "log₁₀ h", y: "log₁₀ of the largest relative error" },
        scale: "free",
        series: curves.map(({ name, errors }) => ({
          name,
          points: errors.map(({ h, logs }) => pointOf(log10(h), logs)),
        })),
      },
      ...kinks.charts,
    ],
    claims: [
      neverExceeds("The chain rule by hand and the tape give the same numbers", named(methods, "rule"), 1e-12),
      neverExceeds(`The limit, at h = ${STEP}, gives them too`, named(methods, "limit"), 1e-6),
      isBelow(
        "A central difference is nearer than a forward one with the same step (h = 0.01)",
        measured("log₁₀ error, central", central!.find(({ h }) => h === 0.01)!),
        measured("forward", forward!.find(({ h }) => h === 0.01)!),
      ),
      isBelow(
        "A smaller step is not always better: rounding takes over",
        measured(`log₁₀ error at h = ${best.h}`, best),
        measured(`at ${smallest.h}`, smallest),
      ),
      isBelow(
        "The best step in float32 is worse than the best in float64",
        measured(`log₁₀ error in float64 at h = ${best.h}`, best),
        measured(`in float32 at h = ${bestSingle.h}`, bestSingle),
      ),
      ...kinks.claims,
    ],
  };
}

function compareMethods(name: ActivationName, keys: readonly Key[], rule: DerivativeRule) {
  const rows = keys.map((key) => {
    const network = smallNetwork(name, key);
    const truth = byTape(network);
    const away = ({ weights, neurons }: typeof truth) => ({
      weights: distance(weights, truth.weights),
      neurons: distance(neurons, truth.neurons),
    });
    return { rule: away(byRule(network, rule)), limit: away(byLimit(network, STEP)) };
  });
  const of = (method: "rule" | "limit") => ({
    weights: rows.map((row) => row[method].weights),
    neurons: rows.map((row) => row[method].neurons),
  });
  return { name, rule: of("rule"), limit: of("limit") };
}

function named(methods: readonly ReturnType<typeof compareMethods>[], method: "rule" | "limit"): Measured[] {
  return methods.map(({ name, ...of }) => ({ name, values: [...of[method].weights, ...of[method].neurons] }));
}

interface Curve {
  readonly name: string;
  readonly difference: Difference;
  readonly dtype: FloatType;
}

const CURVES: readonly Curve[] = [
  { name: "forward, float64", difference: "forward", dtype: "float64" },
  { name: "central, float64", difference: "central", dtype: "float64" },
  { name: "central, float32", difference: "central", dtype: "float32" },
];

interface ErrorsAtStep {
  readonly h: number;
  /** log₁₀ of the largest relative error of each repetition. */
  readonly logs: readonly number[];
}

/** Under tanh, which has no kink; the truth is the tape's in float64. */
function errorsByStep({ difference, dtype }: Curve, keys: readonly Key[]): ErrorsAtStep[] {
  const steps = Array.from({ length: dtype === "float32" ? 6 : 13 }, (_, i) => Number(`1e-${i + 1}`));
  return steps.map((h) => ({
    h,
    logs: keys.map((key) => {
      const truth = byTape(smallNetwork("tanh", key)).weights;
      return log10(distance(byLimit(smallNetwork("tanh", key, dtype), h, difference).weights, truth));
    }),
  }));
}

const meanLog = ({ logs }: ErrorsAtStep) => intervalOf(logs).mean;
const measured = (name: string, { logs }: ErrorsAtStep): Measured => ({ name, values: logs });
