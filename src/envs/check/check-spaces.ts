import { show } from "../../errors.ts";
import { Box, type Space } from "../../spaces/index.ts";
import type { AnyEnv } from "../env.ts";
import type { Findings } from "./finding.ts";

/** Spaces and methods are there. @returns whether the environment can be played at all */
export function checkParts(env: unknown, findings: Findings): env is AnyEnv {
  if (typeof env !== "object" || env === null) {
    const fix = "Give an object with observationSpace, actionSpace, reset and step, or a function that makes one.";
    findings.add("error", "env", `the environment must be an object; got ${show(env)}`, fix);
    return false;
  }
  const parts = env as Record<string, unknown>;
  for (const field of ["observationSpace", "actionSpace"]) {
    if (isSpace(parts[field])) continue;
    const fix = "Use Discrete, MultiDiscrete, MultiBinary, Box or Dict.";
    findings.add("error", field, `${field} must be a space; got ${show(parts[field])}`, fix);
  }
  for (const field of ["reset", "step"]) {
    if (typeof parts[field] === "function") continue;
    findings.add("error", field, `${field} must be a method; got ${show(parts[field])}`, `Add a method ${field}.`);
  }
  for (const field of ["render", "actionMask", "state", "restore"]) {
    if (parts[field] === undefined || typeof parts[field] === "function") continue;
    const fix = `Make ${field} a method or leave it out.`;
    findings.add("error", field, `${field} must be a method or left out; got ${show(parts[field])}`, fix);
  }
  if ((parts.state === undefined) !== (parts.restore === undefined)) {
    const [there, missing] = parts.state ? ["state", "restore"] : ["restore", "state"];
    findings.add("error", missing, `${there} is there, but ${missing} is not`, `Add ${missing}, or leave out both.`);
  }
  return !findings.list.some((finding) => finding.severity === "error");
}

/** What a policy will find hard about an action space. */
export function checkActionSpace(space: Space<unknown>, findings: Findings): void {
  if (space.kind === "dict") {
    const fix = "Use Discrete, MultiDiscrete, MultiBinary or Box.";
    findings.add("error", "actionSpace", "no algorithm chooses actions from a Dict", fix);
  }
  if (!(space instanceof Box)) return;
  if (!space.bounded) {
    const fix = "Give finite bounds, so that actions can be scaled and exploration stays within reason.";
    findings.add("warning", "actionSpace", "the action space has infinite bounds", fix);
  } else if (space.low.some((low) => low !== -1) || space.high.some((high) => high !== 1)) {
    const fix = "Wrap the environment in actionRescale, if learning is slow.";
    findings.add("info", "actionSpace", "actions do not run from −1 to 1, where a new policy explores", fix);
  }
}

function isSpace(value: unknown): value is Space<unknown> {
  const space = value as Partial<Space<unknown>> | null | undefined;
  return (
    typeof space?.mismatch === "function" && typeof space.flatten === "function" && Number.isInteger(space.flatSize)
  );
}
