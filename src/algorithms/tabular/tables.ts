import { FormatError } from "../../errors.ts";
import type { SavedArray } from "../algorithm.ts";

/** Values of float64 by place: `[S]`, `[S, A]`, … */
export interface Table {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export type Tables = Readonly<Record<string, Table>>;

/** A table of this shape, filled with `value`. */
export function makeTable(shape: readonly number[], value = 0): Table {
  return { shape, data: new Float64Array(shape.reduce((size, length) => size * length, 1)).fill(value) };
}

/** Copies of all tables, ready for a checkpoint. */
export function saveTables(tables: Tables): Record<string, SavedArray> {
  return Object.fromEntries(
    Object.entries(tables).map(([name, { shape, data }]) => [name, { dtype: "F64", shape, data: data.slice() }]),
  );
}

/**
 * Overwrites all tables with the saved ones.
 * @throws FormatError for other names, shapes or types; nothing is changed then
 */
export function loadTables(tables: Tables, saved: Readonly<Record<string, SavedArray>>): void {
  const names = Object.keys(tables).sort();
  if (names.join() !== Object.keys(saved).sort().join()) {
    throw new FormatError({ field: "saved tables", value: Object.keys(saved), allowed: `[${names.join(", ")}]` });
  }
  for (const [name, { shape, data }] of Object.entries(tables)) {
    const given = saved[name];
    if (given.dtype !== "F64" || given.shape.join() !== shape.join() || given.data.length !== data.length) {
      const allowed = `F64 of shape [${shape}]`;
      throw new FormatError({ field: `table "${name}"`, value: `${given.dtype} of shape [${given.shape}]`, allowed });
    }
  }
  for (const [name, { data }] of Object.entries(tables)) data.set(saved[name].data as Float64Array);
}
