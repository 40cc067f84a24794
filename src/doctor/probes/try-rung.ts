/** A learner on one probe, with hyperparameters of a run: does it learn what the probe asks for? */
import { ActorCriticPolicy, type Policy } from "../../algorithms/index.ts";
import { RunError } from "../../errors.ts";
import { makeSchedule, scheduleSchema } from "../../nn/index.ts";
import { type ResolvedConfig, train } from "../../training/index.ts";
import type { Evidence } from "../diagnosis.ts";
import { type ExpectedValue, indexOf, makeProbe, type ProbeForm, type Rung } from "./ladder.ts";
import { readValue } from "./read-value.ts";

/**
 * Gradient steps that a probe gets. Adam moves a weight by about the learning rate in each, so at a rate of 1e-4 the value of an observation
 * moves by some thousandths a step, and a value of 1 takes some hundred steps.
 */
const UPDATES = 2000;
/** Where gradient steps are rare or not counted. */
const STEPS = 100_000;
const STEPS_UNCOUNTED = 20_000;
/** Gradient steps for which a policy must stay undecided where it should. */
const UNDECIDED_UPDATES = 300;
/** Of a policy's sampled actions: how many are looked at, and which share may be the same. */
const SAMPLES = 100;
const DECIDED = 0.97;
/** It must know the answer at so many looks in a row. */
const LOOKS = 2;

export interface Attempt {
  /** Undefined where the learner has nothing that could be judged. */
  readonly passed: boolean | undefined;
  readonly evidence: readonly Evidence[];
}

export function tryRung(rung: Rung, run: ResolvedConfig, form: ProbeForm): Attempt {
  const config = probeConfig(rung, run);
  if (rung.undecided && !(hasEntropyBonus(config) && form.actions === "discrete"))
    return { passed: undefined, evidence: [] };
  const answer = rung.values
    ? valueAnswer(rung.values(config.gamma))
    : rung.actions
      ? actionAnswer(rung.actions, form)
      : undecidedAnswer(form);
  const patience = rung.undecided ? UNDECIDED_UPDATES : 0;
  try {
    const training = train(config, { makeEnv: () => makeProbe(rung, form) });
    let inARow = 0;
    while (!training.done) {
      const { step, metrics } = training.iterate();
      const found = answer(training.policy);
      if (!found) return { passed: undefined, evidence: [] };
      const updates = metrics["update/count"];
      inARow = found.right && (updates ?? patience) >= patience ? inARow + 1 : 0;
      const isOver = updates === undefined ? step >= STEPS_UNCOUNTED : updates >= UPDATES || step >= STEPS;
      if (inARow >= LOOKS || (isOver && found.right)) return { passed: true, evidence: found.evidence };
      if (isOver) return { passed: false, evidence: found.evidence };
    }
    const found = answer(training.policy);
    return { passed: found?.right, evidence: found?.evidence ?? [] };
  } catch (error) {
    // Numbers that left the finite range are an answer too.
    if (!(error instanceof RunError)) throw error;
    const expected = "numbers that stay finite";
    return { passed: false, evidence: [{ what: `training on ${rung.name}`, measured: error.message, expected }] };
  }
}

/** Whether the entropy has a weight when the run begins: a number, or a schedule. */
function hasEntropyBonus({ entCoef }: ResolvedConfig): boolean {
  const parsed = scheduleSchema.safeParse(entCoef);
  return parsed.success && makeSchedule(parsed.data)(1) > 0;
}

interface Answer {
  readonly right: boolean;
  readonly evidence: readonly Evidence[];
}

/** Whether values are nearer to right than to wrong, and not as far beyond. */
function valueAnswer(expected: readonly ExpectedValue[]) {
  return (policy: Policy): Answer | undefined => {
    const values = expected.map(({ observation }) => readValue(policy, observation));
    if (values.includes(undefined)) return undefined;
    const progress = expected.map(({ right, wrong }, i) => (values[i]! - wrong) / (right - wrong));
    return {
      right: progress.every((part) => part > 0.5 && part < 2),
      evidence: expected.map(({ observation, right, wrong }, i) => ({
        what: `value of observation ${observation}`,
        measured: values[i]!,
        expected: `about ${right}; ${wrong} where the part does not work`,
      })),
    };
  };
}

/** Whether the action that is taken for the best is. */
function actionAnswer(expected: NonNullable<Rung["actions"]>, { actions, observations }: ProbeForm) {
  return (policy: Policy): Answer => {
    const taken = expected.map(({ observation }) => {
      policy.reset?.();
      const seen = observations === "discrete" ? indexOf(observation) : [observation];
      const action = policy.act(seen, { deterministic: true });
      return actions === "discrete" ? 2 * Number(action) - 1 : Number((action as ArrayLike<number>)[0]);
    });
    return {
      right: expected.every(({ best }, i) => taken[i]! * best > 0.5),
      evidence: expected.map(({ observation, best }, i) => ({
        what: `best action for observation ${observation}, by the policy`,
        measured: taken[i]!,
        expected: `about ${best}`,
      })),
    };
  };
}

/** Whether sampled actions differ still. */
function undecidedAnswer({ observations }: ProbeForm) {
  return (policy: Policy): Answer | undefined => {
    // What explores besides its policy has no entropy of its own.
    if (!(policy instanceof ActorCriticPolicy)) return undefined;
    const seen = observations === "discrete" ? indexOf(1) : [1];
    let first = 0;
    for (let i = 0; i < SAMPLES; i++) first += policy.act(seen) === 0 ? 1 : 0;
    const share = Math.max(first, SAMPLES - first) / SAMPLES;
    const what = "share of the more frequent of two actions that are paid alike";
    return { right: share < DECIDED, evidence: [{ what, measured: share, expected: "about 0.5" }] };
  };
}

/**
 * The run's hyperparameters, but for what belongs to its environment: scales, ranges, goals. What is counted in steps of the run shrinks
 * with it: a target network that is never copied in the run is never copied here. A short run is no fault of the learner: a probe gets
 * enough steps all the same.
 */
export function probeConfig({ gamma }: Rung, run: ResolvedConfig): ResolvedConfig {
  const of = (field: string) => (typeof run[field] === "number" ? (run[field] as number) : undefined);
  const batchSize = of("batchSize") ?? 1;
  const own: Record<string, unknown> = {
    ...{ env: "a probe", normalizeObservation: false, normalizeReward: false, pooling: 1, sparseInput: false },
    ...{ steps: Math.max(run.steps, STEPS_UNCOUNTED) },
    ...{ vMin: -4, vMax: 4, replayStrategy: "none", dataset: null, learningStarts: 2 * batchSize },
  };
  const interval = of("targetUpdateInterval");
  if (interval !== undefined && run.targetNetwork === "copy") {
    const gradientSteps = of("gradientSteps") ?? 1;
    const perRound = (of("trainFreq") ?? 1) * (run.nEnvs ?? 1);
    const steps = (UPDATES * perRound) / (gradientSteps === -1 ? perRound : gradientSteps);
    own.targetUpdateInterval = Math.ceil(interval * Math.min(1, steps / run.steps));
  }
  const fields = Object.fromEntries(Object.entries(own).filter(([field]) => field in run));
  return { ...run, ...fields, ...(gamma !== undefined && { gamma }) };
}
