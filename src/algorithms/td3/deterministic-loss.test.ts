import { describe, expect, it } from "vitest";
import { Key } from "../../random/index.ts";
import { backward, step, type Tensor, tensor } from "../../tensor/index.ts";
import { DeterministicActorCritic } from "./deterministic-actor-critic.ts";
import { criticLoss, deterministicActorLoss, deterministicTargets } from "./deterministic-loss.ts";

/** μ(s) = tanh(w s), Q_k(s, a) = v_k s + u_k a: one linear layer each. */
function linearNetwork(w: number, critics: readonly (readonly [v: number, u: number])[]): DeterministicActorCritic {
  const sizes = { observationSize: 1, actionSize: 1, hidden: [], activation: "relu", dtype: "float64" } as const;
  const network = new DeterministicActorCritic({ ...sizes, count: critics.length, key: Key.fromSeed(1) });
  const parameters = network.parameters();
  for (const tensor of Object.values(parameters)) tensor.data.fill(0);
  parameters["actor.0.weight"]!.set([w]);
  critics.forEach((weights, k) => {
    parameters[`critics.q${k}.0.weight`]!.set(weights);
  });
  return network;
}

const column = (values: number[]) => tensor(values, [values.length, 1], "float64");
const vector = (values: number[]) => tensor(values, [values.length], "float64");

/** Two transitions, the second of which terminates. */
const batch = () => ({
  observations: column([1, 2]),
  actions: column([0.5, -0.5]),
  nextObservations: column([1, -1]),
  masks: undefined,
  nextMasks: undefined,
  returns: vector([3, 4]),
  discounts: vector([0.9, 0]),
  weights: vector([1, 1]),
});

const numbers = (t: Tensor) => Array.from(t.toArray());
const close = (actual: readonly number[], expected: readonly number[]) =>
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-12);
  });

describe("targets", () => {
  // tanh(±1) = ±0.7615941559557649
  const a = 0.7615941559557649;

  it("are r + γ Q̄(s′, μ̄(s′)), and r alone after a termination", () => {
    const target = linearNetwork(1, [[2, 3]]);
    close(numbers(step(() => deterministicTargets(target, batch()))), [3 + 0.9 * (2 + 3 * a), 4]);
  });

  it("take the worse of two critics, where each is that", () => {
    const target = linearNetwork(1, [
      [2, 3],
      [4, 0],
    ]);
    // In s′ = 1: 2 + 3a = 4.28 and 4; in s′ = −1: −4.28 and −4.
    const both = { ...batch(), discounts: vector([0.9, 0.9]) };
    close(numbers(step(() => deterministicTargets(target, both))), [3 + 0.9 * 4, 4 + 0.9 * (-2 - 3 * a)]);
  });

  it("smooth the action with noise, which keeps within its bounds", () => {
    const target = linearNetwork(1, [[2, 3]]);
    const both = { ...batch(), discounts: vector([0.9, 0.9]) };
    const found = numbers(step(() => deterministicTargets(target, both, column([0.5, 0.1]))));
    close(found, [3 + 0.9 * (2 + 3 * 1), 4 + 0.9 * (-2 + 3 * (0.1 - a))]);
  });
});

describe("losses", () => {
  it("of critics are the sum of their mean squared errors", () => {
    const network = linearNetwork(1, [
      [1, 1],
      [0, 2],
    ]);
    // Q_0: 1.5 and 1.5, Q_1: 1 and −1.
    const loss = step(() => criticLoss(network, batch(), vector([2, 2])).total);
    close([loss.item()], [(0.25 + 0.25) / 2 + (1 + 9) / 2]);
  });

  /** A network with hidden layers, whose actor's gradient is compared with differences of its loss. */
  function largestError(loss: typeof deterministicActorLoss): number {
    const sizes = { observationSize: 3, actionSize: 2, hidden: [8, 8], activation: "tanh", dtype: "float64" } as const;
    const network = new DeterministicActorCritic({ ...sizes, count: 2, key: Key.fromSeed(2) });
    const observations = tensor(new Float64Array(15), [5, 3], "float64");
    Key.fromSeed(3)
      .stream()
      .fillNormal(observations.data as Float64Array);
    return step(() => {
      const gradients = backward(loss(network, observations));
      for (const critic of Object.values(network.criticParameters())) expect(gradients.has(critic)).toBe(false);
      let largest = 0;
      for (const parameter of Object.values(network.actorParameters())) {
        const gradient = gradients.of(parameter).toArray();
        for (let i = 0; i < parameter.size; i++) {
          const value = parameter.data[i]!;
          const [above, below] = [value + 1e-6, value - 1e-6].map((moved) => {
            parameter.data[i] = moved;
            return deterministicActorLoss(network, observations).item();
          });
          parameter.data[i] = value;
          largest = Math.max(largest, Math.abs((above! - below!) / 2e-6 - gradient[i]!));
        }
      }
      return largest;
    });
  }

  it("of the actor have the gradient that differences have, and none for the critics", () => {
    expect(largestError(deterministicActorLoss)).toBeLessThan(1e-8);
  });

  it("control: the differences notice observations of another scale", () => {
    const wrong: typeof deterministicActorLoss = (network, { shape, data }) =>
      deterministicActorLoss(
        network,
        tensor(
          Array.from(data, (x) => 1.01 * x),
          shape,
          "float64",
        ),
      );
    expect(largestError(wrong)).toBeGreaterThan(1e-5);
  });

  it("leave the critics trainable", () => {
    const network = linearNetwork(1, [[1, 1]]);
    step(() => {
      deterministicActorLoss(network, column([1, 2]));
      const gradients = backward(criticLoss(network, batch(), vector([2, 2])).total);
      for (const critic of Object.values(network.criticParameters())) expect(gradients.has(critic)).toBe(true);
    });
  });
});
