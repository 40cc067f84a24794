/** What the doctor says: one thing that may be wrong, what speaks for it, what to try, and how to see whether that helped. */

/** What may be at fault, from the outside of a run to its inside. */
export const parts = [
  /** Its contract, numbers that are none among it. */
  "environment",
  "seeding",
  "actions",
  "termination",
  "observation scale",
  "reward scale",
  /** Of the network: what never was alive learns nothing; what died in training stands last, by its certainty. */
  "hidden units",
  /** Of the learner: see the rungs of `probes/ladder.ts`. */
  "value loss",
  "observations in the network",
  "bootstrapping",
  "truncation",
  "policy gradient",
  "actions by observation",
  /** What hyperparameters set; `hyperparameter` names the one that is to blame. */
  "learning rate",
  "target network",
  "exploration",
  "hyperparameters",
  /** What follows from all of these. */
  "divergence",
  "step of the policy",
  "critic",
] as const;
export type Part = (typeof parts)[number];

/**
 * certain: a measurement that the contract rules out; likely: one that healthy runs do not show; possible: one that some of them do.
 */
export const certainties = ["certain", "likely", "possible"] as const;
export type Certainty = (typeof certainties)[number];

/** A number and what it is compared with. */
export interface Evidence {
  readonly what: string;
  readonly measured: number | string;
  readonly expected: string;
}

export interface Diagnosis {
  readonly part: Part;
  /** Which one, where a hyperparameter is to blame. */
  readonly hyperparameter?: string;
  readonly certainty: Certainty;
  /** In one sentence. */
  readonly finding: string;
  readonly evidence: readonly Evidence[];
  /** What to try, in one sentence. */
  readonly remedy: string;
  /** The words of a command behind `limpid` that shows whether it helped. */
  readonly confirm: readonly string[];
}

/**
 * The most likely cause first: what is certain before what is likely, and of those the parts that others depend on. Wrong data
 * spoil every learner, a wrong learner every hyperparameter, and a wrong hyperparameter shows in units and entropies.
 */
export function inOrder(diagnoses: readonly Diagnosis[]): Diagnosis[] {
  const rank = ({ certainty, part }: Diagnosis) => certainties.indexOf(certainty) * parts.length + parts.indexOf(part);
  return diagnoses.toSorted((a, b) => rank(a) - rank(b));
}

/** The words of a command that examines a run once more, with another value of a hyperparameter. */
export function withValue(again: readonly string[], field: string, value: string | number): string[] {
  const isOld = (word: string | undefined) => word?.startsWith(`${field}=`) === true;
  const kept = again.filter((word, i) => !isOld(word) && !(word === "--set" && isOld(again[i + 1])));
  return [...kept, `${field}=${value}`];
}
