/** The hidden layers of a step's networks, found on its tape, and how alive their neurons are. */
import type { GradientStep } from "../algorithms/listener.ts";
import type { Node, Tensor } from "../tensor/index.ts";
import { effectiveRank } from "./effective-rank.ts";

/** A neuron is dormant below this share of its layer's mean activity (Sokar et al. 2023, section 3). */
const DORMANT = 0.025;
/** Ranking takes the cube of this. */
const WIDEST_RANKED = 256;

/** Of one hidden layer of H neurons, over the N samples of a step (of a convolution: over all positions too). */
export interface LayerMeasures {
  /** Of its weights, as the optimiser calls them. */
  readonly layer: string;
  readonly neurons: number;
  /** Mean and standard deviation of the activations over neurons and samples. */
  readonly mean: number;
  readonly std: number;
  /** Root mean square of ∂loss_i/∂activation, each sample's loss by itself. */
  readonly gradient: number;
  /** Neurons whose activation is 0, or the same, on every sample: no gradient, or no information, passes them. */
  readonly dead: number;
  /** Neurons of which E|h| is at most 2.5 % of the layer's mean (Sokar et al. 2023, equation 1); dead ones are among them. */
  readonly dormant: number;
  /** srank with δ = 0.01 of the activations (Kumar et al. 2021); undefined for convolutions, and where both H and N are more than 256. */
  readonly effectiveRank: number | undefined;
  /** Of each neuron, `[H]`: E|h| and the root mean square of its gradient. */
  readonly activity: readonly number[];
  readonly pull: readonly number[];
}

interface HiddenLayer {
  readonly name: string;
  /** `[N, H, …]` */
  readonly activation: Tensor;
  readonly gradient: Tensor;
}

/** The layers of which the activations feed another layer: where they are on the tape follows from who reads what. */
export function hiddenLayers({ gradients, optimiser }: GradientStep): readonly HiddenLayer[] {
  const readers = new Map<Tensor, Node[]>();
  for (const node of gradients.nodes) {
    for (const [operand] of node.edges) readers.set(operand, [...(readers.get(operand) ?? []), node]);
  }
  const found: HiddenLayer[] = [];
  for (const [name, weight] of Object.entries(optimiser.parameters)) {
    if (weight.shape.length < 2) continue;
    const product = productOf(weight, readers);
    const activation = product && activationOf(product, readers);
    // Mean and deviation of a noisy weight lead to one layer.
    if (activation === undefined || found.some((other) => other.activation === activation)) continue;
    if (gradients.has(activation)) found.push({ name, activation, gradient: gradients.of(activation) });
  }
  return found;
}

/** The result of the layer that a weight is used in, or another weight that is made from it. */
function productOf(weight: Tensor, readers: ReadonlyMap<Tensor, readonly Node[]>): Tensor | undefined {
  for (const { rows, results } of readers.get(weight) ?? []) {
    const [result] = results as [Tensor];
    const found = rows !== undefined ? result : result.size === weight.size ? productOf(result, readers) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** What a layer's result becomes before another layer reads it; undefined where none does. */
function activationOf(product: Tensor, readers: ReadonlyMap<Tensor, readonly Node[]>): Tensor | undefined {
  const feedsLayer = (t: Tensor): boolean =>
    (readers.get(t) ?? []).some(({ rows, results, edges }) => {
      if (rows === t) return true;
      // Flattened on the way.
      return edges.length === 1 && results[0]!.size === t.size && results[0]!.shape.length < t.shape.length
        ? feedsLayer(results[0]!)
        : false;
    });
  if (feedsLayer(product)) return product;
  for (const { results, edges } of readers.get(product) ?? []) {
    const [result] = results as [Tensor];
    if (edges.length === 1 && result.size === product.size && feedsLayer(result)) return result;
  }
  return undefined;
}

/** Reads activations and deltas where the step left them. @param count how many of the rows are samples */
export function measureLayer({ name, activation, gradient }: HiddenLayer, count: number): LayerMeasures {
  const [, neurons, ...positions] = activation.shape as [number, number, ...number[]];
  const area = positions.reduce((a, b) => a * b, 1);
  const [h, g] = [activation.data, gradient.data];
  const activity = new Array<number>(neurons).fill(0);
  const pull = new Array<number>(neurons).fill(0);
  const isConstant = new Array<boolean>(neurons).fill(true);
  let [sum, squares, gradients] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < neurons; j++) {
      for (let k = 0; k < area; k++) {
        const at = (i * neurons + j) * area + k;
        const value = h[at]!;
        // The step's gradient is that of a mean: N times it is the sample's own.
        const own = count * g[at]!;
        sum += value;
        squares += value * value;
        gradients += own * own;
        activity[j]! += Math.abs(value);
        pull[j]! += own * own;
        if (value !== h[j * area]!) isConstant[j] = false;
      }
    }
  }
  const each = count * area;
  const size = each * neurons;
  const mean = sum / size;
  const meanActivity = activity.reduce((a, b) => a + b, 0) / neurons;
  const isRanked = area === 1 && Math.min(count, neurons) <= WIDEST_RANKED;
  return {
    layer: name,
    neurons,
    mean,
    std: Math.sqrt(Math.max(0, squares / size - mean * mean)),
    gradient: Math.sqrt(gradients / size),
    dead: count > 1 ? isConstant.filter(Boolean).length : activity.filter((a) => a === 0).length,
    dormant: activity.filter((a) => a <= DORMANT * meanActivity).length,
    effectiveRank: isRanked ? effectiveRank(h as Float32Array, count, neurons) : undefined,
    activity: activity.map((a) => a / each),
    pull: pull.map((p) => Math.sqrt(p / each)),
  };
}
