/** Where the 1 stands in each one-hot row `[N, F]`, into `indices` `[N]`; 0 for a row without one. */
export function readIndices(rows: Float32Array, indices: Int32Array): void {
  const width = rows.length / indices.length;
  for (let n = 0; n < indices.length; n++) {
    indices[n] = Math.max(0, rows.subarray(n * width, (n + 1) * width).indexOf(1));
  }
}
