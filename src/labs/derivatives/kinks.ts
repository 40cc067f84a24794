/** Where a function has a kink the definition gives two derivatives, and a step across it neither. */
import { activationNames } from "../../nn/index.ts";
import type { Key } from "../../random/index.ts";
import { type Claim, isBelow, neverExceeds } from "../claims.ts";
import type { Part } from "../lab.ts";
import { pointOf } from "../learning-curve.ts";
import { log10 } from "../log10.ts";
import { activationAt, byLimit, byTape, distance, firstSum, type SmallNetwork, smallNetwork } from "./network.ts";

const TINY = 1e-6;
/** How far from its kink one neuron is put. */
const AWAY = 1e-4;
const STEPS = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6];

export function kinkFindings(keys: readonly Key[]): Part {
  const slopes = activationNames.map((name) => {
    const at = (z: number) => activationAt(name, z).value;
    const [right, left] = [(at(TINY) - at(0)) / TINY, (at(0) - at(-TINY)) / TINY];
    return { name, left, right, central: (at(TINY) - at(-TINY)) / (2 * TINY), tape: activationAt(name, 0).slope };
  });
  const kinked = slopes.filter(({ left, right }) => Math.abs(right - left) > 1e-3);
  const errors = STEPS.map((h) => keys.map((key) => crossing(key, h)));
  const logs = errors.map((values) => values.map(log10));
  return {
    tables: [
      {
        title: "Slopes at 0",
        columns: ["from the left", "from the right", "central", "tape", "one derivative?"],
        rows: slopes.map((row) => ({
          name: row.name,
          cells: [row.left, row.right, row.central, row.tape, kinked.includes(row) ? "no" : "yes"],
        })),
      },
    ],
    charts: [
      {
        kind: "line",
        text: {
          title: `Error where a leaky rectifier is ${AWAY} from its kink`,
          x: "log₁₀ h",
          y: "log₁₀ of the largest relative error",
        },
        scale: "free",
        series: [
          {
            name: "central, float64",
            points: STEPS.map((h, i) => pointOf(log10(h), logs[i]!)),
          },
        ],
      },
    ],
    claims: [
      ...(kinked.length > 0 ? [atKinks(kinked)] : []),
      isBelow(
        "A step across a kink does not give the derivative, one that stays on its side does",
        { name: `log₁₀ error at h = ${STEPS.at(-1)}`, values: logs.at(-1)! },
        { name: `at ${STEPS[0]}`, values: logs[0]! },
      ),
    ],
  };
}

type Slopes = { name: string; left: number; right: number; central: number; tape: number };

function atKinks(kinked: readonly Slopes[]): Claim {
  const names = kinked.map(({ name }) => name).join(", ");
  return neverExceeds(
    `At a kink (${names}) the central difference is the mean of two slopes, and the tape takes one of the two`,
    kinked.map(({ name, left, right, central, tape }) => ({
      name,
      values: [Math.abs(central - (left + right) / 2), Math.min(Math.abs(tape - left), Math.abs(tape - right))],
    })),
    1e-6,
  );
}

/** The error of differences with step h where the first neuron is put close to its kink. */
function crossing(key: Key, h: number): number {
  const network = smallNetwork("leakyRelu", key);
  putNear(network, AWAY);
  return distance(byLimit(network, h).weights, byTape(network).weights);
}

function putNear(network: SmallNetwork, z: number): void {
  const bias = network.biases[0]!;
  bias.data[0] = bias.data[0]! + z - firstSum(network);
}
