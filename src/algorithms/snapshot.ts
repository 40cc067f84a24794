/** The record with every name behind `prefix`. */
export function prefixed<V>(prefix: string, record: Readonly<Record<string, V>>): Record<string, V> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [prefix + name, value]));
}

/** The entries whose names begin with `prefix`, without it. */
export function behind<V>(prefix: string, record: Readonly<Record<string, V>>): Record<string, V> {
  const own = Object.entries(record).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}
