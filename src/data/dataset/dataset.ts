import type { Json } from "../../envs/index.ts";
import { FormatError } from "../../errors.ts";
import { Box, type Space } from "../../spaces/index.ts";

/**
 * N transitions (s, a, r, s′) that some policy made in an environment, in the order in which they happened: episodes one after
 * another. Each ends with a row that is terminated or truncated, the last one too, so that a recording that stops within an
 * episode truncates it; within an episode, s′ of a row is s of the next.
 *
 * | symbol | meaning |
 * |---|---|
 * | F | `observationSpace.flatSize` |
 * | A | `actionSpace.actionSize` |
 * | M | `actionSpace.maskSize` |
 */
export interface Dataset {
  /** The environment that it was recorded in: a registered id, or a name. */
  readonly env: string;
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  /** Whatever is known of the policy. */
  readonly policy: Json;
  /** What the recording was seeded with. */
  readonly seed: number;
  /** `[N, F]` s, flat; bytes where the observation space is a Box of uint8. */
  readonly observations: Float32Array | Uint8Array;
  /** `[N, F]` s′, before any reset. */
  readonly nextObservations: Float32Array | Uint8Array;
  /** `[N, A]` a, encoded by `actionSpace.flattenAction`: choices count from 0. */
  readonly actions: Float32Array;
  /** `[N]` r, raw. */
  readonly rewards: Float32Array;
  /** `[N]` 1 where the task ended with this step. */
  readonly terminated: Uint8Array;
  /** `[N]` 1 where the episode was cut off after it. */
  readonly truncated: Uint8Array;
  /** `[N, M]` 1 where an action was allowed in s; left out where all were. */
  readonly masks?: Uint8Array | undefined;
}

/** Whether observations of a space are kept as bytes. */
export function hasBytes(space: Space<unknown>): boolean {
  return space instanceof Box && space.dtype === "uint8";
}

/**
 * Refuses what is no dataset, whoever made it.
 * @throws FormatError, one sentence that names the row
 */
export function checkDataset(dataset: Dataset): void {
  const { observationSpace, actionSpace, rewards, terminated, truncated, masks } = dataset;
  const count = rewards.length;
  if (count === 0) throw new FormatError("the dataset has no transitions");
  const bytes = hasBytes(observationSpace) ? Uint8Array : Float32Array;
  requireArray("observations", dataset.observations, bytes, count * observationSpace.flatSize);
  requireArray("nextObservations", dataset.nextObservations, bytes, count * observationSpace.flatSize);
  requireArray("actions", dataset.actions, Float32Array, count * actionSpace.actionSize);
  requireArray("rewards", rewards, Float32Array, count);
  requireArray("terminated", terminated, Uint8Array, count);
  requireArray("truncated", truncated, Uint8Array, count);
  if (masks) requireArray("masks", masks, Uint8Array, count * actionSpace.maskSize);
  for (const name of ["observations", "nextObservations", "rewards"] as const) {
    const bad = dataset[name].findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw fault(`${name}[${bad}]`, dataset[name][bad], "a finite number");
  }
  if (!terminated[count - 1] && !truncated[count - 1]) {
    throw new FormatError("the dataset's last transition must be terminated or truncated: nothing comes after it");
  }
  for (let row = 0; row < count; row++) checkRow(dataset, row);
}

function checkRow(dataset: Dataset, row: number): void {
  const { observationSpace, actionSpace, actions, terminated, truncated, masks } = dataset;
  const [ended, cut] = [terminated[row]!, truncated[row]!];
  if (ended > 1 || cut > 1 || ended + cut > 1) {
    throw fault(`terminated and truncated of row ${row}`, [ended, cut], "0 or 1, at most one of them 1");
  }
  const { actionSize, maskSize } = actionSpace;
  const action = actionSpace.unflattenAction(actions, row * actionSize);
  const mismatch = actionSpace.mismatch(action, `action of row ${row}`, true);
  if (mismatch) throw fault(mismatch.field, mismatch.value, mismatch.allowed);
  if (masks) checkMask(masks.subarray(row * maskSize, (row + 1) * maskSize), dataset, row, action);
  if (ended || cut) return;
  const { flatSize } = observationSpace;
  const end = (row + 1) * flatSize;
  for (let i = 0; i < flatSize; i++) {
    if (dataset.nextObservations[end - flatSize + i] === dataset.observations[end + i]) continue;
    const allowed = "the observation of the next row, or the row truncated";
    throw fault(`nextObservations of row ${row}`, dataset.nextObservations[end - flatSize + i], allowed);
  }
}

/** Masks of a space with several choices hold their parts one after another; the action's entries must be allowed. */
function checkMask(mask: Uint8Array, { actionSpace, actions }: Dataset, row: number, action: unknown): void {
  if (!mask.every((entry) => entry <= 1)) throw fault(`masks of row ${row}`, mask, "0 or 1");
  const { actionSize } = actionSpace;
  const sizes = "nvec" in actionSpace ? (actionSpace.nvec as readonly number[]) : [actionSpace.maskSize];
  let first = 0;
  for (let k = 0; k < actionSize; k++) {
    if (mask[first + actions[row * actionSize + k]!] !== 1) {
      throw fault(`action of row ${row}`, action, "one that its mask allows");
    }
    first += sizes[k]!;
  }
}

function requireArray(name: string, value: unknown, type: new (n: number) => ArrayLike<number>, length: number): void {
  if (value instanceof type && value.length === length) return;
  throw fault(name, value, `a ${type.name} of ${length} numbers`);
}

function fault(field: string, value: unknown, allowed: string): FormatError {
  return new FormatError({ field: `dataset ${field}`, value, allowed });
}
