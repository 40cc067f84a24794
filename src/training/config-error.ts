/** What zod has to say about a configuration, as one sentence: `clipRange must be a number above 0; got "abc"`. */

import { z } from "zod";
import type { Algorithm } from "../algorithms/algorithm.ts";
import { ConfigError, nearest } from "../errors.ts";
import { describeSchema, type JsonSchema } from "./describe-schema.ts";

/** The error for the first thing that is wrong with `fields`, the values that were parsed. */
export function configError(
  algorithm: Algorithm,
  issue: z.core.$ZodIssue,
  fields: Record<string, unknown>,
): ConfigError {
  const schema = jsonSchemaOf(algorithm.schema);
  if (issue.code === "unrecognized_keys") return unknownField(algorithm, Object.keys(schema.properties ?? {}), issue);
  if (issue.path.length === 0) return new ConfigError(issue.message);

  let place: JsonSchema | undefined = schema;
  let value: unknown = fields;
  let field = "";
  for (const step of issue.path) {
    field += typeof step === "number" ? `[${step}]` : field === "" ? String(step) : `.${String(step)}`;
    value = (value as Readonly<Record<PropertyKey, unknown>> | undefined)?.[step];
    place = typeof step === "number" ? (place?.prefixItems?.[step] ?? place?.items) : place?.properties?.[String(step)];
  }
  const allowed = (place && describeSchema(place, ownMessage(issue))) ?? ownMessage(issue) ?? "of another form";
  return new ConfigError({ field, value, allowed: value === undefined ? `given: ${allowed}` : allowed });
}

/** One line on what a hyperparameter may be, for every hyperparameter of an algorithm. */
export function describeFields(
  algorithm: Algorithm,
): Record<string, { allowed: string; default: unknown; about: string }> {
  const { properties = {}, required = [] } = jsonSchemaOf(algorithm.schema);
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => {
      const allowed = describeSchema(schema, 'a number or a schedule such as "lin_0.001"') ?? "a value of its own form";
      const fallback = required.includes(name) ? undefined : schema.default;
      return [name, { allowed, default: fallback, about: schema.description ?? "" }];
    }),
  );
}

function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { unrepresentable: "any", io: "input" }) as JsonSchema;
}

function unknownField(algorithm: Algorithm, known: string[], issue: z.core.$ZodIssueUnrecognizedKeys): ConfigError {
  const field = [...issue.path, issue.keys[0]!].join(".");
  const near = nearest(field, known);
  const allowed = `left out, because ${algorithm.name} has no such hyperparameter`;
  return new ConfigError({ field, allowed, fix: near ? `Did you mean "${near}"?` : `It has ${known.join(", ")}.` });
}

/** The message that a schema brings along, without its "must be"; undefined where it is zod's own wording. */
function ownMessage(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === "invalid_union") {
    for (const nested of issue.errors.flat()) {
      const message = ownMessage(nested);
      if (message !== undefined) return message;
    }
  }
  return issue.code === "custom" && issue.message.startsWith("must be ") ? issue.message.slice(8) : undefined;
}
