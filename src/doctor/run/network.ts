import type { InspectionRecord, LayerRecord } from "../../inspection/index.ts";
import type { ResolvedConfig } from "../../training/index.ts";
import { type Diagnosis, type Evidence, withValue } from "../diagnosis.ts";
import type { FirstStep } from "./first-steps.ts";

/**
 * A step that moves weights by a tenth of their length: after ten of them nothing is left of what they were. Usual is about a thousandth
 * (Karpathy 2016, CS231n, "Ratio of weights:updates"); the boldest of limpid's own tuned configurations moves them by a twentieth.
 */
const LARGE_STEP = 0.1;

/** A learning rate with which the first step of an optimiser moves weights too far. */
export function largeSteps(first: readonly FirstStep[], config: ResolvedConfig, again: readonly string[]): Diagnosis[] {
  const [worst] = first.toSorted((a, b) => b.moved - a.moved);
  if (worst === undefined || !(worst.moved > LARGE_STEP)) return [];
  const rate = firstRate(config.learningRate);
  // To a hundredth, which is usual for a first step.
  const better = rate && Number(((rate * 0.01) / worst.moved).toPrecision(1));
  return [
    {
      part: "learning rate",
      hyperparameter: "learningRate",
      certainty: "likely",
      finding: `The learning rate is too large: one gradient step moves weights by ${percent(worst.moved)} of their length`,
      evidence: [
        {
          what: `‖Δθ‖ / ‖θ‖ of the weights in the first step (${worst.name}), median over layers`,
          measured: worst.moved,
          expected: `0.001 to 0.05, at most ${LARGE_STEP}`,
        },
      ],
      remedy: better === undefined ? "Try a hundredth of it." : `Try learningRate=${better}.`,
      confirm: better === undefined ? again : withValue(again, "learningRate", better),
    },
  ];
}

/** Of a schedule what it begins with. */
function firstRate(rate: unknown): number | undefined {
  if (typeof rate === "number") return rate;
  const value =
    typeof rate === "string" ? Number(rate.replace(/^\w+_/, "")) : Number((rate as { from?: unknown } | null)?.from);
  return Number.isFinite(value) ? value : undefined;
}

/**
 * Of a layer with rectifiers, up to seven tenths of the units were dead in the healthy runs that were looked at: they die where nothing
 * needs them. With a tenth left hardly anything passes.
 */
const DEAD = 0.9;

/** Layers of which hardly a unit tells one observation from another: from the first look on, or since then. */
export function deadLayers(records: readonly InspectionRecord[], again: readonly string[]): Diagnosis[] {
  const layers = new Map<string, LayerRecord[]>();
  /** Steps of the iterations in which a first gradient step was looked at: units are then as they were made. */
  const beginnings = new Set(
    records.flatMap((r) => (r.record === "update" && r.update === 1 ? [`${r.name} ${r.step}`] : [])),
  );
  for (const record of records) {
    if (record.record !== "layer") continue;
    const name = record.name === "update" ? record.layer : `${record.name} ${record.layer}`;
    layers.set(name, [...(layers.get(name) ?? []), record]);
  }
  const share = ({ dead, neurons }: LayerRecord) => dead / neurons;
  const dead = [...layers].filter(([, looks]) => share(looks.at(-1)!) >= DEAD);
  if (dead.length === 0) return [];
  const isBeginning = ({ name, step }: LayerRecord) => beginnings.has(`${name} ${step}`);
  const neverAlive = dead.find(([, looks]) => share(looks[0]!) >= DEAD && isBeginning(looks[0]!));
  const fromTheStart = neverAlive !== undefined;
  const [name, looks] = neverAlive ?? dead[0]!;
  const { dead: count, neurons } = looks.at(-1)!;
  return [
    {
      part: "hidden units",
      // Those that died were killed by something else, such as large steps.
      certainty: fromTheStart ? "certain" : "possible",
      finding: `${count} of the ${neurons} units of layer ${name} are dead${fromTheStart ? " from the first update on" : ""}: no observation changes them`,
      evidence: dead.flatMap(([layer, looks]) => [
        {
          what: `dead units of ${layer}, at the first and the last look`,
          measured: `${looks[0]!.dead} and ${looks.at(-1)!.dead} of ${looks[0]!.neurons}`,
          expected: `below ${Math.ceil(DEAD * looks[0]!.neurons)}`,
        },
        ...rankOf(layer, looks.at(-1)!),
      ]),
      remedy: fromTheStart
        ? "Look at the first weights and biases, and at the scale of the observations."
        : "Try a smaller learningRate or activation=tanh.",
      confirm: again,
    },
  ];
}

/** What is left to tell observations apart by, where it was computed. */
function rankOf(layer: string, { effectiveRank }: LayerRecord): Evidence[] {
  if (effectiveRank === null) return [];
  return [{ what: `effective rank of ${layer}, at the last look`, measured: effectiveRank, expected: "above 1" }];
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
