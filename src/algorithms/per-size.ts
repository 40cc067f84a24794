/** Makes one thing for each size, when it is first asked for: plans are recorded for fixed shapes. */
export function perSize<T>(make: (size: number) => T): (size: number) => T {
  const known = new Map<number, T>();
  return (size) => {
    const found = known.get(size) ?? make(size);
    known.set(size, found);
    return found;
  };
}
