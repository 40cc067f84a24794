/** `limpid list`: what there is, and what it means. */

import type { Algorithm } from "../algorithms/algorithm.ts";
import { algorithms } from "../algorithms/registry.ts";
import { envDescription, envIds, envSpec, loadEnv } from "../envs/index.ts";
import { ConfigError, nearest } from "../errors.ts";
import { labs } from "../labs/index.ts";
import type { SpaceKind } from "../spaces/index.ts";
import { describeFields, metrics } from "../training/index.ts";
import { Output } from "./output.ts";

const KINDS = ["algorithms", "envs", "metrics", "labs"] as const;
type Kind = (typeof KINDS)[number];

const ACTIONS: readonly SpaceKind[] = ["discrete", "multi-discrete", "multi-binary", "box"];
const MASKED: readonly SpaceKind[] = ["discrete", "multi-discrete"];
const OBSERVATIONS: readonly SpaceKind[] = [...ACTIONS, "dict"];

/** @param what a kind of things, or one algorithm by its name; everything where it is left out */
export async function listCommand(what: string | undefined, options: { readonly json?: boolean }): Promise<number> {
  const output = new Output(options.json);
  if (what !== undefined && Object.hasOwn(algorithms, what)) {
    output.say(describe(algorithms[what]!));
    output.result(dataOf(algorithms[what]!));
    return 0;
  }
  const kinds = what === undefined ? KINDS : [kindOf(what)];
  for (const kind of kinds) output.say(`${what === undefined ? `${kind}:\n` : ""}${PRINTED[kind]()}\n`);
  if (!options.json) return 0;
  const data = await Promise.all(kinds.map(async (kind) => [kind, await DATA[kind]()] as const));
  output.result(what === undefined ? Object.fromEntries(data) : data[0][1]);
  return 0;
}

const DATA: Readonly<Record<Kind, () => unknown>> = {
  algorithms: () => Object.values(algorithms).map(dataOf),
  envs: () => Promise.all(envIds().map(dataOfEnv)),
  metrics: () => metrics,
  labs: () => Object.values(labs).map(({ name, question, criterion }) => ({ name, question, criterion })),
};

const PRINTED: Readonly<Record<Kind, () => string>> = {
  algorithms: () =>
    [
      ...Object.values(algorithms).map(({ name, summary }) => `  ${name}: ${summary}`),
      "",
      suitability(),
      "",
      "  limpid list <algorithm> shows its hyperparameters.",
    ].join("\n"),
  envs: () =>
    envIds()
      .map((id) => `  ${id}: ${envDescription(id).description}`)
      .join("\n"),
  metrics: () =>
    metrics
      .map(({ name, definition, unit, range, whatChangesIt }) =>
        [`  ${name} [${unit}]`, definition, `Expect: ${range}`, `Changed by: ${whatChangesIt}`].join("\n    "),
      )
      .join("\n"),
  labs: () =>
    Object.values(labs)
      .map(({ name, question }) => `  ${name}: ${question}`)
      .join("\n"),
};

/** Without its spaces where the library that it needs is not installed. */
async function dataOfEnv(id: string) {
  const { description, source, maxEpisodeSteps, rewardThreshold } = envDescription(id);
  const facts = { id, description, source, maxEpisodeSteps, rewardThreshold };
  try {
    await loadEnv(id);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { ...facts, needs: error.message };
  }
  const { observationSpace, actionSpace } = envSpec(id).create({});
  return { ...facts, observationSpace, actionSpace };
}

function dataOf(algorithm: Algorithm) {
  const {
    name,
    summary,
    source,
    actionSpaces,
    observationSpaces = OBSERVATIONS,
    needs = null,
    accepts = null,
  } = algorithm;
  const { presets } = algorithm;
  const masks = keepsToMasks(algorithm);
  const hyperparameters = describeFields(algorithm);
  return { name, summary, source, actionSpaces, observationSpaces, masks, needs, accepts, presets, hyperparameters };
}

/** Whether it keeps to action masks; null where it takes no actions that could have any. */
function keepsToMasks({ actionSpaces, masks }: Algorithm): boolean | null {
  return actionSpaces.some((kind) => MASKED.includes(kind)) ? masks !== false : null;
}

/** One algorithm with all its hyperparameters. */
function describe(algorithm: Algorithm): string {
  const { name, summary, source, actionSpaces, observationSpaces, needs, accepts, presets } = algorithm;
  const fields = Object.entries(describeFields(algorithm)).map(([field, { allowed, default: value, about }]) => {
    const given = value === undefined ? "required" : `default ${JSON.stringify(value)}`;
    return `  ${field} (${allowed}; ${given})\n    ${about}`;
  });
  return [
    `${name}: ${summary}`,
    `  source: ${source}`,
    `  actions: ${actionSpaces.join(", ")}`,
    `  observations: ${observationSpaces?.join(", ") ?? "all"}`,
    ...(keepsToMasks(algorithm) === null
      ? []
      : [`  action masks: ${keepsToMasks(algorithm) ? "kept to" : "not kept to"}`]),
    ...(needs
      ? [`  needs: ${needs === "dataset" ? "a dataset, see limpid record" : `an environment with ${needs}`}`]
      : []),
    ...(accepts ? ["  learns from a dataset too, in the place of its own steps, see limpid record"] : []),
    `  tuned for: ${Object.keys(presets).join(", ") || "none"}`,
    ...fields,
  ].join("\n");
}

/** Which algorithm takes which actions and observations, and whether it keeps to action masks, as a table. */
function suitability(): string {
  const mark = (suits: boolean | null) => (suits ? "yes" : "·");
  const rows = Object.values(algorithms).map((algorithm) => {
    const { name, actionSpaces, observationSpaces = OBSERVATIONS, needs = "" } = algorithm;
    return [
      name,
      ...ACTIONS.map((kind) => mark(actionSpaces.includes(kind))),
      mark(keepsToMasks(algorithm)),
      ...OBSERVATIONS.map((kind) => mark(observationSpaces.includes(kind))),
      needs,
    ];
  });
  const header = ["", ...ACTIONS, "masks", ...OBSERVATIONS, "needs"];
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join("  ")}`.trimEnd();
  const width = (from: number, to: number) => widths.slice(from, to).reduce((sum, w) => sum + w + 2, -2);
  const actions = "actions".padEnd(width(1, 2 + ACTIONS.length));
  const groups = `  ${" ".repeat(widths[0]!)}  ${actions}  observations`;
  return [groups, line(header), ...rows.map(line)].join("\n");
}

function kindOf(what: string): Kind {
  const kind = KINDS.find((known) => known === what);
  if (kind) return kind;
  const near = nearest(what, [...KINDS, ...Object.keys(algorithms)]);
  const allowed = `one of ${KINDS.join(", ")}, or the name of an algorithm`;
  throw new ConfigError({ field: "what to list", value: what, allowed, fix: near && `Did you mean "${near}"?` });
}
