import { matmul, step, tensor } from "../../tensor/index.ts";
import { fans, type Initialiser, sizeOf } from "./initialiser.ts";

/** Vectors that are made orthonormal among themselves, one by one; against those before them, all at once. */
const PANEL = 64;

/**
 * gain times a matrix with orthonormal rows (or columns, where there are more rows than columns), uniformly distributed
 * among them (Saxe et al. 2014). Axes after the first count as columns, as in `torch.nn.init.orthogonal_`.
 *
 * A normal matrix is orthonormalised by Gram–Schmidt. Dividing by a norm makes the diagonal of R positive, which is what
 * makes the distribution uniform (Mezzadri 2007, *How to generate random matrices from the classical compact groups*).
 * Wide matrices go panel by panel, so that nearly all of the work is matrix products.
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
    for (let from = 0; from < count; from += PANEL) {
      const panel = vectors.subarray(from * length, Math.min(from + PANEL, count) * length);
      project(panel, vectors.subarray(0, from * length), length);
      orthonormalise(panel, panel.length / length, length);
    }
    if (rows > cols) return transposed(vectors, count, length, gain);
    return vectors.map((v) => gain * v);
  };
}

/** Takes from the vectors of a panel all that lies along earlier ones, which are orthonormal: V ← V − (V·Qᵀ)·Q, twice. */
function project(panel: Float64Array, earlier: Float64Array, length: number): void {
  if (earlier.length === 0) return;
  for (let pass = 0; pass < 2; pass++) {
    step(() => {
      const q = tensor(earlier, [earlier.length / length, length], "float64");
      const v = tensor(panel, [panel.length / length, length], "float64");
      const along = matmul(matmul(v, q, { transposeB: true }), q).data;
      for (let k = 0; k < panel.length; k++) panel[k] -= along[k];
    });
  }
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
