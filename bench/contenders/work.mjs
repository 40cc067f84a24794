// The work that every contender does, and the numbers it starts from.
export const gemmSizes = [64, 128, 256, 512];

export const mlps = [
  { name: "mlp64Batch64", sizes: [4, 64, 64, 2], batch: 64 },
  { name: "mlp256Batch64", sizes: [4, 256, 256, 2], batch: 64 },
  { name: "mlp256Batch256", sizes: [4, 256, 256, 2], batch: 256 },
];

/** Small deterministic numbers; the values do not matter, only that they are neither special nor equal. */
export function randomArray(length, seed) {
  let state = seed * 2654435761;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32 - 0.5) * 0.5;
  });
}
