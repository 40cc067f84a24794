import { FormatError } from "../errors.ts";
import { Box, type BoxDtype } from "./box.ts";
import { Dict } from "./dict.ts";
import { Discrete } from "./discrete.ts";
import { MultiBinary } from "./multi-binary.ts";
import { MultiDiscrete } from "./multi-discrete.ts";
import type { Space } from "./space.ts";

/**
 * The space that `toJSON` wrote. The input may come from a file of a stranger: everything in it is checked.
 * @throws FormatError for an unknown kind, ConfigError (from the constructors) for bad sizes and bounds
 */
export function spaceFromJSON(json: unknown): Space<unknown> {
  return read(json, 0);
}

/** Deeper nesting than any real space has, and far from overflowing the stack. */
const MAX_DEPTH = 32;

function read(json: unknown, depth: number): Space<unknown> {
  if (typeof json !== "object" || json === null || depth > MAX_DEPTH) {
    throw new FormatError({ field: "space", value: json, allowed: `a JSON object nested at most ${MAX_DEPTH} deep` });
  }
  const fields = json as Record<string, unknown>;
  switch (fields.kind) {
    case "discrete":
      return new Discrete(fields.n as number, fields.start as number);
    case "multi-discrete":
      return new MultiDiscrete(fields.nvec as number[]);
    case "multi-binary":
      return new MultiBinary(fields.n as number);
    case "box": {
      const { shape, dtype } = fields;
      return new Box(bound(fields.low), bound(fields.high), (shape ?? null) as number[], dtype as BoxDtype);
    }
    case "dict": {
      const { spaces } = fields;
      if (typeof spaces !== "object" || spaces === null) {
        throw new FormatError({ field: "space.spaces", value: spaces, allowed: "a JSON object" });
      }
      return new Dict(Object.fromEntries(Object.entries(spaces).map(([key, space]) => [key, read(space, depth + 1)])));
    }
    default: {
      const allowed = 'one of "discrete", "multi-discrete", "multi-binary", "box", "dict"';
      throw new FormatError({ field: "space.kind", value: fields.kind, allowed });
    }
  }
}

function bound(value: unknown): number | number[] {
  const number = (entry: unknown) => (entry === "Infinity" ? Infinity : entry === "-Infinity" ? -Infinity : entry);
  return (Array.isArray(value) ? value.map(number) : number(value)) as number | number[];
}
