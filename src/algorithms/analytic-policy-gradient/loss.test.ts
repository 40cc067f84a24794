import { describe, expect, it } from "vitest";
import type { DifferentiableDynamics } from "../../envs/index.ts";
import { pointMass } from "../../envs/index.ts";
import { Key, Streams } from "../../random/index.ts";
import { Box } from "../../spaces/index.ts";
import {
  backward,
  mul,
  noGrad,
  randomNormal,
  randomStream,
  step,
  sum,
  type Tensor,
  tensor,
} from "../../tensor/index.ts";
import { BoundedActorCritic } from "./bounded-actor-critic.ts";
import { shortHorizonLoss } from "./loss.ts";

const key = Key.fromSeed(3);
const network = new BoundedActorCritic({
  observationSize: 4,
  actionSpace: new Box(-1, 1, [2]),
  hidden: [16],
  activation: "tanh",
  orthogonalInit: false,
  logStdInit: -1,
  key,
});
const dynamics = pointMass().differentiable!;
const options = { gamma: 0.9, saturationCoef: 0.1 };
const [steps, envs] = [5, 3];
const stream = randomStream(key);
const inputs = {
  states: randomNormal(stream, [envs, 4]),
  noise: randomNormal(stream, [steps, envs, 2]),
  continues: tensor([1, 0, 1]),
};

/** The same by plain arithmetic: one environment after the other, step by step. */
function byHand(): { objective: number; rewards: number[] } {
  const plain = pointMass();
  const [reward, terminated] = [new Float64Array(1), new Uint8Array(1)];
  const rewards: number[] = [];
  let total = 0;
  for (let n = 0; n < envs; n++) {
    const state = Float64Array.from(inputs.states.data.subarray(4 * n, 4 * n + 4));
    const see = () => tensor(state, [1, 4]);
    for (let t = 0; t < steps; t++) {
      const at = 2 * (t * envs + n);
      const noise = tensor(inputs.noise.toArray().subarray(at, at + 2), [1, 2]);
      const action = noGrad(() => network.policy(see()).transform(noise).toArray()) as Float32Array;
      plain.advance(state, action, reward, terminated, 1, new Streams([]));
      rewards[t * envs + n] = reward[0]!;
      total += 0.9 ** t * reward[0]!;
    }
    if (n !== 1) total += 0.9 ** steps * noGrad(() => network.values(see()).item());
  }
  return { objective: total / (steps * envs), rewards };
}

describe("the loss of a window", () => {
  it("is minus the discounted rewards and the value behind them, which nothing follows where it terminated", () => {
    const { objective, rewards } = byHand();
    const loss = step(() => shortHorizonLoss(network, dynamics, inputs, options));
    expect(-loss.policyLoss.item()).toBeCloseTo(objective, 5);
    expect(loss.rewards.shape).toEqual([steps, envs]);
    rewards.forEach((reward, i) => {
      expect(loss.rewards.data[i]).toBeCloseTo(reward, 5);
    });
    expect(loss.total.item()).toBeCloseTo(loss.policyLoss.item() + 0.1 * loss.saturation.item(), 6);
  });

  /** The gradient along one parameter, and the slope of the loss there. */
  function slopes(of: DifferentiableDynamics): { analytic: number; numeric: number } {
    const { "policy.0.weight": weight } = network.policyParameters();
    const direction = randomNormal(randomStream(Key.fromSeed(8)), weight!.shape);
    const total = () => shortHorizonLoss(network, of, inputs, options).total;
    const analytic = step(() => sum(mul(backward(total()).of(weight!), direction)).item());
    const before = weight!.toArray();
    const at = (distance: number) => {
      weight!.set(before.map((value, i) => value + distance * direction.data[i]!));
      return step(() => total().item());
    };
    const numeric = (at(0.01) - at(-0.01)) / 0.02;
    weight!.set(before);
    return { analytic, numeric };
  }

  it("has the gradient through all steps", () => {
    const { analytic, numeric } = slopes(dynamics);
    expect(Math.abs(numeric)).toBeGreaterThan(0.01);
    expect(Math.abs(analytic - numeric)).toBeLessThan(0.02 * Math.abs(numeric));
  });

  it("would have another one where gradients did not flow through the states", () => {
    const cut = (states: Tensor) => tensor(states.toArray(), states.shape);
    const { analytic, numeric } = slopes({
      ...dynamics,
      step: (states, actions) => dynamics.step(cut(states), actions),
    });
    expect(Math.abs(analytic - numeric)).toBeGreaterThan(0.2 * Math.abs(numeric));
  });
});
