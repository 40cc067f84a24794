/**
 * The one seam between learning and looking. A learner that is given a listener describes each kind of gradient step to it
 * once, when it records the step, and says when one is about to be taken and when it was; without a listener nothing of this
 * exists. A listener reads tensors and changes none, so that a run is the same, bit for bit, with it and without.
 */
import type { Distribution } from "../distributions/index.ts";
import type { BatchEnv } from "../envs/index.ts";
import type { Optimiser, Parameters } from "../nn/index.ts";
import type { Gradients, Tensor } from "../tensor/index.ts";

/** A gradient step as a learner's plans hold it. All tensors lie in the memory of a plan that has run when the step is near. */
export interface GradientStep {
  /** Which of a learner's steps it is: "update" where there is one kind, else "actor", "critic" … */
  readonly name: string;
  /** B: rows of the minibatch. */
  readonly batch: number;
  /** How many of them are samples, the first ones; left out: all. The rest fills up and weighs nothing. */
  readonly count?: () => number;
  /** Of the loss that the step follows. */
  readonly gradients: Gradients;
  readonly optimiser: Optimiser;
  /**
   * Terms of the loss by name, one number `[B]` for each sample, before they are weighed and summed. Every way from the
   * parameters to the loss leads through exactly one of them.
   */
  readonly terms: Readonly<Record<string, Tensor>>;
  /** `[B, F]` what the network reads. */
  readonly observations: Tensor;
  /** `[B, …action]` actions that were taken, and the policy that acts in these states, computed anew when this is called. */
  readonly actions?: Tensor;
  readonly policy?: () => Distribution;
  /** The best actions, as `actions`; left out: the mode of `policy`. */
  readonly greedy?: () => Tensor;
  /** `[B]` whether exploration drew the action at random when it was taken, the best one by chance included; undefined: unknown. */
  readonly drawn?: () => readonly (boolean | undefined)[] | undefined;
  /** `[B]` what the policy's term weighs log π by, or the TD error. */
  readonly advantages?: Tensor;
  /** `[B]` π / π of collection, and how far from 1 it may be (ε). */
  readonly ratios?: Tensor;
  readonly clipRange?: Tensor;
  /** `[B]` or `[B, 1]` what the critic says, with its gradient, and what it should say. */
  readonly values?: Tensor;
  readonly targets?: Tensor;
  /** V of what environments show, or of what the network reads of it, `[N, F]`; or the Q of the best action there, `[N]`, of returns discounted by γ. */
  readonly judge?: (observations: Tensor) => Tensor;
  readonly gamma?: number;
  /** Parameters of the target network, by the optimiser's names; left out where there is none. */
  readonly target?: Parameters;
}

/** Called around each run of a step. */
export interface StepListener {
  /** The gradient is there, the parameters are still as they were. */
  before(): void;
  /** The parameters have moved. */
  after(): void;
}

export interface TrainingListener {
  /**
   * Called before the environments' first reset by a learner whose network reads less than what is observed: `read` makes one of
   * the other, and the observations of its steps are what it gives.
   */
  reads?(read: (observations: Tensor) => Tensor): void;
  /** Called where a step is recorded. */
  watch(step: GradientStep): StepListener;
  /** After every step and reset of the environments; `isFresh` after a reset of all. */
  observed(env: BatchEnv, isFresh: boolean): void;
  /** Around every iteration, with the environment steps taken so far. */
  iterationBegins(step: number): void;
  iterationEnded(step: number): void;
}

/** Tells it what the network reads, where that is less than what is observed. */
export function tellReads(listener: TrainingListener | undefined, network: Reader, env: BatchEnv): void {
  if (network.inputSize < env.observationSpace.flatSize) listener?.reads?.((states) => network.read(states));
}

interface Reader {
  readonly inputSize: number;
  read(observations: Tensor): Tensor;
}

interface Runnable {
  run(): unknown;
}

/** The application of a gradient step, with the listener told before and after; without one it stays as it is. */
export function watched(apply: Runnable, listener: TrainingListener | undefined, step: () => GradientStep): Runnable {
  if (listener === undefined) return apply;
  const { before, after } = listener.watch(step());
  return {
    run() {
      before();
      apply.run();
      after();
    },
  };
}
