import { describe, expect, it } from "vitest";
import { exp } from "../../math/index.ts";
import { activationNames } from "../../nn/index.ts";
import { Key } from "../../random/index.ts";
import { runLab } from "../lab.ts";
import { derivatives, derivativesExperiment } from "./derivatives.ts";
import { activationAt, byLimit, byRule, byTape, distance, networkValue, smallNetwork } from "./network.ts";
import { derivativeRules } from "./rules.ts";

const settings = { seed: 3, thorough: false };

describe("the lab", () => {
  const result = runLab(derivatives, settings);

  it("finds what is known, and the same again", () => {
    expect(result.verdict.outcome, result.verdict.text).toBe("holds");
    expect(JSON.stringify(runLab(derivatives, settings))).toBe(JSON.stringify(result));
  });

  it("finds that rectifiers alone have no derivative at 0", () => {
    const slopes = result.tables.find(({ title }) => title === "Slopes at 0")!.rows;
    expect(slopes.map(({ name }) => name)).toEqual(activationNames);
    expect(slopes.filter(({ cells }) => cells.at(-1) === "no").map(({ name }) => name)).toEqual(["relu", "leakyRelu"]);
    expect(slopes[1]!.cells.slice(0, 4)).toEqual([0, 1, 0.5, 0]);
  });

  it("control: a wrong derivative of one activation is named", () => {
    const silu = (z: number) => 1 / (1 + exp(-z));
    const { claims } = derivativesExperiment(settings, { ...derivativeRules, silu });
    expect(claims.filter(({ outcome }) => outcome !== "holds")).toEqual([
      expect.objectContaining({ outcome: "fails", evidence: expect.stringMatching(/\(silu\)/) }),
    ]);
  });
});

describe("the derivatives of a small network", () => {
  it.each(activationNames)("%s: rules are the tape's, also at 0 and far out", (name) => {
    for (const z of [-30, -2, -0.3, 0, 0.3, 2, 30]) {
      const { value, slope } = activationAt(name, z);
      expect(derivativeRules[name](z, value)).toBeCloseTo(slope, 14);
    }
  });

  it("are one for each weight and neuron; the limit leaves the network as it was", () => {
    const network = smallNetwork("tanh", Key.fromSeed(1));
    const before = networkValue(network);
    const [limit, tape] = [byLimit(network, 1e-5), byTape(network)];
    expect(networkValue(network)).toBe(before);
    for (const { weights, neurons } of [limit, tape, byRule(network, derivativeRules.tanh)]) {
      expect([weights.length, neurons.length]).toEqual([41, 8]);
      expect(distance(weights, tape.weights)).toBeLessThan(1e-8);
      expect(distance(neurons, tape.neurons)).toBeLessThan(1e-8);
    }
    // ∂NN/∂(last bias)
    expect(tape.weights.at(-1)).toBe(1);
  });

  it("are nowhere where the step is lost in rounding", () => {
    const network = smallNetwork("tanh", Key.fromSeed(1), "float32");
    expect(byLimit(network, 1e-12).weights.some(Number.isNaN)).toBe(true);
  });
});
