/** JSON Schema in words that follow "must be". */

/** The part of JSON Schema that configurations use. */
export interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly default?: unknown;
  readonly description?: string;
}

/**
 * What values a schema allows: `a positive integer`, `one of "tanh", "relu"`, `a list of positive integers`.
 * @param custom words for a part that JSON Schema cannot express
 * @returns undefined where there is such a part and no words for it
 */
export function describeSchema(schema: JsonSchema, custom?: string): string | undefined {
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum) return oneOf(schema.enum.map((value) => JSON.stringify(value)));
  if (schema.anyOf) {
    const parts = schema.anyOf.map((part) => describeSchema(part, custom));
    return parts.includes(undefined) ? undefined : parts.join(" or ");
  }
  switch (schema.type) {
    case "number":
    case "integer":
      return article(numbers(schema));
    case "boolean":
      return "true or false";
    case "string":
      return "a string";
    case "null":
      return "null";
    case "array": {
      const items = schema.items?.type?.match(/^(number|integer)$/) ? numbers(schema.items, "s") : undefined;
      return items ? `a list of ${schema.minItems ? `at least ${schema.minItems} ` : ""}${items}` : "a list";
    }
    case "object":
      return "an object";
    default:
      return custom;
  }
}

/** `positive integer`, `number from 0 to 1`, with an s for more than one. */
function numbers(schema: JsonSchema, plural = ""): string {
  const noun = `${schema.type === "integer" ? "integer" : "number"}${plural}`;
  const { exclusiveMinimum, exclusiveMaximum } = schema;
  // The limits of the safe integers go without saying.
  const minimum = schema.minimum === Number.MIN_SAFE_INTEGER ? undefined : schema.minimum;
  const maximum = schema.maximum === Number.MAX_SAFE_INTEGER ? undefined : schema.maximum;
  if (isPositive(schema) && maximum === undefined && exclusiveMaximum === undefined) return `positive ${noun}`;
  if (minimum !== undefined && maximum !== undefined) return `${noun} from ${minimum} to ${maximum}`;
  const lower = minimum !== undefined ? `of at least ${minimum}` : undefined;
  const above = exclusiveMinimum !== undefined ? `above ${exclusiveMinimum}` : lower;
  const upper = maximum !== undefined ? `${above ? "" : "of "}at most ${maximum}` : undefined;
  const below = exclusiveMaximum !== undefined ? `below ${exclusiveMaximum}` : upper;
  const limits = [above, below].filter((limit) => limit !== undefined).join(" and ");
  return limits ? `${noun} ${limits}` : noun;
}

/** Only integers are called positive: of a number one also wants to read that 0 is not enough. */
function isPositive({ type, minimum, exclusiveMinimum }: JsonSchema): boolean {
  return type === "integer" && (minimum === 1 || exclusiveMinimum === 0);
}

function article(words: string): string {
  return /^[aeiou]/.test(words) ? `an ${words}` : `a ${words}`;
}

function oneOf(values: readonly (string | undefined)[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.join(", ")}`;
}
