import { fans, type Initialiser, sizeOf } from "./initialiser.ts";

/**
 * gain times a matrix with orthonormal rows (or columns, where there are more rows than columns), uniformly distributed
 * among them (Saxe et al. 2014). Axes after the first count as columns, as in `torch.nn.init.orthogonal_`.
 *
 * A normal matrix is orthonormalised by Gram–Schmidt. Dividing by a norm makes the diagonal of R positive, which is what
 * makes the distribution uniform (Mezzadri 2007, *How to generate random matrices from the classical compact groups*).
 */
export function orthogonal(gain = 1): Initialiser {
  return (shape, random) => {
    fans(shape);
    const rows = shape[0];
    const cols = sizeOf(shape) / rows;
    const count = Math.min(rows, cols);
    const length = Math.max(rows, cols);
    const vectors = new Float64Array(count * length);
    random.fillNormal(vectors);
    orthonormalise(vectors, count, length);
    if (rows > cols) return transposed(vectors, count, length, gain);
    return vectors.map((v) => gain * v);
  };
}

/**
 * Makes `count` vectors of `length` entries orthonormal, in order. A pass that took much of a vector away lost digits and is
 * done again: twice is enough (Giraud et al. 2005).
 */
function orthonormalise(vectors: Float64Array, count: number, length: number): void {
  for (let j = 0; j < count; j++) {
    const v = vectors.subarray(j * length, (j + 1) * length);
    let square = dot(v, v);
    let before: number;
    do {
      before = square;
      for (let i = 0; i < j; i++) {
        const q = vectors.subarray(i * length, (i + 1) * length);
        const overlap = dot(q, v);
        for (let k = 0; k < length; k++) v[k] -= overlap * q[k];
      }
      square = dot(v, v);
    } while (square < 0.5 * before);
    const norm = Math.sqrt(square);
    for (let k = 0; k < length; k++) v[k] /= norm;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

function transposed(vectors: Float64Array, count: number, length: number, gain: number): Float64Array {
  const values = new Float64Array(vectors.length);
  for (let j = 0; j < count; j++) {
    for (let k = 0; k < length; k++) values[k * count + j] = gain * vectors[j * length + k];
  }
  return values;
}
