import type { Space } from "../../spaces/index.ts";
import { ReplayBuffer } from "../replay/index.ts";
import { type Dataset, hasBytes } from "./dataset.ts";

/**
 * A replay buffer that holds a dataset and nothing else: row i is transition i.
 * @param encode what becomes of actions `[A]` before they are stored; left out: they stay as they are
 */
export function replayOf(dataset: Dataset, encode?: (action: Float32Array) => ArrayLike<number>): ReplayBuffer {
  const { observationSpace, actionSpace, rewards, masks } = dataset;
  const { actionSize, maskSize } = actionSpace;
  const buffer = new ReplayBuffer({
    capacity: rewards.length,
    envs: 1,
    observationSize: observationSpace.flatSize,
    observationType: hasBytes(observationSpace) ? "uint8" : "float32",
    actionShape: actionSpace.kind === "discrete" ? [] : [actionSize],
    actionType: actionSpace.kind === "box" ? "float32" : "int32",
    maskSize: masks ? maskSize : 0,
  });
  addDataset(buffer, dataset, encode);
  return buffer;
}

/** Adds the transitions of a dataset to a replay buffer of one environment, as if they happened there now. */
export function addDataset(
  buffer: ReplayBuffer,
  dataset: Dataset,
  encode: (action: Float32Array) => ArrayLike<number> = (action) => action,
): void {
  const { actions, rewards, terminated, truncated } = dataset;
  const { actionSize, maskSize } = dataset.actionSpace;
  const size = dataset.observationSpace.flatSize;
  const row = (array: Float32Array | Uint8Array, i: number) =>
    Float32Array.from(array.subarray(i * size, (i + 1) * size));
  const mask = (i: number) => {
    if (buffer.sizes.maskSize === 0) return {};
    const masks = dataset.masks?.subarray(i * maskSize, (i + 1) * maskSize);
    return { actionMasks: masks?.length ? masks : allAllowed(dataset.actionSpace) };
  };
  for (let i = 0; i < rewards.length; i++) {
    const next = row(dataset.nextObservations, i);
    buffer.observe({ observations: row(dataset.observations, i), ...mask(i) });
    buffer.record(encode(actions.subarray(i * actionSize, (i + 1) * actionSize)), {
      observations: next,
      finalObservations: next,
      rewards: rewards.subarray(i, i + 1),
      terminated: terminated.subarray(i, i + 1),
      truncated: truncated.subarray(i, i + 1),
      ...mask(i + 1),
    });
  }
}

function allAllowed({ maskSize }: Space<unknown>): Uint8Array {
  return new Uint8Array(maskSize).fill(1);
}
