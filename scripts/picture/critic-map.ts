/** A MountainCar critic over the whole of its state space: position and velocity. */
import { makeEnv, type Policy, type Run, RunningMeanStd } from "limpid";
import type { ActorCriticPolicy } from "limpid/algorithms";
import { readSafetensors } from "limpid/nn";
import { backward, perSample, step, sum, tensor } from "limpid/tensor";

const [WIDTH, HEIGHT] = [240, 160];
const STATES = WIDTH * HEIGHT;
export const POSITION = { low: -1.2, high: 0.6 };
export const VELOCITY = { low: -0.07, high: 0.07 };

/** Values of a function of position and velocity, `[height, width]`, the highest velocity first. */
export interface PlaneMap {
  readonly width: number;
  readonly height: number;
  readonly values: Float64Array;
  readonly low: number;
  readonly high: number;
}

/** `[STATES, 2]` */
const observations = Float32Array.from({ length: STATES * 2 }, (_, i) => {
  const cell = i >> 1;
  const [across, down] = [((cell % WIDTH) + 0.5) / WIDTH, (Math.floor(cell / WIDTH) + 0.5) / HEIGHT];
  return i % 2 === 0
    ? POSITION.low + across * (POSITION.high - POSITION.low)
    : VELOCITY.high - down * (VELOCITY.high - VELOCITY.low);
});

/** The observations as the network was trained on them. */
function scaled(run: Run): Float32Array {
  const { normalizer } = JSON.parse(readSafetensors(run.checkpoint()).metadata.run!);
  const statistics = new RunningMeanStd(2);
  statistics.restore(normalizer.statistics);
  const out = new Float32Array(observations.length);
  statistics.normalize(observations, out, STATES, normalizer.epsilon, normalizer.clip);
  return out;
}

/**
 * What the critic expects of each state, V(s), and how far each state, alone, can move the critic: ‖∇V(s)‖, the length of the
 * gradient in its weights.
 */
export function mapCritic(run: Run): { value: PlaneMap; pull: PlaneMap } {
  const { network } = run.policy as ActorCriticPolicy;
  const weights = Object.entries(network.parameters()).flatMap(([name, w]) => (name.startsWith("value.") ? [w] : []));
  const inputs = scaled(run);
  return step(() => {
    const values = network.values(tensor(inputs, [STATES, 2]));
    const squaredNorms = perSample(backward(sum(values)), weights, { batch: STATES }).squaredNorms();
    return {
      value: spanning(Float64Array.from(values.data)),
      pull: spanning(Float64Array.from(squaredNorms.data, Math.sqrt)),
    };
  });
}

function spanning(values: Float64Array): PlaneMap {
  const sorted = values.toSorted();
  return { width: WIDTH, height: HEIGHT, values, low: sorted[0]!, high: sorted[STATES - 1]! };
}

/** Positions and velocities of one episode. */
export function trajectory(policy: Policy, seed: number): number[][] {
  const env = makeEnv("MountainCar-v0");
  const states: number[][] = [];
  let { observation } = env.reset({ seed });
  for (let isOver = false; !isOver; ) {
    states.push([...(observation as Float32Array)]);
    const result = env.step(policy.act(observation, { deterministic: true }));
    observation = result.observation;
    isOver = result.terminated || result.truncated;
  }
  states.push([...(observation as Float32Array)]);
  return states;
}
