/**
 * One small family of typed errors. Every message is one sentence that names the field, the value and what is allowed,
 * for example `steps must be a positive integer; got "-5"`.
 */

export interface Fault {
  /** What is wrong, as the user would name it: a hyperparameter, a file's field, an argument. */
  readonly field: string;
  /** The offending value. */
  readonly value?: unknown;
  /** What is allowed, phrased to follow "must be": `a positive integer`, `one of "ppo", "reinforce"`. */
  readonly allowed: string;
  /** What to do about it, as one more sentence. */
  readonly fix?: string;
}

/** Base of every error that limpid throws on purpose; a command prints its message and never its stack. */
export class LimpidError extends Error {
  readonly field: string | undefined;
  readonly value: unknown;
  readonly allowed: string | undefined;
  /** Exit status of the command line: 2 for what the user gave wrong, 1 for a failure while running. */
  readonly exitCode: 1 | 2 = 1;

  constructor(fault: Fault | string, options?: ErrorOptions) {
    super(typeof fault === "string" ? fault : sentence(fault), options);
    this.name = new.target.name;
    if (typeof fault !== "string") {
      this.field = fault.field;
      this.value = fault.value;
      this.allowed = fault.allowed;
    }
  }
}

/** A hyperparameter, argument or option that the user gave is wrong. */
export class ConfigError extends LimpidError {
  override readonly exitCode = 2;
}

/** A tensor, observation or action of the wrong shape, dtype or lifetime. */
export class ShapeError extends LimpidError {}

/** A file or byte string that does not follow its format; nothing was loaded from it. */
export class FormatError extends LimpidError {
  override readonly exitCode = 2;
}

/** An environment that broke its contract while running (NaN, a wrong shape, a step after the end). */
export class EnvironmentError extends LimpidError {}

/** Training could not go on: the numbers left the finite range, or the machine refused (disk full, no permission). */
export class RunError extends LimpidError {}

/** The engine's memory does not hold what was asked for. */
export class MemoryError extends RunError {}

function sentence({ field, value, allowed, fix }: Fault): string {
  const got = value === undefined ? "" : `; got ${show(value)}`;
  return `${field} must be ${allowed}${got}${fix ? `. ${fix}` : ""}`;
}

/** A value as a short piece of text for a message: JSON where it can be, cut where it is long. */
export function show(value: unknown): string {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const items = value as unknown as { length: number; subarray(from: number, to: number): ArrayLike<number> };
    const first = Array.from(items.subarray(0, 6)).join(", ");
    return `${value.constructor.name}(${items.length}) [${first}${items.length > 6 ? ", …" : ""}]`;
  }
  const text = asJson(value) ?? asString(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

/** Undefined for what JSON does not have (functions, circles) and for nesting that exhausts the stack. */
function asJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_key, v) => (typeof v === "number" && !Number.isFinite(v) ? String(v) : v));
  } catch {
    return undefined;
  }
}

/** The value may come from a hostile file or have a toString of its own: an error message must not fail. */
function asString(value: unknown): string {
  try {
    return String(value);
  } catch {
    return Array.isArray(value) ? "a deeply nested array" : `a value of type ${typeof value}`;
  }
}

/**
 * @internal Throws ConfigError for an option that does not exist: a mistyped name would silently mean its default.
 * @param owner what has the options: `adam`, `evaluate`
 */
export function refuseUnknown(owner: string, options: unknown, known: readonly string[]): asserts options is object {
  if (typeof options !== "object" || options === null) {
    const allowed = `an object with any of ${known.join(", ")}`;
    throw new ConfigError({ field: `the options of ${owner}`, value: options, allowed });
  }
  const field = Object.keys(options).find((name) => !known.includes(name));
  if (field === undefined) return;
  const near = nearest(field, known);
  const allowed = `left out, because ${owner} has no such option`;
  throw new ConfigError({ field, allowed, fix: near ? `Did you mean "${near}"?` : `It has ${known.join(", ")}.` });
}

/**
 * @internal The candidate that is nearest to a mistyped name by edit distance (Levenshtein 1966), letter case aside, or
 * that has the name as its initials (`lr`: `learningRate`), or undefined where more than half of it would have to change.
 */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  let best = candidates.find((candidate) => name.length > 1 && initials(candidate) === name.toLowerCase());
  let least = best === undefined ? Infinity : 1;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least && distance <= candidate.length / 2) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** `lr` of `learningRate`. */
function initials(name: string): string {
  return (name.match(/^[a-z]|[A-Z]/g) ?? []).join("").toLowerCase();
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, substitution));
    }
    row = next;
  }
  return row[b.length];
}
