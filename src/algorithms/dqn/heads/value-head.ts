import type { TransitionBatch } from "../../../data/index.ts";
import type { Tensor } from "../../../tensor/index.ts";

/** What is known of B transitions when a loss is computed from them. */
export interface HeadInputs {
  /** `[B, K]` what the network says of the actions taken. */
  readonly chosen: Tensor;
  /** `[B, K]` what the target network says of the best next actions; no gradient. */
  readonly next: Tensor;
  /** `[B]` see `TransitionBatch`. */
  readonly returns: TransitionBatch["returns"];
  readonly discounts: TransitionBatch["discounts"];
}

/** What comes out, `[B]` each. */
export interface HeadLosses {
  /** One loss for each transition. */
  readonly losses: Tensor;
  /** How wrong the network was about each, of any sign: what prioritised replay goes by. */
  readonly errors: Tensor;
  /** What the values should have been, where these are numbers. */
  readonly targets?: Tensor;
}

/** What the numbers mean that a network puts out for each action, and how they are learned. */
export interface ValueHead {
  /** K: numbers for each action. */
  readonly size: number;
  /** Q of such numbers: `[…, K]` to `[…]`. */
  values(outputs: Tensor): Tensor;
  /** The loss of each transition against the target that its reward and next outputs make. */
  losses(inputs: HeadInputs): HeadLosses;
}
