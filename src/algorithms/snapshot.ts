/** The record with every name behind `prefix`. */
export function prefixed<V>(prefix: string, record: Readonly<Record<string, V>>): Record<string, V> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [prefix + name, value]));
}
