import type { DifferentiableEnv } from "../differentiable.ts";
import type { AnyEnv, Env, Json, ResetOptions, ResetResult, StepResult } from "../env.ts";
import type { FiniteMdp } from "../finite-mdp.ts";
import type { GoalRules } from "../goals/goal-rules.ts";
import type { EnvLabels } from "../labels.ts";
import type { OpponentSeat } from "../opponent-seat.ts";
import { readRecord } from "../packing.ts";

/** What a wrapper changes; everything else is the wrapped environment's. */
export interface WrapperParts<O, A> {
  observationSpace: Env<O, A>["observationSpace"];
  actionSpace: Env<O, A>["actionSpace"];
  reset(options: ResetOptions): ResetResult<O>;
  step(action: A): StepResult<O>;
  /** The wrapped environment's, where the wrapper changes nothing that it says. */
  model?: FiniteMdp | undefined;
  differentiable?: DifferentiableEnv | undefined;
  labels?: EnvLabels | undefined;
  stackedFrames?: number | undefined;
  goals?: GoalRules | undefined;
  opponentSeat?: OpponentSeat | undefined;
  /** State of the wrapper itself, where it has one. */
  own?: { state(): Json; restore(state: Json): void };
}

/** The environment that a wrapper stands around, for messages. */
const inner = new WeakMap<object, object>();

/**
 * An environment around another one. It draws, masks and saves itself where the wrapped one does; its state is
 * `{ wrapper, env }` where the wrapper has a state of its own, else the wrapped one's.
 */
export function wrap<O, A>(env: AnyEnv, parts: WrapperParts<O, A>): Env<O, A> {
  const { observationSpace, actionSpace, model, differentiable, labels, goals, stackedFrames } = parts;
  const { opponentSeat, reset, step, own } = parts;
  const { deterministic } = env;
  const known = {
    ...(deterministic && { deterministic }),
    ...(model && { model }),
    ...(differentiable && { differentiable }),
    ...(labels && { labels }),
    ...(stackedFrames && { stackedFrames }),
    ...(goals && { goals }),
    ...(opponentSeat && { opponentSeat }),
  };
  const wrapper: Env<O, A> = { observationSpace, actionSpace, ...known, reset, step };
  inner.set(wrapper, env);
  if (env.render) wrapper.render = (canvas) => env.render?.(canvas);
  if (env.actionMask) wrapper.actionMask = () => env.actionMask?.() ?? new Uint8Array(0);
  if (env.state && env.restore) {
    const stateOfEnv = () => env.state?.() ?? null;
    wrapper.state = own ? () => ({ wrapper: own.state(), env: stateOfEnv() }) : stateOfEnv;
    wrapper.restore = (state) => {
      if (!own) return env.restore?.(state);
      const record = readRecord("wrapper state", state);
      env.restore?.(record.env);
      own.restore(record.wrapper);
    };
  }
  return wrapper;
}

/** What messages call an environment: the class name of the innermost one. */
export function envName(env: object): string {
  const wrapped = inner.get(env);
  if (wrapped) return envName(wrapped);
  const name = env?.constructor?.name;
  return name && name !== "Object" ? name : "environment";
}
