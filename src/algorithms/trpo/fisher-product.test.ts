import { describe, expect, it } from "vitest";
import { uniform } from "../../../test/support/gradients.ts";
import { expectClose } from "../../../test/support/transitions.ts";
import type { Distribution } from "../../distributions/index.ts";
import { Key } from "../../random/index.ts";
import { Box, Discrete, MultiBinary, MultiDiscrete, type Space } from "../../spaces/index.ts";
import { backward, mul, noGrad, pullBack, step, sum, type Tensor, tensor } from "../../tensor/index.ts";
import { ActorCritic } from "../actor-critic.ts";
import { fisherProduct } from "./fisher-product.ts";
import { FlatParameters } from "./flat-parameters.ts";

const ROWS = 5;
const mask = tensor([1, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0], [ROWS, 3], "uint8");
const spaces: Record<string, [Space<unknown>, { mask?: Tensor; useSde?: boolean }?]> = {
  Discrete: [new Discrete(3)],
  "masked Discrete": [new Discrete(3), { mask }],
  MultiDiscrete: [new MultiDiscrete([2, 3])],
  MultiBinary: [new MultiBinary(3)],
  Box: [new Box(-1, 1, [2])],
  "Box with state-dependent noise": [new Box(-1, 1, [2]), { useSde: true }],
};

describe.each(Object.entries(spaces))(
  "the Fisher-vector product of a policy over %s",
  (_name, [actionSpace, given]) => {
    const random = Key.fromSeed(8).stream();
    const network = new ActorCritic({
      observationSize: 2,
      actionSpace,
      hidden: [4],
      activation: "tanh",
      orthogonalInit: false,
      logStdInit: -0.5,
      useSde: given?.useSde ?? false,
      key: Key.fromSeed(4),
      dtype: "float64",
    });
    const named = Object.entries(network.parameters()).filter(([name]) => name.startsWith("policy."));
    const parameters = named.map(([, parameter]) => parameter);
    const flat = new FlatParameters(parameters);
    const observations = uniform(random, [ROWS, 2]);
    const direction = uniform(random, [flat.size]);
    const policyNow = () => network.policy(observations, { mask: given?.mask });
    const product = () => step(() => flat.join(fisherProduct(policyNow(), flat.split(direction))).toArray());

    /** F = Σ_i J_iᵀ M_i J_i / N, dense, from one backward pass for each coordinate of each row. */
    function dense(information: (policy: Distribution, unit: Tensor) => Tensor): Float64Array[] {
      return step(() => {
        const policy = policyNow();
        const { coordinates } = policy;
        const [, width] = coordinates.shape as [number, number];
        const unit = (index: number) =>
          tensor(
            Float64Array.from({ length: coordinates.size }, (_, i) => Number(i === index)),
            coordinates.shape,
            "float64",
          );
        const jacobian = Array.from({ length: coordinates.size }, (_, i) =>
          flat.join(pullBack(coordinates, unit(i))).toArray(),
        );
        const matrix = Array.from({ length: flat.size }, () => new Float64Array(flat.size));
        for (let i = 0; i < coordinates.size; i++) {
          const column = information(policy, unit(i)).toArray();
          const row = Math.floor(i / width) * width;
          for (let j = row; j < row + width; j++) {
            const weight = column[j]! / ROWS;
            if (weight === 0) continue;
            for (let a = 0; a < flat.size; a++) {
              for (let b = 0; b < flat.size; b++) matrix[a]![b]! += jacobian[j]![a]! * weight * jacobian[i]![b]!;
            }
          }
        }
        return matrix;
      });
    }

    const times = (matrix: Float64Array[]) => {
      const v = direction.toArray();
      return matrix.map((row) => row.reduce((total, value, i) => total + value * v[i]!, 0));
    };

    it("equals the dense matrix of explicit Jacobians times the vector", () => {
      expectClose(product(), times(dense((policy, unit) => policy.fisher(unit))), 1e-12);
    });

    it("would not with another information of the coordinates", () => {
      const wrong = times(dense((_policy, unit) => mul(unit, 0.5)));
      expect(() => expectClose(product(), wrong, 1e-3)).toThrow();
    });

    // The noise of gSDE is a constant to the gradient but moves with the features, so that KL knows more than F there.
    if (given?.useSde) return;

    it("equals the change of the gradient of KL along the vector", () => {
      const start = flat.values();
      const v = Float64Array.from(direction.toArray());
      const old = noGrad(policyNow);
      const gradientAt = (eps: number) => {
        flat.moveTo(start, v, eps);
        return flat.join(backward(mul(sum(old.kl(policyNow())), 1 / ROWS))).toArray();
      };
      const [up, down] = [gradientAt(1e-5), gradientAt(-1e-5)];
      flat.moveTo(start, v, 0);
      const numeric = up.map((value, i) => (value - down[i]!) / 2e-5);
      // The noise of gSDE is a constant to the gradient but moves with the features, so that KL knows more than F there.
      if (given?.useSde) return;
      expectClose(product(), numeric, 1e-7);
    });
  },
);

describe("FlatParameters", () => {
  it("moves parameters along a direction and back to the same bits", () => {
    const network = new ActorCritic({
      observationSize: 3,
      actionSpace: new Discrete(2),
      hidden: [4],
      activation: "tanh",
      orthogonalInit: true,
      logStdInit: 0,
      key: Key.fromSeed(4),
    });
    const parameters = Object.values(network.parameters());
    const flat = new FlatParameters(parameters);
    const start = flat.values();
    const direction = Float64Array.from(start, (_, i) => i);
    flat.moveTo(start, direction, 0.5);
    expect(flat.values()).toEqual(start.map((value, i) => Math.fround(value + 0.5 * i)));
    flat.moveTo(start, direction, 0);
    expect(flat.values()).toEqual(start);
    const vector = tensor(start);
    const parts = flat.split(vector);
    for (const parameter of parameters) expect(parts.get(parameter)!.toArray()).toEqual(parameter.toArray());
  });
});
