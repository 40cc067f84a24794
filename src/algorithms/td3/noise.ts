import { type ActionNoise, GaussianNoise, OrnsteinUhlenbeckNoise } from "../../exploration/index.ts";
import type { Key } from "../../random/index.ts";
import * as field from "../config.ts";

const kinds = ["none", "normal", "ornsteinUhlenbeck"] as const;

/** How a deterministic policy explores. */
export function noiseFields(kind: (typeof kinds)[number], std: number) {
  return {
    actionNoise: field.oneOf(
      kinds,
      kind,
      "Noise on the actions of training, which go from −1 to 1: independent, or one that stays on one side for a while.",
    ),
    noiseStd: field.scheduled(std, "σ of that noise: how boldly it explores. Usual: 0.1 to 0.5."),
    noiseTheta: field.nonNegative(0.15, "θ of Ornstein-Uhlenbeck noise: how fast it returns to 0. Usual: 0.1 to 0.5."),
    noiseDt: field.positive(
      0.01,
      "Time of a step of Ornstein-Uhlenbeck noise; longer: it changes faster. Usual: 0.01 to 1.",
    ),
  };
}

export interface NoiseConfig {
  readonly actionNoise: (typeof kinds)[number];
  readonly noiseTheta: number;
  readonly noiseDt: number;
}

/** The configured noise for N environments and actions of A entries, of σ = 0 at first; undefined for none. */
export function createNoise(config: NoiseConfig, envs: number, width: number, key: Key): ActionNoise | undefined {
  const { actionNoise, noiseTheta: theta, noiseDt: dt } = config;
  if (actionNoise === "none") return undefined;
  const random = key.stream();
  if (actionNoise === "normal") return new GaussianNoise(0, random);
  return new OrnsteinUhlenbeckNoise({ sigma: 0, theta, dt }, envs, width, random);
}

/** Adds noise to actions from −1 to 1, and keeps them there. */
export function addNoise(noise: ActionNoise, actions: Float32Array): void {
  noise.addTo(actions);
  for (let i = 0; i < actions.length; i++) actions[i] = Math.min(Math.max(actions[i]!, -1), 1);
}
