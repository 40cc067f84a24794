import { ActorCritic, ppoLoss } from "../../algorithms/index.ts";
import type { GradientStep } from "../../algorithms/listener.ts";
import { measureSamples } from "../../inspection/sample-gradients.ts";
import { Activation, adam, Conv2d, Flatten, Linear, type Optimiser, sequential } from "../../nn/index.ts";
import { Key } from "../../random/index.ts";
import { Discrete } from "../../spaces/index.ts";
import {
  add,
  backward,
  crossEntropyLoss,
  mean,
  mul,
  persistent,
  plan,
  square,
  type Tensor,
} from "../../tensor/index.ts";
import type { Figures } from "./figures.ts";
import { filled } from "./filled.ts";
import { median, secondsPerCall } from "./measure.ts";

const key = Key.fromSeed(0);

type Loss = () => { readonly total: Tensor; readonly terms: GradientStep["terms"] };

/** A step of PPO: separate networks of two hidden layers of 64, Stable-Baselines3's minibatch of 64. */
function mlpStep(batch: number): GradientStep & { readonly train: () => void } {
  const actionSpace = new Discrete(2);
  const how = { hidden: [64, 64], activation: "tanh", orthogonalInit: true, logStdInit: 0 } as const;
  const network = new ActorCritic({ observationSize: 4, actionSpace, key, ...how });
  const data = {
    observations: filled("observations", [batch, 4]),
    actions: persistent([batch], "int32"),
    oldLogProbs: filled("logProbs", [batch]),
    oldValues: filled("values", [batch]),
    advantages: filled("advantages", [batch]),
    returns: filled("returns", [batch]),
  };
  const options = { clipRange: 0.2, clipRangeVf: null, normalizeAdvantage: true, entCoef: 0.01, vfCoef: 0.5 };
  const optimiser = adam(network.parameters(), { maxGradNorm: 0.5 });
  return stepOf(batch, data.observations, () => ppoLoss(network, data, options), optimiser);
}

/** Two convolutions and two linear layers on images of 20 × 20, with three terms of a loss. */
function cnnStep(batch: number): GradientStep & { readonly train: () => void } {
  const network = sequential(
    new Conv2d({ inputs: 3, outputs: 16, kernel: 4, stride: 2, key: key.split("conv", 0) }),
    new Activation("relu"),
    new Conv2d({ inputs: 16, outputs: 32, kernel: 3, stride: 2, key: key.split("conv", 1) }),
    new Activation("relu"),
    new Flatten(),
    new Linear({ inputs: 512, outputs: 128, key: key.split("linear", 0) }),
    new Activation("relu"),
    new Linear({ inputs: 128, outputs: 7, key: key.split("linear", 1) }),
  );
  const x = filled("images", [batch, 3, 20, 20]);
  const labels = persistent([batch], "int32");
  const loss = () => {
    const output = network.forward(x);
    const terms = {
      policy: crossEntropyLoss(output, labels, "none"),
      value: mean(square(output), 1),
      entropy: mean(output, 1),
    };
    const total = add(add(mean(terms.policy), mul(mean(terms.value), 0.5)), mul(mean(terms.entropy), 0.01));
    return { total, terms };
  };
  return stepOf(batch, x, loss, adam(network));
}

function stepOf(batch: number, observations: Tensor, loss: Loss, optimiser: Optimiser) {
  const differentiate = plan({}, () => {
    const { total, terms } = loss();
    return { terms, gradients: backward(total) };
  });
  const { terms, gradients } = differentiate.outputs;
  const apply = plan({}, () => optimiser.update(gradients));
  const train = () => {
    differentiate.run();
    apply.run();
  };
  return { name: "update", batch, gradients, optimiser, terms, observations, train };
}

/**
 * What looking costs: a training step with norms and shares of every sample, of the whole loss and of its terms apart, over the
 * same step alone. The limits are 1.5 and 2.5, for convolutions 2 and 2.5.
 */
export function benchInspection(): Figures {
  const figures: Figures = {};
  for (const [name, step] of [
    ["mlp64Batch64", mlpStep(64)],
    ["mlp64Batch256", mlpStep(256)],
    ["cnnBatch32", cnnStep(32)],
  ] as const) {
    const whole = measureSamples(step, { apart: false });
    const apart = measureSamples(step);
    const times = (look: () => void) => {
      const trainAndLook = () => {
        step.train();
        look();
      };
      return secondsPerCall(trainAndLook, { samples: 5, sampleSeconds: 0.03 });
    };
    // Side by side, so that a machine that changes its pace changes both.
    const ratios = Array.from({ length: 5 }, () => {
      const alone = times(() => {});
      const withWhole = times(whole);
      const withTerms = times(apart);
      return [withWhole / alone, withTerms / alone] as const;
    });
    figures[`${name}InspectedRatio`] = median(ratios.map(([ratio]) => ratio));
    figures[`${name}InspectedTermsRatio`] = median(ratios.map(([, ratio]) => ratio));
  }
  return figures;
}
