/** `limpid list`: what there is, and what it means. */

import { algorithms } from "../algorithms/registry.ts";
import { envIds, envSpec } from "../envs/index.ts";
import { ConfigError } from "../errors.ts";
import { describeFields, metrics } from "../training/index.ts";
import { Output } from "./output.ts";

const KINDS = ["algorithms", "envs", "metrics"] as const;
type Kind = (typeof KINDS)[number];

export async function listCommand(what: string | undefined, options: { readonly json?: boolean }): Promise<number> {
  const output = new Output(options.json);
  const kinds = what === undefined ? KINDS : [kindOf(what)];
  for (const kind of kinds) output.say(`${what === undefined ? `${kind}:\n` : ""}${PRINTED[kind]()}\n`);
  output.result(what === undefined ? Object.fromEntries(KINDS.map((kind) => [kind, DATA[kind]()])) : DATA[kinds[0]]());
  return 0;
}

const DATA: Readonly<Record<Kind, () => unknown>> = {
  algorithms: () =>
    Object.values(algorithms).map((algorithm) => ({
      name: algorithm.name,
      summary: algorithm.summary,
      source: algorithm.source,
      actionSpaces: algorithm.actionSpaces,
      presets: algorithm.presets,
      hyperparameters: describeFields(algorithm),
    })),
  envs: () =>
    envIds().map((id) => {
      const { maxEpisodeSteps, rewardThreshold, description, source, create } = envSpec(id);
      const { observationSpace, actionSpace } = create({});
      return { id, description, source, maxEpisodeSteps, rewardThreshold, observationSpace, actionSpace };
    }),
  metrics: () => metrics,
};

const PRINTED: Readonly<Record<Kind, () => string>> = {
  algorithms: () =>
    Object.values(algorithms)
      .map((algorithm) => {
        const fields = Object.entries(describeFields(algorithm)).map(([name, { allowed, default: value, about }]) => {
          const given = value === undefined ? "required" : `default ${JSON.stringify(value)}`;
          return `    ${name} (${allowed}; ${given})\n      ${about}`;
        });
        const presets = Object.keys(algorithm.presets).join(", ") || "none";
        return [`  ${algorithm.name}: ${algorithm.summary}`, `    tuned for: ${presets}`, ...fields].join("\n");
      })
      .join("\n"),
  envs: () =>
    envIds()
      .map((id) => `  ${id}: ${envSpec(id).description}`)
      .join("\n"),
  metrics: () =>
    metrics
      .map(({ name, definition, unit, range, whatChangesIt }) =>
        [`  ${name} [${unit}]`, definition, `Expect: ${range}`, `Changed by: ${whatChangesIt}`].join("\n    "),
      )
      .join("\n"),
};

function kindOf(what: string): Kind {
  const kind = KINDS.find((known) => known === what);
  if (kind) return kind;
  throw new ConfigError({ field: "what to list", value: what, allowed: `one of ${KINDS.join(", ")}` });
}
