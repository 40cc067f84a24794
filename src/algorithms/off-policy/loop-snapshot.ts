import { loadStateDict, stateDict } from "../../nn/index.ts";
import type { Tensor } from "../../tensor/index.ts";
import type { Snapshot } from "../algorithm.ts";
import { prefixed } from "../snapshot.ts";
import { type ReplayLoop, withoutPrefix } from "./replay-loop.ts";

/** A snapshot of a learner all of whose state, beside its loop's and the policy's, lies in tensors. */
export function saveTensors(loop: ReplayLoop, tensors: Readonly<Record<string, Tensor>>): Snapshot {
  const { json, arrays } = loop.save();
  return { json, arrays: { ...prefixed("loop/", arrays), ...prefixed("own/", stateDict(tensors)) } };
}

/** Goes on from such a snapshot. @throws FormatError where names or shapes differ */
export function loadTensors(
  loop: ReplayLoop,
  tensors: Readonly<Record<string, Tensor>>,
  { json, arrays }: Snapshot,
): void {
  loop.load({ json, arrays: withoutPrefix("loop/", arrays) });
  loadStateDict(tensors, withoutPrefix("own/", arrays));
}
