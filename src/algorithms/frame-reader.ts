import type { BatchEnv } from "../envs/index.ts";
import { noGrad, plan, type TypedArray } from "../tensor/index.ts";
import type { PolicyNetwork } from "./actor-critic.ts";

/** What it looks at. */
type Stacked = Pick<
  BatchEnv,
  "count" | "observationSpace" | "observations" | "stackedFrames" | "terminated" | "truncated"
>;

/** Whether what the network reads of an observation is what it reads of each of the frames that the observation is a stack of. */
export function readsFrames(env: BatchEnv, network: PolicyNetwork): boolean {
  const { stackedFrames = 1, observationSpace } = env;
  const { shape = [] } = observationSpace as { readonly shape?: readonly number[] };
  const { inputSize = observationSpace.flatSize } = network;
  // Two axes of an image, and one for the frames, which then hold whole images.
  return (
    stackedFrames > 1 && shape.length > 2 && shape[0]! % stackedFrames === 0 && inputSize < observationSpace.flatSize
  );
}

/** What a network reads of the stacked frames of N environments: only the newest of them is read anew at each step. */
export class FrameReader {
  readonly #env: Stacked;
  readonly #depth: number;
  readonly #read: ReturnType<typeof planRead>;
  #isGoing = false;

  constructor(env: Stacked, network: PolicyNetwork) {
    this.#env = env;
    this.#depth = env.stackedFrames!;
    this.#read = planRead(env, network);
  }

  /** To be called when all environments were reset: what was read before is not gone on from. */
  reset(): void {
    this.#isGoing = false;
  }

  /**
   * Brings `into` `[N, inputSize]` from what it was for the observations before the last step to what it is for the present ones; to be
   * called once for each step.
   */
  follow(into: TypedArray): void {
    const depth = this.#depth;
    const { count, terminated, truncated } = this.#env;
    for (let k = this.#isGoing ? depth - 1 : 0; k < depth; k++) {
      const frames = this.#frames(k);
      const size = frames.length / count;
      for (let n = 0; n < count; n++) {
        const start = n * depth * size;
        // An episode begins with its first frame alone.
        const isFirst = this.#isGoing && (terminated[n] === 1 || truncated[n] === 1);
        if (this.#isGoing && !isFirst) into.copyWithin(start, start + size, start + depth * size);
        for (let slot = isFirst ? 0 : k; slot <= k; slot++) {
          into.set(frames.subarray(n * size, (n + 1) * size), start + slot * size);
        }
      }
    }
    this.#isGoing = true;
  }

  /** What the network reads of the k-th frame of every environment, until the next call. */
  #frames(k: number): TypedArray {
    const { observations, count } = this.#env;
    const { frames } = this.#read.inputs;
    const width = frames.size / count;
    for (let n = 0; n < count; n++) {
      const from = (n * this.#depth + k) * width;
      frames.data.set(observations.subarray(from, from + width), n * width);
    }
    return this.#read.run().data;
  }
}

function planRead(env: Stacked, network: PolicyNetwork) {
  const shape = [env.count, env.observationSpace.flatSize / env.stackedFrames!];
  return plan({ frames: { shape } }, ({ frames }) => noGrad(() => network.read!(frames)));
}
