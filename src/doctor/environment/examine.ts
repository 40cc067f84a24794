/** What is wrong with an environment: what the checker finds, and what takes longer play to see. */
import { type Finding, Findings } from "../../envs/check/finding.ts";
import { Stopped } from "../../envs/check/probe.ts";
import { type AnyEnv, checkEnv } from "../../envs/index.ts";
import type { Diagnosis, Part } from "../diagnosis.ts";
import { stepsWithoutEffect } from "./actions.ts";
import { type Endings, mistakenFlag } from "./endings.ts";
import { type Played, playRandomly } from "./play.ts";
import { smallObservations } from "./scale.ts";

export interface EnvironmentSubject {
  readonly name: string;
  readonly makeEnv: () => AnyEnv;
  readonly seed: number;
  /** Whether the run scales these itself. */
  readonly normalizesObservations: boolean;
  readonly normalizesRewards: boolean;
  /** Whether a better policy is looked for: then actions must matter. */
  readonly improves: boolean;
  /** The words of the command that examines it once more. */
  readonly again: readonly string[];
}

export interface ExaminedEnvironment {
  readonly diagnoses: readonly Diagnosis[];
  /** With random actions; undefined where it cannot be played. */
  readonly played?: Played;
}

export function examineEnvironment(subject: EnvironmentSubject): ExaminedEnvironment {
  const { makeEnv, seed } = subject;
  const checked = checkEnv(makeEnv, { seed: seed + 1 }).filter((finding) => counts(finding, subject));
  const diagnoses = checked.map((finding) => fromChecker(finding, subject));
  // Whoever breaks the contract cannot be played on.
  if (checked.some(({ severity }) => severity === "error")) return { diagnoses };
  // The checker plays for a while, this for longer: what breaks the contract late is seen here alone.
  const late = new Findings();
  const played = untilStopped(() => playRandomly(makeEnv(), seed, late));
  const steps = subject.improves && played ? untilStopped(() => stepsWithoutEffect(makeEnv(), seed, late)) : undefined;
  const breaches = late.list.filter(({ severity }) => severity === "error");
  if (!played || breaches.length > 0) {
    return { diagnoses: [...diagnoses, ...breaches.map((finding) => fromChecker(finding, subject))] };
  }
  const flag = mistakenFlag(played);
  if (flag) diagnoses.push(aboutFlag(flag, subject));
  if (steps !== undefined) diagnoses.push(aboutActions(steps, subject));
  const small = subject.normalizesObservations ? undefined : smallObservations(played);
  if (small !== undefined) diagnoses.push(aboutSmallObservations(small, subject));
  return { diagnoses, played };
}

/** Undefined where the environment broke off; why is among the findings. */
function untilStopped<T>(play: () => T): T | undefined {
  try {
    return play();
  } catch (error) {
    if (error instanceof Stopped) return undefined;
    throw error;
  }
}

/** What the checker merely mentions is no fault, and what the run scales itself neither. */
function counts(
  { severity, field }: Finding,
  { normalizesObservations, normalizesRewards }: EnvironmentSubject,
): boolean {
  if (severity === "info") return false;
  if (field === "observation scale") return !normalizesObservations;
  if (field === "reward scale") return !normalizesRewards;
  // Bounds that are exceeded or infinite, and episodes that are long, are no reason for learning nothing.
  return severity === "error" || field.startsWith("reset");
}

const PARTS: Readonly<Record<string, Part>> = {
  "observation scale": "observation scale",
  "reward scale": "reward scale",
  "reset.seed": "seeding",
  reset: "seeding",
  deterministic: "seeding",
};

function fromChecker({ severity, field, message, fix }: Finding, { name, again }: EnvironmentSubject): Diagnosis {
  const isThrown = severity === "error" && / threw /.test(message);
  return {
    part: isThrown ? "environment" : (PARTS[field] ?? "environment"),
    certainty: severity === "error" ? "certain" : "likely",
    finding: `${name}: ${message}`,
    evidence: [{ what: field, measured: message, expected: "what limpid check-env does not report" }],
    remedy: fix,
    confirm: again,
  };
}

function aboutFlag(found: Endings, { name, again }: EnvironmentSubject): Diagnosis {
  const { flag, episodes, shortest, longest, toldApart } = found;
  const share = { what: "final observations told apart from others by their nearest neighbour", measured: toldApart };
  if (flag === "truncated") {
    return {
      part: "termination",
      certainty: "likely",
      finding: `${name} reports truncated where the task itself ends, so that values go on behind the end`,
      evidence: [
        {
          what: "lengths of truncated episodes",
          measured: `${shortest} to ${longest} steps, ${episodes} episodes`,
          expected: "one length, that of the time limit",
        },
        { ...share, expected: "about 0.5: a time limit is not seen in the state" },
      ],
      remedy: "Report terminated where the task is won, lost or over, and truncated only at a time limit.",
      confirm: again,
    };
  }
  return {
    part: "termination",
    certainty: "likely",
    finding: `${name} reports terminated at what looks like a time limit, so that nothing seems worth doing shortly before`,
    evidence: [
      {
        what: "lengths of terminated episodes",
        measured: `${longest} steps, all ${episodes} episodes`,
        expected: "various, as the task ends earlier or later",
      },
      { ...share, expected: "near 1: an end of the task is seen in the state" },
    ],
    remedy:
      "Report truncated at a time limit, for example by timeLimit(env, steps); or show the time in the observation.",
    confirm: again,
  };
}

function aboutActions(steps: number, { name, again }: EnvironmentSubject): Diagnosis {
  return {
    part: "actions",
    certainty: "certain",
    finding: `Actions change nothing in ${name}`,
    evidence: [
      {
        what: "steps until other actions, with the same seed, led to another observation, reward or end",
        measured: `none within ${steps}`,
        expected: "few",
      },
    ],
    remedy: "Look whether step uses its argument, and whether a wrapper passes it on.",
    confirm: again,
  };
}

function aboutSmallObservations(largest: number, { name, again }: EnvironmentSubject): Diagnosis {
  return {
    part: "observation scale",
    certainty: "likely",
    finding: `Observations of ${name} are so small that a network sees one and the same`,
    evidence: [{ what: "largest entry of an observation", measured: largest, expected: "about 1" }],
    remedy: "Multiply them to about −1 … 1, or train with normalizeObservation.",
    confirm: again,
  };
}
