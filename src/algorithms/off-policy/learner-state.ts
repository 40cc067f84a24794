import { loadStateDict, stateDict } from "../../nn/index.ts";
import type { Tensor } from "../../tensor/index.ts";
import type { Snapshot } from "../algorithm.ts";
import { prefixed } from "../snapshot.ts";
import { type ReplayLoop, withoutPrefix } from "./replay-loop.ts";

/** A snapshot of a learner: its loop, its tensors beside the policy's, and what else it has, as plain JSON. */
export function saveLearner<J extends Snapshot["json"]>(
  loop: ReplayLoop,
  tensors: Readonly<Record<string, Tensor>>,
  own: J,
): Snapshot {
  const { json, arrays } = loop.save();
  return { json: { loop: json, own }, arrays: { ...prefixed("loop/", arrays), ...stateDict({ ...tensors }) } };
}

/** Goes on from such a snapshot, and returns the JSON. @throws FormatError where names or shapes differ */
export function loadLearner<J>(loop: ReplayLoop, tensors: Readonly<Record<string, Tensor>>, snapshot: Snapshot): J {
  const { loop: json, own } = snapshot.json as { loop: Snapshot["json"]; own: J };
  loop.load({ json, arrays: withoutPrefix("loop/", snapshot.arrays) });
  const rest = Object.entries(snapshot.arrays).filter(([name]) => !name.startsWith("loop/"));
  loadStateDict({ ...tensors }, Object.fromEntries(rest));
  return own;
}
